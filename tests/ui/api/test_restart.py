"""An upload that was answered is not lost, however its server ends."""

from __future__ import annotations

import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.ui.api.conftest import Desk
from tests.ui.conftest import Server, start_server

RULES = "{}管理办法（示例）\n" + "".join(
    f"第{n}条 第{n}项由专人登记。\n" for n in "一二三四五六七八九"
)


def titles(server: Server) -> set[str]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        reply = client.get("/api/v1/documents")
        return {one["title"] for one in reply.json().get("documents", ())}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_answered_upload_outlives_its_server(
    desk: Desk, tmp_path: Path, how: signal.Signals
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(desk.home / "models", target_is_directory=True)
    names = [f"第{n}类" for n in "甲乙丙丁戊己"]
    wanted = {f"{name}管理办法（示例）" for name in names}
    server = start_server(tmp_path / "home", LUMING_WORKERS="0")
    try:
        sent = [("files", (f"{name}.txt", RULES.format(name).encode())) for name in names]
        with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
            reply = client.post("/api/v1/uploads?collection=制度", files=sent)
            assert reply.status_code == 202, reply.text
        server.process.send_signal(how)
        server.process.communicate(timeout=60)
    finally:
        server.process.kill()
    again = start_server(tmp_path / "home", LUMING_WORKERS="0")
    try:
        for _ in range(600):
            if wanted <= titles(again):
                break
            time.sleep(0.2)
        assert wanted <= titles(again)
    finally:
        again.stop()


def test_an_upload_that_was_half_sent_leaves_nothing_and_keeps_no_server(tmp_path: Path) -> None:
    server = start_server(tmp_path / "home", LUMING_WORKERS="0")
    body = RULES.format("半截").encode()
    head = (
        '--b\r\nContent-Disposition: form-data; name="files"; filename="半截.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    ).encode()
    address = httpx.URL(server.url)
    with socket.create_connection((address.host, address.port or 80), timeout=60) as open_socket:
        open_socket.sendall(
            b"POST /api/v1/uploads?collection=%E5%88%B6%E5%BA%A6 HTTP/1.1\r\n"
            b"Host: " + f"{address.host}:{address.port}".encode() + b"\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: 5000000\r\n\r\n" + head + body
        )
        time.sleep(1)
        status, _ = server.stop()  # half a minute at most
    assert status == 0
    assert not [one for one in (tmp_path / "home").rglob("*半截*")]
    again = start_server(tmp_path / "home", LUMING_WORKERS="0")
    try:
        assert titles(again) == set()
        with httpx.Client(base_url=again.url, trust_env=False, timeout=60) as client:
            whole = [("files", ("半截.txt", body))]
            assert client.post("/api/v1/uploads?collection=制度", files=whole).status_code == 202
        for _ in range(600):
            if titles(again):
                break
            time.sleep(0.2)
        assert titles(again) == {"半截管理办法（示例）"}
    finally:
        again.stop()


def test_open_pages_neither_keep_a_server_nor_fill_its_log(tmp_path: Path) -> None:
    server = start_server(tmp_path / "home")
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        open_pages = [client.stream("GET", f"/gradio_api/heartbeat/stop{n:04d}") for n in range(40)]
        with ExitStack() as held:
            for page in open_pages:
                assert held.enter_context(page).status_code == 200
            status, errors = server.stop()  # waits for the end, half a minute at most
    assert status == 0
    assert not errors, errors[:2000]

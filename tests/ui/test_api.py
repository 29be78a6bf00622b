"""REST and the source routes, over HTTP on a running server."""

from __future__ import annotations

import socket
import struct

import httpx
import pytest

from index.settings import Settings
from tests.ui.conftest import Server
from ui.server import ServeError, serve


@pytest.fixture(scope="module")
def client(office: Server) -> httpx.Client:
    return httpx.Client(base_url=office.url, timeout=60, trust_env=False)


def document_id(client: httpx.Client, title: str) -> str:
    documents = client.get("/api/v1/documents").json()["documents"]
    return str(next(d["document_id"] for d in documents if title in d["title"]))


def test_health_counts_documents(client: httpx.Client) -> None:
    assert client.get("/api/v1/health").json() == {
        "status": "ok",
        "collections": 1,
        "documents": 5,
    }


def test_ask_quotes_the_document_exactly(client: httpx.Client) -> None:
    reply = client.post("/api/v1/ask", json={"question": "“四型”机关是哪四型？"}).json()
    assert not reply["abstained"]
    citation = reply["citations"][0]
    document = client.get(f"/api/v1/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "政治机关、学习机关、清廉机关、效能机关" in citation["quote"]


def test_search_ranks_the_article_first(client: httpx.Client) -> None:
    hits = client.get("/api/v1/search", params={"q": "台风预警 集结", "k": "3"}).json()["hits"]
    assert 1 <= len(hits) <= 3
    assert "两小时内完成集结" in hits[0]["text"] and hits[0]["page"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/ask", {"question": "   "}, 422),
        ("POST", "/api/v1/ask", {"question": "问" * 20_000}, 422),
        ("POST", "/api/v1/ask", {}, 422),
        ("POST", "/api/v1/ask", {"question": "几次？", "collections": ["没有的文库"]}, 404),
        ("GET", "/api/v1/search?q=x&k=100000", None, 422),
        ("GET", "/api/v1/documents/nothing", None, 404),
        ("GET", "/api/v1/documents/..%2f..%2fetc%2fpasswd", None, 404),
        ("GET", "/api/v1/nothing", None, 404),
        ("GET", "/source/nothing", None, 404),
        ("GET", "/source/nothing?start=-5", None, 422),
        ("GET", "/page/nothing/1.png", None, 404),
    ],
)
def test_bad_requests_get_a_chinese_problem(
    client: httpx.Client, method: str, path: str, body: object, status: int
) -> None:
    reply = client.request(method, path, json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert any("\u4e00" <= char <= "\u9fff" for char in problem["detail"])
    assert "Traceback" not in reply.text


def test_no_path_of_the_server_is_told(client: httpx.Client, office: Server) -> None:
    listed = client.get("/api/v1/documents").text
    assert str(office.home) not in listed and "source_path" not in listed


def test_page_picture_and_its_bounds(client: httpx.Client) -> None:
    pdf = document_id(client, "平急转换")
    reply = client.get(f"/page/{pdf}/1.png")
    assert reply.headers["content-type"] == "image/png"
    width, height = struct.unpack(">II", reply.content[16:24])
    assert reply.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert 1.3 < height / width < 1.5 and 800 < width < 3000
    again = client.get(f"/page/{pdf}/1.png", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status_code == 304
    for number in ("0", "-1", "3", "99999999999999999999"):
        assert client.get(f"/page/{pdf}/{number}.png").status_code == 404
    other = document_id(client, "四型")
    assert client.get(f"/page/{other}/1.png").status_code == 404


def test_source_of_a_range_beyond_the_text_is_the_document(client: httpx.Client) -> None:
    found = document_id(client, "四型")
    reply = client.get(f"/source/{found}", params={"start": 10**9, "end": 10**9 + 5})
    assert reply.status_code == 200
    assert "<mark>" not in reply.text and "责任分工" in reply.text


def test_long_document_comes_in_windows(client: httpx.Client) -> None:
    found = document_id(client, "档案柜")
    reply = client.get(f"/source/{found}", params={"around": 10**9})
    assert "第600号档案柜" in reply.text


def test_every_reply_has_the_policy_and_unused_gradio_is_closed(client: httpx.Client) -> None:
    for path in ("/", "/api/v1/health", "/luming/base.js", "/source"):
        reply = client.get(path)
        assert reply.status_code == 200
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        script = next(p for p in policy.split("; ") if p.startswith("script-src"))
        assert "'unsafe-inline'" not in script and "http" not in policy
    for path in ("/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/runs"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_index_page_names_no_other_host(client: httpx.Client) -> None:
    page = client.get("/").text
    assert 'lang="zh-CN"' in page and "鹿鸣" in page
    for name in ("src=", "href="):
        assert f'{name}"http' not in page and f'{name}"//' not in page
    assert "githubusercontent" not in page and "googleapis" not in page


def test_a_port_in_use_is_said_before_anything_loads() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"127.0.0.1:{port}.*占用.*--port"):
            serve(Settings(), "127.0.0.1", port)

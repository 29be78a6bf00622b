"""Uploads over REST: taken in as jobs, bounded, under safe names, once a key, never lost."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.jobs import DIED
from tests.ui.api.conftest import DISCIPLINE, OFFICE, Desk, ended, events, problem
from ui.uploads.names import LONGEST, distinct, folder_name, safe_name, unwanted
from ui.uploads.receipts import Receipts
from ui.uploads.starting import Uploads

RULES = "印章管理办法（示例）\n第一条 印章由专人保管。\n第二条 用印应当登记，登记簿保存{}年。\n"


def files(**given: str | bytes) -> list[tuple[str, tuple[str, bytes]]]:
    return [
        ("files", (name, text.encode() if isinstance(text, str) else text))
        for name, text in given.items()
    ]


def send(client: httpx.Client, sent: list, collection: str = OFFICE, **headers: str):  # type: ignore[no-untyped-def, type-arg]
    return client.post(
        "/api/v1/uploads",
        params={"collection": collection},
        files=sent,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_an_uploaded_file_is_answered_from(operator: httpx.Client, reader: httpx.Client) -> None:
    reply = send(operator, files(**{"印章.txt": RULES.format(5)}))
    assert reply.status_code == 202
    job = ended(operator, reply.json()["job_id"])
    assert reply.headers["location"] == f"/api/v1/jobs/{job['job_id']}"
    assert (job["state"], job["counts"]["added"]) == ("done", 1)
    (row,) = operator.get(f"/api/v1/jobs/{job['job_id']}/files").json()["files"]
    assert row["status"] == "added" and row["path"].endswith("印章.txt")
    answer = reader.post("/api/v1/ask", json={"question": "用印登记簿保存几年？"}).json()
    assert "5年" in answer["sentences"][0]["text"]
    # The next state of the file takes its place.
    again = send(operator, files(**{"印章.txt": RULES.format(10)})).json()
    assert ended(operator, again["job_id"])["counts"]["updated"] == 1
    answer = reader.post("/api/v1/ask", json={"question": "用印登记簿保存几年？"}).json()
    assert "10年" in answer["sentences"][0]["text"]
    number = answer["citations"][0]["document_id"]
    original = reader.get(f"/api/v1/documents/{number}/original")
    assert original.content == RULES.format(10).encode()


def test_bad_files_cost_only_themselves(operator: httpx.Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("../../../../outside.txt", "外面")
        packed.writestr("公函办法.txt", "公函办法（示例）\n第一条 公函编号登记。\n")
    sent = files(
        **{
            "空.txt": b"",
            "程序.docx": b"\x7fELF\x02\x01\x01" + b"\x00" * 90,
            "manifest.toml": "title = '改了'",
            "包.zip": archive.getvalue(),
            "好.txt": "通知（示例）\n请各处室按时报送。\n",
        }
    )
    reply = send(operator, sent).json()
    told = {one["given"]: (one["taken"], one["reason"]) for one in reply["files"]}
    assert told["好.txt"] == (True, "") and told["包.zip"] == (True, "")
    assert "0 字节" in told["空.txt"][1] and "程序" in told["程序.docx"][1]
    assert not told["manifest.toml"][0]
    job = ended(operator, reply["job_id"])
    assert job["state"] == "done"
    rows = operator.get(f"/api/v1/jobs/{job['job_id']}/files").json()["files"]
    assert any("公函办法.txt" in one["path"] and one["status"] == "added" for one in rows)
    problem(send(operator, files(**{"空.txt": b""})), 422)


def test_names_lead_nowhere(desk: Desk, operator: httpx.Client) -> None:
    text = "名称办法（示例）\n第一条 名称应当规范。\n".encode()
    sent = [
        ("files", ("../../../../tmp/luming-escape.txt", text)),
        ("files", ("..\\..\\windows.txt", text + b"2")),
        ("files", ("windows.txt", text + b"3")),
        ("files", ("\u202etxt.exe.docx", text + b"4")),
    ]
    reply = send(operator, sent).json()
    names = [one["name"] for one in reply["files"]]
    assert names == ["luming-escape.txt", "windows.txt", "windows（2）.txt", "txt.exe.docx"]
    ended(operator, reply["job_id"])
    folder = desk.home / "uploads" / folder_name(OFFICE)
    assert set(names) <= {one.name for one in folder.iterdir()}
    assert not os.path.exists("/tmp/luming-escape.txt")
    assert list((desk.home / "uploads" / ".incoming").iterdir()) == []


def test_the_same_key_gives_the_first_answer(operator: httpx.Client, admin: httpx.Client) -> None:
    sent = files(**{"钥匙.txt": "钥匙管理（示例）\n第一条 钥匙由值班室保管。\n"})
    first = send(operator, sent, Idempotency_Key="k-1")
    again = send(operator, sent, Idempotency_Key="k-1")
    assert again.status_code == 202 and again.json() == first.json()
    other = files(**{"钥匙.txt": "另一份"})
    assert "Idempotency-Key" in problem(send(operator, other, Idempotency_Key="k-1"), 422)["detail"]
    problem(send(operator, sent, DISCIPLINE, Idempotency_Key="k-1"), 404)
    # Another person's key is another key.
    assert send(admin, sent, Idempotency_Key="k-1").json()["job_id"] != first.json()["job_id"]
    problem(send(operator, sent, Idempotency_Key="x" * 300), 422)
    ended(operator, first.json()["job_id"])


def test_limits_of_an_upload(operator: httpx.Client) -> None:
    big = files(**{"大.txt": b"x" * (1024 * 1024 + 200_000)})
    assert "1 MB" in problem(send(operator, big), 413)["detail"]

    def unannounced():  # type: ignore[no-untyped-def]
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 65536
        yield b"\r\n--b--\r\n"

    reply = operator.post(
        "/api/v1/uploads?collection=办公室",
        content=unannounced(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    problem(reply, 413)
    many = files(**{f"{n}.txt": "通知（示例）" for n in range(6)})
    assert "5 个" in problem(send(operator, many), 413)["detail"]
    problem(operator.post("/api/v1/uploads?collection=办公室", content=b"{}"), 422)
    problem(operator.post("/api/v1/uploads?collection=办公室", data={"files": "文字"}), 422)
    problem(send(operator, files(**{"a.txt": "x"}), "\n"), 422)


def test_a_day_has_its_quota(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts = desk.api.uploads.receipts
    sent = files(**{"超额.txt": "超额（示例）\n第一条 不得超额。\n"})
    receipts.add("admin", 200 * 1024 * 1024)
    with desk.client("admin") as client:
        reply = send(client, sent)
        assert "100 MB" in problem(reply, 429)["detail"]
        assert 0 < int(reply.headers["retry-after"]) <= 24 * 3600
        day_later = time.time() + 24 * 3600 + 60
        monkeypatch.setattr("ui.uploads.receipts.time.time", lambda: day_later)
        assert receipts.sent("admin")[0] == 0


def test_only_operators_upload_and_only_where_they_may(
    reader: httpx.Client, operator: httpx.Client, admin: httpx.Client
) -> None:
    sent = files(**{"x.txt": "通知（示例）\n请知悉。\n"})
    assert "入库" in problem(send(reader, sent), 403)["detail"]
    hidden = problem(send(operator, sent, DISCIPLINE), 404)["detail"]
    absent = problem(send(operator, sent, "没有这个"), 404)["detail"]
    assert hidden.replace(DISCIPLINE, "X") == absent.replace("没有这个", "X")
    secret = ended(admin, send(admin, sent, DISCIPLINE).json()["job_id"])
    for path in ("", "/files", "/events"):
        problem(operator.get(f"/api/v1/jobs/{secret['job_id']}{path}"), 404)
    problem(operator.post(f"/api/v1/jobs/{secret['job_id']}/cancel"), 404)
    listed = operator.get("/api/v1/jobs").json()["jobs"]
    assert listed and {one["collection"] for one in listed} == {OFFICE}
    for path in ("/api/v1/jobs", "/api/v1/gaps"):
        problem(reader.get(path), 403)


def test_events_of_a_job_end_with_its_end(operator: httpx.Client) -> None:
    number = send(operator, files(**{"事件.txt": "事件（示例）\n第一条 及时报告。\n"})).json()[
        "job_id"
    ]
    with operator.stream("GET", f"/api/v1/jobs/{number}/events") as reply:
        found = [one for one in events(reply.iter_lines()) if one[0] != ":"]
    assert found[-1][0] == "done" and json.loads(found[-1][1])["state"] == "done"
    assert {name for name, _ in found[:-1]} <= {"progress"}
    problem(operator.post(f"/api/v1/jobs/{number}/cancel"), 409)  # it has ended
    for absent in ("/api/v1/jobs/99999", "/api/v1/jobs/99999/events"):
        problem(operator.get(absent), 404)
    problem(operator.get("/api/v1/jobs/0"), 422)
    problem(operator.get("/api/v1/jobs/99999999999999999999"), 422)


def test_failed_files_are_tried_again(desk: Desk, operator: httpx.Client) -> None:
    folder = desk.home / "uploads" / folder_name(OFFICE)
    first = send(operator, files(**{"齐.txt": "齐全（示例）\n第一条 材料应当齐全。\n"})).json()
    ended(operator, first["job_id"])
    problem(operator.post(f"/api/v1/jobs/{first['job_id']}/retry"), 409)  # none has failed
    (folder / "坏.docx").write_bytes(b"PK\x03\x04broken")
    second = send(operator, files(**{"又.txt": "又一份（示例）\n第一条 按时报送。\n"})).json()
    assert ended(operator, second["job_id"])["counts"]["failed"] == 1
    (folder / "坏.docx").write_text("修好了（示例）\n第一条 文件已修好。\n", encoding="utf-8")
    again = operator.post(f"/api/v1/jobs/{second['job_id']}/retry")
    assert again.status_code == 202 and again.json()["kind"] == "retry"
    job = ended(operator, again.json()["job_id"])
    assert (job["state"], job["counts"]) == ("done", {"added": 1})
    problem(operator.post("/api/v1/jobs/99999/retry"), 404)


def test_an_upload_cut_off_by_the_end_of_its_server_is_taken_in_by_the_next(desk: Desk) -> None:
    library = desk.service.library
    before = Uploads(library)
    folder = before.root / folder_name(OFFICE)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "断电.txt").write_text("断电办法（示例）\n第一条 断电时启用备用电源。\n", "utf-8")
    source = library.catalog.sources.add(OFFICE, os.path.abspath(folder))
    job = library.catalog.jobs.add("ingest", OFFICE, {"paths": [source.path]})
    library.catalog.jobs.finish(job.job_id, "failed", DIED)  # as whoever finds it dead marks it
    (begun,) = Uploads(library).resume()
    with desk.client("operator") as client:
        assert ended(client, begun.job_id)["counts"].get("added") == 1
    assert Uploads(library).resume() == []


def test_a_receipt_of_a_process_that_died_is_void(tmp_path) -> None:  # type: ignore[no-untyped-def]
    first, second = Receipts(tmp_path), Receipts(tmp_path)
    assert first.begin("li", "k", "f") is None
    first._owner = json.dumps(["elsewhere", 1, "gone"])
    with first._writing() as database:
        database.execute("UPDATE receipts SET owner = ?, at = at - 4000", (first._owner,))
    assert second.begin("li", "k", "f") is None
    second.finish("li", "k", {"job_id": 1})
    assert first.begin("li", "k", "f") == {"job_id": 1}


@given(st.text(max_size=300))
def test_a_safe_name_is_one_part_that_a_file_system_takes(written: str) -> None:
    name = safe_name(written)
    assert len(name.encode()) <= LONGEST
    assert not set(name) & set('/\\\0:*?"<>|') and name not in (".", "..")
    assert not name.startswith(".") and name == name.strip() and name.isprintable()
    assert safe_name(name) == name
    if not unwanted(name):
        assert distinct(name, {name.casefold()}) != name


@given(st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=2, unique=True))
def test_folders_of_different_collections_differ(names: list[str]) -> None:
    from ingest.names import IngestError

    try:
        first, second = (folder_name(one) for one in names)
    except IngestError:
        return
    if names[0].strip() != names[1].strip():
        assert first != second
    assert "/" not in first and not first.startswith(".")

"""Documents over REST: lists in pages, texts in parts, versions, originals, and whose they are."""

from __future__ import annotations

import httpx
import pytest

from tests.ui.api.conftest import DISCIPLINE, OFFICE, SECRET, Desk, problem


def of_title(client: httpx.Client, title: str) -> dict[str, object]:
    found = client.get("/api/v1/documents", params={"title": title}).json()["documents"]
    return next(one for one in found if one["validity"] != "已被修订")


def test_pages_list_every_document_once(admin: httpx.Client) -> None:
    whole = admin.get("/api/v1/documents").json()
    assert whole["total"] == len(whole["documents"]) >= 4 and whole["next"] is None
    address, seen = "/api/v1/documents?limit=1", []
    for _ in range(whole["total"]):
        reply = admin.get(address)
        (row,) = reply.json()["documents"]
        seen.append(row["document_id"])
        if "link" in reply.headers:
            address = reply.headers["link"].partition(">")[0].removeprefix("<")
    assert seen == [one["document_id"] for one in whole["documents"]]
    assert "link" not in reply.headers


def test_filters(admin: httpx.Client) -> None:
    def titles(**params: str) -> set[str]:
        rows = admin.get("/api/v1/documents", params=params).json()["documents"]
        return {one["title"] for one in rows}

    assert titles(collection=DISCIPLINE) == {f"{SECRET}线索处置办法（示例）"}
    assert titles(title="请假", collection=OFFICE) == {"请假规定（示例）"}
    assert titles(issued_from="2999-01-01") == set()
    problem(admin.get("/api/v1/documents", params={"collection": "没有"}), 404)
    problem(admin.get("/api/v1/documents", params={"kind": "没有"}), 422)


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WzEuNV0", "bnVsbA", "W1siYSJdXQ", "é"])
def test_a_made_up_cursor_is_refused_or_harmless(admin: httpx.Client, cursor: str) -> None:
    reply = admin.get("/api/v1/documents", params={"cursor": cursor})
    assert reply.status_code in (200, 422), reply.text


def test_text_comes_in_parts_that_make_the_whole(reader: httpx.Client) -> None:
    number = of_title(reader, "值班管理办法（示例）")["document_id"]
    whole = reader.get(f"/api/v1/documents/{number}").json()
    length = len(whole["text"])
    head = reader.get(f"/api/v1/documents/{number}/text", params={"end": 20}).json()
    tail = reader.get(f"/api/v1/documents/{number}/text", params={"start": 20}).json()
    assert head["text"] + tail["text"] == whole["text"]
    assert (head["total"], tail["end"], tail["next"]) == (length, length, None)
    beyond = reader.get(f"/api/v1/documents/{number}/text", params={"start": 10**9}).json()
    assert beyond["text"] == "" and beyond["start"] == length
    without = reader.get(f"/api/v1/documents/{number}", params={"text": "false"}).json()
    assert without["text"] is None and without["outline"] == whole["outline"]


def test_a_long_text_is_given_in_bounded_parts(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.api.documents.MOST_CHARACTERS", 30)
    number = of_title(reader, "值班管理办法（示例）")["document_id"]
    at, parts = 0, []
    while at is not None:
        part = reader.get(f"/api/v1/documents/{number}/text", params={"start": at}).json()
        assert len(part["text"]) <= 30
        parts.append(part["text"])
        at = part["next"]
    assert "".join(parts) == reader.get(f"/api/v1/documents/{number}").json()["text"]


def test_outline_and_passages_point_into_the_text(reader: httpx.Client) -> None:
    number = of_title(reader, "值班管理办法（示例）")["document_id"]
    text = reader.get(f"/api/v1/documents/{number}").json()["text"]
    outline = reader.get(f"/api/v1/documents/{number}/outline").json()["outline"]
    article = next(one for one in outline if one["label"] == "第三条")
    assert text[article["start"] : article["end"]].startswith("第三条 值班记录保存3年")
    found = reader.get(f"/api/v1/documents/{number}/passages").json()
    assert found["total"] == len(found["passages"])
    assert all(text[one["start"] : one["end"]] == one["text"] for one in found["passages"])


def test_versions_and_what_changed(reader: httpx.Client) -> None:
    new = of_title(reader, "值班管理办法（示例）")["document_id"]
    versions = reader.get(f"/api/v1/documents/{new}/versions").json()["versions"]
    assert [one["validity"] for one in versions] == ["已被修订", "现行"]
    old = versions[0]["document_id"]
    assert versions[1]["document_id"] == new
    changed = reader.get(f"/api/v1/documents/{old}/diff/{new}").json()
    assert changed["counts"]["changed"] == 1
    (third,) = [one for one in changed["articles"] if one["kind"] == "changed"]
    assert ["removed", "1"] in third["words"] and ["added", "3"] in third["words"]


def test_the_original_is_the_very_file_or_nothing(desk: Desk, reader: httpx.Client) -> None:
    row = of_title(reader, "请假规定")
    address = f"/api/v1/documents/{row['document_id']}/original"
    reply = reader.get(address)
    path = desk.home.parent / OFFICE / "请假.md"
    before = path.read_bytes()
    assert reply.content == before
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment")
    try:
        path.write_bytes(before[:-3] + "改".encode())  # as long as before
        assert "移动或改动" in problem(reader.get(address), 404)["detail"]
        path.unlink()
        path.symlink_to("/etc/passwd")
        problem(reader.get(address), 404)
    finally:
        path.unlink()
        path.write_bytes(before)


def test_another_departments_documents_do_not_exist(
    desk: Desk, reader: httpx.Client, admin: httpx.Client
) -> None:
    secret = of_title(admin, SECRET)["document_id"]
    own = of_title(reader, "请假规定")["document_id"]
    for path in ("", "/outline", "/text", "/passages", "/versions", "/original"):
        hidden = problem(reader.get(f"/api/v1/documents/{secret}{path}"), 404)["detail"]
        absent = problem(reader.get(f"/api/v1/documents/0123456789abcdef{path}"), 404)["detail"]
        assert hidden.replace(str(secret), "X") == absent.replace("0123456789abcdef", "X")
    for pair in (f"{own}/diff/{secret}", f"{secret}/diff/{own}"):
        problem(reader.get(f"/api/v1/documents/{pair}"), 404)
    listed = reader.get("/api/v1/documents")
    assert SECRET not in listed.text and listed.json()["total"] == 3
    with desk.browser("reader") as page:
        for path in (f"/source/{secret}", f"/page/{secret}/1.png", f"/diff/{own}/{secret}"):
            problem(page.get(path), 404)
        assert SECRET not in page.get("/source").text
        assert SECRET not in page.get("/results", params={"q": "线索"}).text


def test_nothing_tells_where_files_lie(desk: Desk, admin: httpx.Client) -> None:
    number = of_title(admin, "请假规定")["document_id"]
    for path in ("/documents", f"/documents/{number}", "/jobs", "/jobs/1", "/jobs/1/files"):
        reply = admin.get(f"/api/v1{path}")
        assert reply.status_code == 200 and str(desk.home.parent) not in reply.text

"""The page 入库 in a real browser: upload to cited answer, failed files, what an operator may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.ingest.readers.test_passwords import locked
from tests.ui.access.test_gate import every_request
from tests.ui.conftest import Server
from tests.ui.pages.conftest import CHIEF, OPERATOR, OURS, READER, THEIRS, Opened, fits
from tests.ui.test_accessibility import findings
from tests.ui.test_page import shot

Visits = Callable[[str], httpx.Client]
HOSTILE = "<img src=x onerror=window.__xss=1>\u202e.txt"
SEALS = "印章管理办法（示例）\n第一条 印章由专人保管。\n第二条 用印登记簿保存{}年。\n"


def upload(page: Page, *files: tuple[str, bytes]) -> str:
    """Choose files and send them; the number of the job, once it has ended."""
    send(page, *files)
    return told_job(page)


def send(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files and press the button."""
    page.set_input_files(
        "[data-upload] [name=files]",
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files],
    )
    expect(page.locator("[data-files] li")).to_have_count(len(files))
    quiet(page)
    page.click("[data-upload] button[type=submit]")


def quiet(page: Page) -> None:
    """Forget what was said to screen readers."""
    page.evaluate("document.querySelector('#lm-live')?.replaceChildren()")


def told_job(page: Page) -> str:
    """The job that the page has just told of, once it has ended."""
    live = page.locator("#lm-live")
    expect(live).to_have_text(re.compile(r"第 \d+ 号任务"))
    number = re.findall(r"第 (\d+) 号任务", live.inner_text())[0]
    row = page.locator("#lp-jobs tbody tr").filter(
        has=page.locator(f"[aria-label^='第 {number} 号']")
    )
    tag = row.locator(".lp-tag").first
    expect(tag).to_have_text(re.compile("完成|失败"), timeout=120_000)
    return str(number)


def test_from_an_upload_to_a_cited_answer(opened: Opened, departments: Server) -> None:
    with opened(OPERATOR, "/intake") as page:
        picker = page.locator("[data-upload] select[name=collection]")
        expect(picker.locator("option")).to_have_text([OURS])  # a new one takes more rights
        assert THEIRS not in page.content()
        number = upload(
            page,
            ("印章.txt", SEALS.format(5).encode()),
            (HOSTILE, "考勤规定\n第一条 考勤登记。".encode()),
        )
        expect(page.locator("[data-files] li small", has_text="已收下")).to_have_count(2)
        page.click(f"[aria-label='第 {number} 号任务的每个文件']")
        listed = page.locator("#lp-job")
        expect(listed).to_contain_text("印章.txt")
        expect(listed).to_contain_text("img src=x")
        assert findings(page) == []
        shot(page, "intake-1280-light")
        kept = sorted(one.name for one in (departments.home / "uploads").glob("*/*"))
        assert "印章.txt" in kept and not any(set(name) & set('<>/\\:"\u202e') for name in kept)
        reply = page.request.post(
            f"{departments.url}/api/v1/ask",
            data={"question": "用印登记簿保存几年？"},
            headers={"Origin": departments.url},
        ).json()
        assert "5年" in reply["sentences"][0]["text"] and reply["citations"]


def test_the_same_name_again_is_the_next_state_of_the_document(
    opened: Opened, visits: Visits
) -> None:
    client = visits(OPERATOR)

    def known() -> set[str]:
        found = client.get("/api/v1/documents").json()["documents"]
        return {one["document_id"] for one in found if "公函" in one["title"]}

    with opened(OPERATOR, "/intake") as page:
        upload(page, ("公函.txt", "公函管理办法（示例）\n第一条 公函编号登记。\n".encode()))
        before = known()
        number = upload(
            page, ("公函.txt", "公函管理办法（示例）\n第一条 公函每日登记。\n".encode())
        )
        row = page.locator("#lp-jobs tbody tr").filter(
            has=page.locator(f"[aria-label^='第 {number} 号']")
        )
        expect(row).to_contain_text("更新 1")
    assert len(before) == 1 and known() == before


def test_a_locked_file_fails_with_its_reason_and_its_password_opens_it(
    opened: Opened, departments: Server, tmp_path: Path
) -> None:
    plain = Document()
    plain.add_paragraph("涉密载体管理办法（示例）")
    plain.add_paragraph("第一条 涉密载体由机要室保管。")
    plain.save(str(tmp_path / "载体.docx"))
    data = locked(tmp_path / "载体.docx", "晴空 42").read_bytes()
    with opened(OPERATOR, "/intake") as page:
        number = upload(
            page, ("锁.docx", data), ("车辆.txt", "车辆管理办法\n第一条 车辆登记。".encode())
        )
        page.click(f"[aria-label='第 {number} 号任务的每个文件']")
        rows = page.locator("#lp-job tbody tr")
        expect(rows.first).to_contain_text("失败")  # what needs a hand stands first
        expect(rows.first).to_contain_text("锁.docx")
        expect(rows.first).to_contain_text("请在上面填写它的密码")
        page.fill("#lp-job [name=password]", "晴空 42")
        quiet(page)
        page.click("#lp-job button[type=submit]")
        again = told_job(page)
        page.click(f"[aria-label='第 {again} 号任务的每个文件']")
        expect(page.locator("#lp-job")).to_contain_text("新增 1")
    stored = [p for p in departments.home.rglob("*.db*") if p.is_file()]
    assert not any("晴空 42".encode() in one.read_bytes() for one in stored)


def test_what_cannot_be_read_is_told_beside_its_name(opened: Opened) -> None:
    with opened(OPERATOR, "/intake") as page:
        send(page, ("程序.docx", b"\x7fELF\x02\x01\x01" + b"\x00" * 90), ("空.txt", b""))
        expect(page.locator("[data-upload] [data-error]")).to_contain_text("没有能收的文件")


def test_removing_asks_first_and_takes_the_uploaded_file_away(
    opened: Opened, departments: Server
) -> None:
    with opened(OPERATOR, "/intake") as page:
        upload(page, ("食堂.txt", "食堂管理办法（示例）\n第一条 食堂节约。\n".encode()))
        page.click(".lp-tabs [data-tab=documents]")
        row = page.locator("#lp-tab tbody tr", has_text="食堂管理办法")
        row.locator("[type=checkbox]").check()
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.click("text=移除选中的文件")
        expect(row).to_have_count(1)
        page.once("dialog", lambda dialog: dialog.accept())
        page.click("text=移除选中的文件")
        expect(row).to_have_count(0)
        expect(page.locator("#lp-tab tbody tr").first).to_be_visible()
        assert findings(page) == []
        shot(page, "intake-documents-1280-light")
    assert not list((departments.home / "uploads").glob("*/食堂.txt"))


def test_who_sees_everything_may_begin_a_collection_and_name_a_folder(
    opened: Opened, departments: Server, tmp_path: Path
) -> None:
    (tmp_path / "来源").mkdir()
    (tmp_path / "来源" / "档案.txt").write_text("档案办法（示例）\n第一条 档案归档。\n", "utf-8")
    with opened(CHIEF, "/intake") as page:
        page.fill("[data-upload] [name=collection]", "新文库")
        upload(page, ("新.txt", "新办法（示例）\n第一条 新的。\n".encode()))
        page.click(".lp-tabs [data-tab=sources]")
        expect(page.locator("#lp-tab table")).to_contain_text("新文库")
        page.fill("[name=path]", "相对的路径")
        page.fill("#lp-tab [name=collection]", "档案文库")
        page.click("text=登记并同步")
        expect(page.locator("#lp-tab [data-error]")).to_contain_text("完整路径")
        page.fill("[name=path]", str(tmp_path / "来源"))
        page.click("text=登记并同步")
        row = page.locator("#lp-tab tbody tr", has_text="档案文库")
        expect(row).to_contain_text(str(tmp_path / "来源"))
        shot(page, "intake-sources-1280-light")
        page.click(".lp-tabs [data-tab=jobs]")
        expect(
            page.locator("#lp-jobs tbody tr", has_text="档案文库").locator(".lp-tag")
        ).to_have_text("完成", timeout=120_000)
        page.click(".lp-tabs [data-tab=sources]")
        page.once("dialog", lambda dialog: dialog.accept())
        row.locator("text=不再同步").click()
        expect(row).to_have_count(0)
        page.click(".lp-tabs [data-tab=documents]")
        expect(page.locator("#lp-tab")).to_contain_text("档案办法")


def test_what_was_not_answered_can_be_asked_again_or_put_aside(
    opened: Opened, visits: Visits
) -> None:
    question = "火星基地的通勤班车几点发车？"
    asked = visits(OPERATOR).post("/api/v1/ask", json={"question": question})
    assert asked.json()["abstained"]
    with opened(OPERATOR, "/intake?tab=gaps") as page:
        card = page.locator("#lp-tab .lp-card", has_text=question)
        expect(card.locator("a", has_text="再问一次")).to_have_attribute(
            "href", re.compile(r"^/ask\?q=%E7%81%AB")
        )
        card.locator("text=不用补充").click()
        expect(card).to_have_count(0)


def test_nobody_without_the_right_gets_through_any_address(
    departments: Server, visits: Visits
) -> None:
    """Every route of both pages, also those that are written later."""
    routes = every_request(departments.home)
    intake = [(m, p) for m, p in routes if f"{p}/".startswith("/intake/")]
    admin = [(m, p) for m, p in routes if f"{p}/".startswith("/admin/")]
    assert len(intake) > 12 and len(admin) > 12
    reader, operator = visits(READER), visits(OPERATOR)
    for client, refused in ((reader, intake + admin), (operator, admin)):
        for method, path in refused:
            reply = client.request(method, path, data={"name": "x"} if method == "POST" else None)
            assert reply.status_code in (403, 405), (method, path, reply.status_code)
            assert THEIRS not in reply.text and CHIEF not in reply.text


@pytest.mark.parametrize("tab", ["jobs", "sources", "documents", "duplicates", "gaps"])
def test_an_operator_sees_nothing_of_another_department(visits: Visits, tab: str) -> None:
    text = visits(OPERATOR).get(f"/intake/tab/{tab}").text
    text += visits(OPERATOR).get("/intake/jobs").text
    assert THEIRS not in text and "蓝莓" not in text


def test_an_operator_cannot_act_on_another_department(
    visits: Visits, departments: Server, tmp_path: Path
) -> None:
    operator, chief = visits(OPERATOR), visits(CHIEF)
    theirs = [
        one["document_id"]
        for one in chief.get("/api/v1/documents", params={"collection": THEIRS}).json()["documents"]
    ]
    (job,) = chief.get("/api/v1/jobs", params={"collection": THEIRS}).json()["jobs"]
    sent = {"files": ("偷.txt", "偷放\n第一条 偷放。".encode())}
    refused = (
        operator.post("/api/v1/uploads", params={"collection": THEIRS}, files=sent),
        operator.post("/intake/documents/remove", data={"id": theirs}),
        operator.get(f"/intake/jobs/{job['job_id']}"),
        operator.post(f"/intake/jobs/{job['job_id']}/retry"),
        operator.post(f"/intake/jobs/{job['job_id']}/cancel"),
        operator.post("/intake/sources", data={"path": str(tmp_path), "collection": OURS}),
        operator.post("/intake/sources", data={"path": "/etc", "collection": OURS}),
    )
    assert theirs and all(400 <= one.status_code < 500 for one in refused)
    assert (
        len(chief.get("/api/v1/documents", params={"collection": THEIRS}).json()["documents"]) == 1
    )


def test_at_390_px_in_the_dark_every_tab_fits(opened: Opened) -> None:
    for tab in ("jobs", "documents", "sources"):
        with opened(OPERATOR, f"/intake?tab={tab}", 390, "dark") as page:
            expect(page.locator("#lp-tab > *").first).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            fits(page)
            assert findings(page) == []
            shot(page, f"intake-{tab}-390-dark")

"""Sessions over HTTP: edited, kept in versions, shared as far as rights go, bad input told."""

from __future__ import annotations

import io
import json
import re
import zipfile
from urllib.parse import unquote

import httpx
import pytest

from assistant.study.model import StudySession
from tests.ui.study.conftest import DISCIPLINE, OFFICE, SECRET, House, revision_of


def page_of(client: httpx.Client, session: str) -> str:
    reply = client.get(f"/study/s/{session}")
    assert reply.status_code == 200, reply.text
    return reply.text


def post(client: httpx.Client, session: str, what: str, **fields: object) -> httpx.Response:
    """What a button of the session's page sends."""
    revision = revision_of(page_of(client, session))
    return client.post(f"/study/s/{session}/{what}", data={"revision": revision, **fields})


def kept(house: House, session: str, user: str = "tan") -> StudySession:
    return house.api.desk.sessions.get(session, user).session


@pytest.fixture(scope="module")
def tan(house: House) -> httpx.Client:
    return house.person("tan")


@pytest.fixture
def session(house: House, tan: httpx.Client) -> str:
    return house.drafted(tan)


def test_every_quoted_line_links_to_its_place(
    house: House, tan: httpx.Client, session: str
) -> None:
    page = page_of(tan, session)
    for passage in kept(house, session).passages:
        link = f"/doc/{passage.citation.document_id}#"
        assert link in page and passage.citation.quote.split("\n")[0].strip()[:12] in page


def test_minutes_add_up_after_a_change(house: House, tan: httpx.Client, session: str) -> None:
    before = kept(house, session)
    first = before.timetable[0]
    reply = post(tan, session, "minutes", **{f"m-{first.id}": first.minutes + 3, "lock": first.id})
    assert reply.status_code == 200, reply.text
    after = kept(house, session)
    assert sum(one.minutes for one in after.timetable) == before.minutes
    assert after.timetable[0].minutes == first.minutes + 3 and after.timetable[0].locked
    longer = post(tan, session, "minutes", total=before.minutes + 20, lock=first.id)
    assert longer.status_code == 200
    after = kept(house, session)
    assert sum(one.minutes for one in after.timetable) == before.minutes + 20
    assert after.timetable[0].minutes == first.minutes + 3


def test_items_are_swapped_moved_and_dropped(house: House, tan: httpx.Client, session: str) -> None:
    before = kept(house, session)
    first, second = before.passages[0], before.passages[1]
    assert post(tan, session, "edit", do=f"down:{first.id}").status_code == 200
    assert [one.id for one in kept(house, session).passages[:2]] == [second.id, first.id]
    assert post(tan, session, "edit", do=f"drop:{second.id}").status_code == 200
    assert second.id not in [one.id for one in kept(house, session).passages]
    item = kept(house, session).quiz[0]
    assert post(tan, session, "edit", do=f"swap:{item.id}").status_code == 200
    assert item.stem not in [one.stem for one in kept(house, session).quiz]


def test_own_words_are_marked_and_have_no_source(
    house: House, tan: httpx.Client, session: str
) -> None:
    words = "<script>先讲讲我们处的情况"
    part = kept(house, session).timetable[0].id
    assert post(tan, session, "own", text=words, part=part).status_code == 200
    page = post(tan, session, "own", text="茶歇", part="+", minutes="5", title="茶歇").text
    assert "自己的话" in page and "&lt;script&gt;先讲讲" in page and "<script>" not in page
    after = kept(house, session)
    assert sum(one.minutes for one in after.timetable) == after.minutes
    mine = [n for p in after.timetable for n in p.notes if n.own]
    assert {one.text for one in mine} == {words, "茶歇"}
    assert not any(one.citations for one in mine)


def test_versions_are_kept_and_one_goes_back(house: House, tan: httpx.Client, session: str) -> None:
    before = kept(house, session)
    post(tan, session, "edit", do=f"drop:{before.passages[0].id}")
    assert "有未保存的修改" in page_of(tan, session)
    assert "第 2 版" in post(tan, session, "save").text
    assert len(kept(house, session).passages) == len(before.passages) - 1
    assert post(tan, session, "back", number="1").status_code == 200
    assert kept(house, session) == before
    assert "有未保存的修改" in page_of(tan, session)
    assert post(tan, session, "back", number="99").status_code == 422


def test_two_windows_do_not_undo_each_other(house: House, tan: httpx.Client, session: str) -> None:
    old = revision_of(page_of(tan, session))
    first = kept(house, session).passages[0].id
    assert post(tan, session, "edit", do=f"down:{first}").status_code == 200
    reply = tan.post(f"/study/s/{session}/edit", data={"revision": old, "do": f"drop:{first}"})
    assert reply.status_code == 409 and "别的窗口" in reply.json()["detail"]
    assert first in [one.id for one in kept(house, session).passages]


def test_made_again_and_for_another_audience(house: House, tan: httpx.Client, session: str) -> None:
    post(tan, session, "own", text="记得带上党徽")
    house.made(tan, post(tan, session, "again"))
    assert "记得带上党徽" in page_of(tan, session)
    other = house.made(tan, post(tan, session, "duplicate", audience="新入职人员"))
    assert other != session and kept(house, other).audience == "新入职人员"
    assert "记得带上党徽" in page_of(tan, other)
    assert post(tan, session, "duplicate", audience="外星人").status_code == 422


def test_files_of_each_format(house: House, tan: httpx.Client, session: str) -> None:
    for path, ending, head in (
        ("docx/学习方案", "docx", b"PK"),
        ("pptx", "pptx", b"PK"),
        ("xlsx", "xlsx", b"PK"),
        ("pdf", "pdf", b"%PDF"),
        ("html", "html", b"<!"),
        ("json", "json", b"{"),
        ("anki", "apkg", b"PK"),
    ):
        reply = tan.get(f"/study/s/{session}/file/{path}")
        assert reply.status_code == 200, reply.text
        named = re.search(r"filename\*=UTF-8''(\S+)", reply.headers["content-disposition"])
        assert named and unquote(named[1]).startswith("双报到-")
        assert unquote(named[1]).endswith(f".{ending}") and reply.content.startswith(head)
    data = json.loads(tan.get(f"/study/s/{session}/file/json").content)
    assert StudySession.model_validate(data) == kept(house, session)
    whole = zipfile.ZipFile(io.BytesIO(tan.get(f"/study/s/{session}/file/all").content))
    assert {name.rpartition(".")[2] for name in whole.namelist()} == {
        "docx", "pptx", "xlsx", "pdf", "html", "json", "apkg",
    }  # fmt: skip
    for bad in ("exe", "docx/没有", "..%00"):
        assert tan.get(f"/study/s/{session}/file/{bad}").status_code in (404, 422)


def test_the_hand_out_is_looked_at_before_it_is_downloaded(
    house: House, tan: httpx.Client, session: str
) -> None:
    assert f"/study/s/{session}/preview" in tan.get(f"/study/s/{session}").text
    page = tan.get(f"/study/s/{session}/preview")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in page.headers and "第" in page.text


def test_a_link_opens_for_a_colleague_who_sees_all_that_is_cited(
    house: House, tan: httpx.Client, session: str
) -> None:
    colleague = house.person("qin")
    page = page_of(colleague, session)
    assert "同事分享" in page and "ls-revision" not in page
    edit = {"revision": "1", "do": "drop:k1"}
    assert colleague.post(f"/study/s/{session}/edit", data=edit).status_code == 404
    assert colleague.post(f"/study/s/{session}/remove").status_code == 404
    copied = colleague.post(f"/study/s/{session}/copy")
    mine = re.search(r'data-session="([\w-]+)"', copied.text)
    assert mine and mine[1] != session
    assert kept(house, mine[1], "qin").passages == kept(house, session).passages
    # what is not saved yet stays with its owner
    first = kept(house, session).passages[0]
    post(tan, session, "edit", do=f"drop:{first.id}")
    assert first.citation.quote.split("\n")[0][:20] in page_of(colleague, session)


def test_nobody_learns_of_what_they_may_not_see(house: House, tan: httpx.Client) -> None:
    hidden = house.drafted(tan, f"{SECRET}线索", collections=[DISCIPLINE], minutes="15")
    assert SECRET in page_of(tan, hidden)
    other = house.person("lu")
    for path in ("", "/file/json", "/file/docx/学习方案"):
        reply = other.get(f"/study/s/{hidden}{path}")
        assert reply.status_code == 403 and SECRET not in reply.text
        assert "不能查看的文库" in reply.json()["detail"]
    assert other.post(f"/study/s/{hidden}/copy").status_code == 403
    refused = other.post(
        "/study/draft", data={"topic": "线索", "minutes": "30", "collections": DISCIPLINE}
    )
    assert refused.status_code in (404, 422)
    # nor does the owner, once the right is taken away; it can still be thrown away
    house.accounts.people.set_collections("tan", [OFFICE])
    try:
        assert tan.get(f"/study/s/{hidden}").status_code == 403
        assert tan.post(f"/study/s/{hidden}/remove").status_code == 200
    finally:
        house.accounts.people.set_collections("tan", [OFFICE, DISCIPLINE])


def test_renamed_and_removed(house: House, tan: httpx.Client, session: str) -> None:
    assert "春季&lt;b&gt;" in post(tan, session, "rename", title="春季<b>学习").text
    assert "春季&lt;b&gt;" in tan.get("/study/home").text
    assert post(tan, session, "rename", title="").status_code == 422
    assert post(tan, session, "rename", title="长" * 81).status_code == 422
    assert tan.post(f"/study/s/{session}/remove").status_code == 200
    gone = tan.get(f"/study/s/{session}")
    assert gone.status_code == 404 and "没有这份备课" in gone.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("minutes", "0", "太短"),
        ("minutes", "-1", "太短"),
        ("minutes", "600", "太长"),
        ("minutes", "很久", "请写整数"),
        ("minutes", "", "请写整数"),
        ("minutes", "9" * 50, "请写整数"),
        ("topic", "", "主题"),
        ("topic", "学" * 2001, "主题"),
        ("audience", "外星人", "没有“外星人”这一类"),
        ("people", "-5", "人数"),
        ("quiz_items", "1000", "题数"),
        ("reading_speed", "1", "速度"),
        ("collections", "没有的文库", "没有的文库"),
    ],
)
def test_a_form_filled_in_wrongly(tan: httpx.Client, field: str, value: str, line: str) -> None:
    form = {"topic": "双报到", "minutes": "60", "audience": "一般干部", field: value}
    reply = tan.post("/study/draft", data=form)
    assert reply.status_code in (404, 422), reply.text
    detail = reply.json()["detail"]
    assert line in detail and "\n" not in detail and len(detail) < 200


def test_a_topic_off_the_library_says_so(house: House, tan: httpx.Client) -> None:
    form = {"topic": "量子色动力学", "minutes": "60", "audience": "一般干部"}
    reply = tan.post("/study/draft", data=form)
    for _ in range(300):
        if 'role="alert"' in reply.text:
            break
        token = re.search(r"/study/draft/([\w-]+)", reply.text)
        assert token, reply.text
        reply = tan.get(f"/study/draft/{token[1]}")
    assert "量子色动力学" in reply.text and 'role="alert"' in reply.text


def test_five_minutes_are_a_session(house: House, tan: httpx.Client) -> None:
    made = kept(house, house.drafted(tan, minutes="5"))
    assert sum(one.minutes for one in made.timetable) == made.minutes <= 5


def test_a_reader_gets_none_of_it(house: House, session: str) -> None:
    reader = house.person("du")
    for path in (
        "/study/panel",
        "/study/home",
        f"/study/s/{session}",
        f"/study/s/{session}/file/json",
    ):
        assert reader.get(path).status_code == 403
    for path in ("/study/draft", f"/study/s/{session}/edit", f"/study/s/{session}/room"):
        assert reader.post(path, data={"topic": "双报到"}).status_code == 403
    assert house.person("").get("/study/home").status_code == 401

"""Two departments on one server: by no way does one learn what the other has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.activity.feedback import UnknownAsking
from assistant.activity.gaps import GapError, GapStore
from assistant.conversation.hiding import HIDDEN
from index.errors import LibraryError, UnknownDocument
from index.settings import Settings
from ingest.pipeline import ingest_paths
from ui.access.model import RIGHTS_OF, Principal, Role
from ui.api.service import Service
from ui.pages.examples import Examples

FINANCE, DISCIPLINE = "财务处", "纪检室"
SECRET = "蓝莓"
FINANCE_RULES = """差旅费管理办法（示例）
第一条 出差人员应当自返回之日起15个工作日内报销差旅费。
第二条 住宿费每人每天不超过400元。
"""
DISCIPLINE_RULES = f"""{SECRET}线索处置办法（示例）
第一条 {SECRET}线索应当在20日内完成初步核实。
第二条 {SECRET}线索由第三监督室负责保管。
第三条 差旅费报销的线索由{SECRET}专班在7日内核查。
"""


def reader(name: str, *collections: str) -> Principal:
    return Principal(name, name, RIGHTS_OF[Role.READER], frozenset(collections), Role.READER)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home: Path = tmp_path_factory.mktemp("家")
    service = Service(Settings(home=home / "home"))
    for name, text in ((FINANCE, FINANCE_RULES), (DISCIPLINE, DISCIPLINE_RULES)):
        folder = home / name
        folder.mkdir()
        (folder / f"{text[:4]}.txt").write_text(text, encoding="utf-8")
        ingest_paths(service.library, [folder], name)
    yield service
    service.close()


@pytest.fixture
def finance(service: Service) -> Service:
    return service.seen_by(reader("李", FINANCE))


def said(answer: object) -> str:
    return str(answer.model_dump_json())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "question",
    [
        f"{SECRET}线索由谁保管？",
        "线索处置办法第一条是什么？",
        f"《{SECRET}线索处置办法》规定了什么？",
        "差旅费报销的线索多少日内核查？",
        "第三监督室负责什么？",
    ],
)
def test_an_answer_leaks_nothing(service: Service, finance: Service, question: str) -> None:
    assert SECRET in said(service.ask(question)).replace(question, "")
    words = said(finance.ask(question, channel="page")).replace(question, "")
    for secret in (DISCIPLINE, SECRET, "第三监督室", "20日", "7日", "专班", "初步核实"):
        assert secret not in words or secret in question, words


def test_own_questions_are_answered(finance: Service) -> None:
    answer = finance.ask("差旅费几个工作日内报销？")
    assert not answer.abstained and "15个工作日" in answer.sentences[0].text


def test_lists_examples_and_documents_are_of_the_own_collections(
    service: Service, finance: Service
) -> None:
    assert finance.collections() == [(FINANCE, 1)]
    assert [one.collection for one in finance.documents()] == [FINANCE]
    with pytest.raises(LibraryError) as error:
        finance.documents(DISCIPLINE)
    assert SECRET not in str(error.value)
    questions = Examples(finance).questions()
    assert SECRET not in json.dumps(questions, ensure_ascii=False)
    hidden = service.documents(DISCIPLINE)[0].document_id
    for ask in (
        lambda: finance.document(hidden),
        lambda: finance.source(hidden, 0, 10),
        lambda: finance.page_png(hidden, 1),
        lambda: finance.diff_html(hidden, finance.documents()[0].document_id),
    ):
        with pytest.raises(UnknownDocument) as gone:
            ask()
        assert SECRET not in str(gone.value)
    shown = finance.results("线索", include_superseded=True)
    assert all(hit.document.collection == FINANCE for hit in shown.hits)


def test_a_conversation_is_hidden_once_the_right_is_gone(service: Service) -> None:
    both = service.seen_by(reader("王", FINANCE, DISCIPLINE))
    talk, answer = both.converse(f"{SECRET}线索由谁保管？", "", (), False, None, "user:王")
    assert "第三监督室" in said(answer)
    later = service.seen_by(reader("王", FINANCE))
    kept = later.conversations.store.turns(talk, "user:王")
    assert [one.turn.answer.message for one in kept] == [HIDDEN]
    assert "第三监督室" not in said(kept[0].turn.answer)
    _, follow = later.converse("那由谁核查？", talk, (), False, None, "user:王")
    assert DISCIPLINE not in said(follow) and "专班" not in said(follow)
    assert "第三监督室" in said(both.conversations.store.turns(talk, "user:王")[0].turn.answer)


def test_gaps_and_feedback_are_of_the_own_department(service: Service, finance: Service) -> None:
    discipline = service.seen_by(reader("赵", DISCIPLINE))
    refused = discipline.ask(f"{SECRET}线索的密码本放在哪个保险柜？", channel="page")
    assert refused.abstained
    own = finance.ask("公务用车怎么申请？", channel="page")
    assert own.abstained
    mine = GapStore(finance.library, finance.asking.journal)
    assert "保险柜" not in " ".join(gap.text for gap in mine.listed())
    assert "公务用车" in " ".join(gap.text for gap in mine.listed())
    theirs = GapStore(discipline.library, discipline.asking.journal).listed()
    assert ["保险柜" in gap.text for gap in theirs] == [True]
    with pytest.raises(GapError):
        mine.set_status([theirs[0].gap_id], "dismissed")
    with pytest.raises(UnknownAsking):
        finance.feedback(refused.question_id, "有误")
    assert finance.feedback(own.question_id, "有用", user="user:李") > 0
    every = GapStore(service.library, service.asking.journal).listed()
    assert len(every) >= 2


def test_who_sees_the_same_shares_what_is_in_memory(service: Service) -> None:
    assert service.seen_by(reader("甲", FINANCE)) is service.seen_by(reader("乙", FINANCE))
    assert service.seen_by(reader("甲", FINANCE)) is not service.seen_by(reader("乙", DISCIPLINE))
    everyone = Principal("丙")
    assert service.seen_by(reader("甲", FINANCE)).seen_by(everyone) is service

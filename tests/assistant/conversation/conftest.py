"""Two small regulations, one of them in two versions, as a library and a talk about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.conversation.model import Past
from assistant.conversation.talk import Talk, Turn
from assistant.extractive import ExtractiveAnswerer
from index.library import Library
from index.settings import Settings

_NUMERALS = "一二三四五六七八九十"
_ARTICLES = (
    "为规范会议室使用，制定本办法。",
    "会议室由办公室管理。",
    "预订会议室应当提前2个工作日。\n使用人应当爱护设备。\n取消预订的，应当提前半天告知：\n（一）登录系统取消；\n（二）电话告知办公室。",
    "会议室周一至周五开放，开放时间为八点至十八点。",
    "损坏设备的，由使用单位负责维修。",
    "大型会议由分管领导审批；小型会议由处室负责人审批。",
)
_OLD = "预订会议室应当提前5个工作日。\n使用人应当爱护设备。"


def _rules(year: str, articles: list[str], start: str) -> str:
    numbered = "\n\n".join(f"第{_NUMERALS[n]}条 {text}" for n, text in enumerate(articles))
    last = f"第{_NUMERALS[len(articles)]}条 本办法自{start}起施行。"
    return f"机关会议室管理办法（{year}年修订）\n\n{numbered}\n\n{last}\n"


VEHICLES = """公务用车管理规定

第一条 公务用车由车队统一调度。

第二条 使用公务用车应当提前1天申请，由车队队长批准。

第三条 公务用车应当每半年保养一次，保养费用由车队列支。

第四条 驾驶员连续驾驶不得超过4小时。
"""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("files")
    old = list(_ARTICLES)
    old[2] = _OLD
    files = {
        "机关会议室管理办法（2018年修订）.txt": _rules("2018", old, "2018年5月1日"),
        "机关会议室管理办法（2023年修订）.txt": _rules("2023", list(_ARTICLES), "2023年5月1日"),
        "公务用车管理规定.txt": VEHICLES,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")))
    report = ingest_paths(opened, [Path(folder)], "制度")
    assert not report.failed
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def talk(office: Library) -> Talk:
    return Talk(ExtractiveAnswerer(office), office)


@pytest.fixture
def hold(talk: Talk) -> Callable[..., Turn]:
    """Asks the questions one after another; the last turn."""

    def held(*questions: str) -> Turn:
        past: list[Past] = []
        for question in questions:
            turn = talk.ask(question, past)
            past.append(turn.past)
        return turn

    return held

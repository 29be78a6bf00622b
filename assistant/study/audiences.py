"""Who a session is for: what they are to be able to do, and what concerns them first."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.study.errors import StudyError
from index.errors import shorten


@dataclass(frozen=True)
class Audience:
    """One audience. ``words``: an article that holds them concerns it more than another."""

    name: str
    knows: str  # verb of an objective on what a rule says: 记住
    does: str  # verb of an objective on what is to be done: 会按规定办理
    role: str  # 如果你是…
    concerns: str  # 在…中: where the matter meets its work
    words: tuple[str, ...]
    basics: float  # how much definitions and duties count against details, 0–1
    cases: float  # share of the time for cases, against 1 for the usual


AUDIENCES: dict[str, Audience] = {
    one.name: one
    for one in (
        Audience(
            "党支部书记",
            "掌握",
            "会组织落实",
            "党支部书记",
            "党支部工作",
            ("党支部", "支部", "书记", "党员", "组织生活", "党小组", "会议"),
            0.4,
            1.1,
        ),
        Audience(
            "党务干部",
            "掌握",
            "会按规定办理",
            "负责这项工作的党务干部",
            "日常党务工作",
            ("机关党委", "党组织", "党员", "程序", "报告", "材料", "审批", "备案"),
            0.4,
            1.0,
        ),
        Audience(
            "纪检干部",
            "准确把握",
            "能对照条文判断",
            "负责监督的纪检干部",
            "监督执纪",
            ("纪委", "纪检", "监督", "检查", "处分", "线索", "审查", "违反", "不得", "责任"),
            0.2,
            1.2,
        ),
        Audience(
            "工会干部",
            "了解",
            "会按规定办理",
            "工会干部",
            "工会工作",
            ("工会", "职工", "群众", "活动", "服务", "经费"),
            0.5,
            1.0,
        ),
        Audience(
            "新入职人员",
            "知道",
            "会对照检查自己",
            "刚到岗的工作人员",
            "今后的工作",
            ("应当", "不得", "工作人员", "是指", "原则", "职责"),
            0.9,
            0.8,
        ),
        Audience(
            "一般干部",
            "了解",
            "能对照条文办事",
            "经办这件事的干部",
            "本职工作",
            ("工作人员", "干部", "应当", "不得"),
            0.6,
            1.0,
        ),
    )
}
DEFAULT = "一般干部"


def audience_of(name: str) -> Audience:
    """The audience of that name; StudyError that lists them all."""
    found = AUDIENCES.get(name.strip())
    if found is None:
        raise StudyError(
            f"没有“{shorten(name, 20)}”这一类学习对象，可用的有：{'、'.join(AUDIENCES)}；"
            f"都不合适时请用“{DEFAULT}”。"
        )
    return found

"""How a list is asked about, and items of other lists that do not belong to it."""

from __future__ import annotations

from random import Random

from assistant.study.quiz.articles import Listing, ListItem
from assistant.study.quiz.base import Pool, contained, dice
from assistant.study.quiz.plain import clean_item

_ALIKE_LEADS = 0.5  # two lists whose leads are more alike may share what belongs to them
_ALIKE_ITEMS = 0.4
#: Nouns whose items look alike, so that one may stand among the other's.
_GROUP = {
    noun: str(number)
    for number, group in enumerate(
        (
            "情形 行为 情况 问题 违法行为 违纪行为",
            "职责 职权 义务 任务 工作 权限 具体职责 主要职责 要求 措施 处理措施",
            "权利",
            "事项 内容 信息",
            "条件 基本条件 标准",
            "材料 资料 文件",
        )
    )
    for noun in group.split()
}
_PLAIN_NOUNS = [
    "情形",
    "行为",
    "职责",
    "义务",
    "权利",
    "条件",
    "材料",
    "事项",
    "措施",
    "原则",
    "内容",
    "程序",
    "方式",
    "职权",
    "要求",
    "标准",
    "任务",
    "规定",
    "问题",
    "权限",
    "资料",
    "人员",
    "情况",
    "单位",
    "活动",
    "费用",
    "文件",
    "信息",
    "处分",
    "处罚",
    "费",
    "种类",
    "范围",
    "因素",
    "机构",
    "纪律",
    "案件",
    "证据",
    "方法",
    "途径",
    "制度",
    "工作",
    "财产",
    "财物",
    "犯罪",
    "违法行为",
    "违纪行为",
    "基本条件",
    "具体职责",
    "主要职责",
    "基本原则",
    "处理措施",
    "部门",
    "组织",
    "形式",
]


def noun_of(listing: Listing) -> str:
    """What the list is a list of, in one word that reads well: 情形, 职责; else 内容."""
    for noun in sorted(_PLAIN_NOUNS, key=len, reverse=True):
        if listing.noun.endswith(noun):
            return noun
    return "内容"


def askable(listing: Listing) -> bool:
    """Whether its items may be choices: enough of them, each short and whole, said in one voice."""
    return len(choosable(listing)) >= 3


def choosable(listing: Listing) -> list[ListItem]:
    """Items that may be choices: no catch-all, no reference."""
    return [one for one in listing.items if clean_item(one.text) and not one.open]


def foreign_items(
    listing: Listing, pool: Pool, count: int, chance: Random
) -> list[tuple[Listing, ListItem]]:
    """Up to ``count`` items of other lists of the document that this list has nothing like.

    A list whose lead is alike lends none, because its items might belong here as well; an item
    is left out when any item of this article is like it, or the library has it under such a lead.
    """
    mine = [item.text for item in listing.items]
    of_acts = sum(text.endswith("的") for text in mine) * 2 > len(mine)
    usual = sum(len(text) for text in mine) / len(mine)
    found: list[tuple[float, Listing, ListItem]] = []
    for other in pool.all_listings:
        if other.article.document.document_id != listing.article.document.document_id:
            continue
        if other.article.key == listing.article.key or _may_share(listing, other):
            continue
        same = noun_of(other) == noun_of(listing)
        if not same and _GROUP.get(noun_of(other), "") != _GROUP.get(noun_of(listing), "-"):
            continue
        for item in choosable(other):
            if not 0.4 <= len(item.text) / usual <= 2.2 or item.text.endswith("的") != of_acts:
                continue
            if any(contained(item.text, text) > _ALIKE_ITEMS for text in mine):
                continue
            rank = chance.random() - same - dice(item.text, listing.lead + "".join(mine))
            found.append((rank, other, item))
    chosen: list[tuple[Listing, ListItem]] = []
    for _, other, item in sorted(found, key=lambda one: (one[0], one[2].start)):
        if len(chosen) == count:
            break
        if any(contained(item.text, one.text) > _ALIKE_ITEMS for _, one in chosen):
            continue
        if not _listed_elsewhere(listing, item, pool):
            chosen.append((other, item))
    return chosen


def _may_share(left: Listing, right: Listing) -> bool:
    return contained(left.lead, right.lead) > _ALIKE_LEADS and dice(left.lead, right.lead) > 0.4


def _listed_elsewhere(listing: Listing, item: ListItem, pool: Pool) -> bool:
    """Whether a rule in force has the item under a lead like this list's."""
    for document, passage in pool.elsewhere.near(f"{listing.lead}{item.text}"):
        if document.validity in ("已被修订", "已废止", "尚未施行"):
            continue
        if contained(item.text, passage.text) > 0.8:
            head = (passage.context + passage.text)[:160]
            if (
                contained(listing.lead, head) > 0.6
                and dice(listing.lead, head[: len(listing.lead) + 12]) > 0.5
            ):
                return True
    return False

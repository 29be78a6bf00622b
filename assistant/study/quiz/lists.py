"""How a list is asked about, and items of other lists that do not belong to it."""

from __future__ import annotations

import re
from random import Random

from assistant.study.quiz.articles import Listing, ListItem
from assistant.study.quiz.base import Pool, contained, dice
from assistant.study.quiz.plain import clean_item
from assistant.text import bigrams, fold

_TAIL = re.compile("(?:是|为|如下|包括|有){1,20}$")
_FRAME = re.compile(
    r"(?:应当|可以|不得|必须)?(?:履行|享有|行使|有|具有|存在|具备|遵守|遵循|符合|包括)?(?:下列|以下)[\u4e00-\u9fff]{2,8}?"
    r"(?:之一)?(?:的，|，|的|$)"
)
_ALIKE_LEADS = 0.5  # two lists whose leads are more alike may share what belongs to them
#: Wrongs so general that others are cases of them: 侵害妇女平等就业权益.
_GENERAL = re.compile(
    "(?:侵害|侵犯|损害|违反|危害|影响|妨碍)[^，；]{2,16}的?$|"
    "(?:进行|实施|从事)?[^，；]{0,6}(?:破坏|危害|损害|侵害|妨碍|扰乱|影响)[^，；]{0,14}(?:活动|行为|秩序|安全)的?$|"
    "维护[^，；]{2,16}(?:权益|利益)$"
)
#: Items that any grave consequence falls under.
_GRAVE = re.compile(
    "^(?:造成|有|其他)?[^，；]{0,4}(?:严重后果|恶劣影响|不良影响|重大损失)的?$|^情节[^，；]{0,4}严重的?$"
)
#: Pairs that say nothing of what a list is about.
_COMMON = frozenset(
    ("或者", "以上", "以下", "规定", "违反", "其他", "有关", "造成", "进行", "情节", "严重", "的，")
)
_NEAR_OPEN = 0.2  # likeness to a catch-all item from which it may take another in
#: Wrongs that 因违纪违法不宜继续任职 may take in.
_WRONG = re.compile(
    "贪污|受贿|徇私|刑讯|泄露|隐瞒|伪造|滥用|玩忽|弄虚作假|私自|违反|违法|违纪|犯罪|侵占|挪用|拖延|报复|虐待|骗取|擅自|非法|失职|不履行"
)
_ALIKE_ITEMS = 0.4
#: Nouns whose items look alike, so that one may stand among the other's.
_GROUP = {
    noun: str(number)
    for number, group in enumerate(
        (
            "情形 行为 情况 违法行为 违纪行为",
            "问题",
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
    return _named(listing) or "内容"


def _named(listing: Listing) -> str:
    """The noun that the lead says: after 下列, else at its end (主要职责是); "" for none."""
    tail = _TAIL.sub("", listing.lead)
    for said in (listing.noun, "" if listing.noun else tail):
        for noun in sorted(_PLAIN_NOUNS, key=len, reverse=True):
            if said.endswith(noun):
                return noun
    return ""


def askable(listing: Listing) -> bool:
    """Whether its items may be choices: enough of them, each short and whole, said in one voice."""
    return len(choosable(listing)) >= 3 and not _TAIL.sub("", listing.lead).endswith("程序")


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
    if any(_GENERAL.match(text) or _GRAVE.search(text) for text in mine):
        return []  # what other lists have may be a case of it
    open_to_wrongs = any(re.search("违纪|违法|犯罪|违反", text) for text in mine)
    about = listing.lead + "".join(mine)
    of_acts = sum(text.endswith("的") for text in mine) * 2 > len(mine)
    usual = sum(len(text) for text in mine) / len(mine)
    found: list[tuple[float, Listing, ListItem]] = []
    for other in pool.all_listings:
        if other.article.document.document_id != listing.article.document.document_id:
            continue
        if other.article.key == listing.article.key or _may_share(listing, other):
            continue
        same = noun_of(other) == noun_of(listing)
        if _GROUP.get(_named(other), "") != _GROUP.get(_named(listing), "-"):
            continue
        for item in choosable(other):
            if not 0.4 <= len(item.text) / usual <= 2.2 or item.text.endswith("的") != of_acts:
                continue
            if any(contained(item.text, text) > _ALIKE_ITEMS for text in mine):
                continue
            if any(
                contained(item.text, one.text) > _NEAR_OPEN for one in listing.items if one.open
            ):
                continue  # 其他危害…的行为 may take it in
            if _GENERAL.match(item.text) or (open_to_wrongs and _WRONG.search(item.text)):
                continue
            if not relevant(item.text, about):
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


def relevant(item: str, about: str) -> bool:
    """Whether an item shares a pair of characters with a list, so that it may be taken for its."""
    return len(bigrams(fold(item)) & bigrams(fold(about)) - _COMMON) >= 1


def _may_share(left: Listing, right: Listing) -> bool:
    """Whether the two leads speak of the same: what is left of them without 履行下列职责."""
    mine, theirs = _FRAME.sub("", left.lead), _FRAME.sub("", right.lead)
    return not mine or not theirs or contained(mine, theirs) > _ALIKE_LEADS


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

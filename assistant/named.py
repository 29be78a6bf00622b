"""The places, bodies and people that a question names, and how near the evidence names them.

A question on one city, office or person is not answered from another's text, however alike the
words are. Names that no dictionary holds (石盘镇, 人社局) are told by their endings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.terms import tagged
from assistant.text import fold


class NameKind(StrEnum):
    """What is named."""

    PLACE = "place"
    BODY = "body"
    PERSON = "person"


@dataclass(frozen=True)
class Named:
    """``name`` as the question has it, folded."""

    name: str
    kind: NameKind


_PLACE_END = re.compile("(?:自治州|自治区|街道|社区|省|市|县|镇|乡|村|区|州)")
#: What stands before such an ending without making a name of it.
_COMMON = re.compile(
    "(?:[^\u4e00-\u9fff]|[的了在是和与从到对向被把由为及或各全本该我你他她这那哪每某几个两外乡城都超大小中新老贫"
    "整校园片景库分社辖地厂灾牧林农山郊省市县区镇村级直属跨当驻进下到去]|特别行政|行政|老旧小|居民|高新|开发|经济|试验"
    "|示范|改革|相邻|周边|一线|偏远|所在)$"
)
_NO_ENDING = re.compile(
    "市(?:场|民|长|政|委|直|级|属|值|区)|县(?:直|级|域|长|委)|村(?:民|里|两委|干|规|级|民委)|镇(?:长|里|级|区)"
    "|乡(?:镇|村|亲)|区(?:别|分|域|直|级|间|块)|州(?:长|直)|街道办|社区(?:矫正|治理|服务)|省(?:级|直|力|时|钱|事|下|略|长|委)"
)
_BODY_END = re.compile(
    "(?:委员会|检察院|派出所|事务所|研究院|研究所|管理局|街道办|组织部|宣传部|统战部|图书馆|档案馆|博物馆|展览馆|体育馆"
    "|文化馆|科技馆|美术馆|纪念馆|海关|支队|大队|医院|法院|学院|大学|中学|小学|学校|幼儿园|银行|公司|集团|协会|商会|工会"
    "|妇联|残联|团委|党校|纪委|监委|发改委|卫健委|国资委|人大|政协|[\u4e00-\u9fff]局|[\u4e00-\u9fff]厅)"
)
_NO_BODY = re.compile(
    "(?:(?:^|[一二三四五六七八九十])[结格布全时大当政战僵残开定出邮各本该我你个哪两部分医办]局|[大餐客前门舞本省各]厅|各[\u4e00-\u9fff]{1,4}|该[\u4e00-\u9fff]{1,4})$"
)
#: Word classes that a body's name is made of.
_NAME_TAGS = ("n", "j", "a", "vn", "b", "l", "s", "i", "v")
_STOPS_NAME = frozenset("的了在是和与从到对向被把由为及或让请问去归找跟向叫各有")
_LEVELS = re.compile("^(?:全?[省市县区]|本)(?=[\u4e00-\u9fff]{2})")
_PEOPLE = re.compile(
    "(?:书记|主任|局长|处长|科长|队长|组长|馆长|镇长|市长|县长|区长|校长|院长|所长|部长|政委|总经理|经理|主席|秘书长|同志|先生|女士|老师)"
)
#: How near: in the sentences and their headings, in the passage, somewhere in the document.
_NEAR, _PASSAGE, _DOCUMENT = 1.0, 0.7, 0.3
_SUBJECT_FROM = 3  # mentions from which a document is about the thing named
_OPENING = 120  # characters of a document that say what it is about


@lru_cache(maxsize=512)
def named_things(text: str) -> tuple[Named, ...]:
    """What a question names, in order, without repeats. Never raises."""
    found = [*_places(text), *_bodies(text), *_people(text)]
    return tuple(dict.fromkeys(found))


def _places(text: str) -> list[Named]:
    found = []
    for match in _PLACE_END.finditer(text):
        end = match.group()
        if _NO_ENDING.match(text, match.start()):
            continue
        stem = re.search("[\u4e00-\u9fff]{2}$", text[: match.start()])
        before = text[: match.start()]
        if stem is None or _COMMON.search(before):
            continue
        name = stem.group()
        if (
            any(char in _STOPS_NAME for char in name)
            or name[-1] in "里中内上外"
            or (end == "社区" and _is_verb(name))
        ):
            continue
        found.append(Named(fold(name + end), NameKind.PLACE))
    return found


def _is_verb(word: str) -> bool:
    cut = tagged(word)
    return len(cut) == 1 and cut[0][1].startswith("v")


def _bodies(text: str) -> list[Named]:
    found = []
    for match in _BODY_END.finditer(text):
        start = _name_start(text, match.start())
        name = _LEVELS.sub("", text[start : match.end()])
        if len(name) >= 3 and not (len(name) < 5 and _NO_BODY.search(name)):
            found.append(Named(fold(name), NameKind.BODY))
    return found


def _name_start(text: str, at: int) -> int:
    """Where the name that ends at or after ``at`` begins: back over nouns, at most 6 characters."""
    place = 0
    starts: list[int] = []
    for word, tag in tagged(text):
        if place < at:
            part = tag.startswith(_NAME_TAGS) and not any(char in _STOPS_NAME for char in word)
            opens = part and not tag.startswith("v")  # 成立机关纪委, 行政审批局
            starts = [*starts, place] if opens else starts if part else []
        place += len(word)
        if place >= at:
            break
    return max([s for s in starts if s >= at - 6][:1] or [at])


def _people(text: str) -> list[Named]:
    """A person's name stands before or after an office (石磊科长, 科长石磊) or is all but quoted."""
    found = []
    place = 0
    for word, tag in tagged(text):
        beside = _PEOPLE.match(text, place + len(word)) or _PEOPLE.search(text[:place][-4:])
        told = beside or (len(word) == 3 and text[place + 3 : place + 4] in ("是", "的"))
        other = _PLACE_END.search(word) or _PEOPLE.search(word)
        if tag == "nr" and 2 <= len(word) <= 3 and told and not other:
            found.append(Named(fold(word), NameKind.PERSON))
        place += len(word)
    return found


def written(name: Named, folded: str) -> bool:
    """Whether ``folded`` has the name, whole, or for a body spelt out (人社局: 人力资源和社会保障局)."""
    if name.name in folded:
        return True
    if name.kind is NameKind.BODY and name.name[-1] in "局委厅办" and len(name.name) <= 5:
        inner = "[\u4e00-\u9fff]{0,5}?".join(map(re.escape, name.name))
        return re.search(inner, folded) is not None
    if name.kind is NameKind.BODY and len(name.name) > 4:
        return name.name[2:] in folded and name.name[:2] in folded  # 海口税务局: 海口市税务局
    return False


def nearness(
    names: tuple[Named, ...], near: str, passage: str, subject: str, document: Callable[[], str]
) -> float:
    """How near the evidence names the worst-placed of ``names``, 0–1; 1 where none is named.

    All texts are folded: ``near`` the sentences with their headings, ``passage`` around them,
    ``subject`` what the whole document is about (title, issuer); ``document`` gives its text.
    """
    worst = 1.0
    for name in names:
        if written(name, near) or written(name, subject):
            continue
        whole = document()
        if written(name, passage):
            level = _PASSAGE
        elif written(name, whole[:_OPENING]) or whole.count(name.name) >= _SUBJECT_FROM:
            level = _NEAR
        else:
            level = _DOCUMENT if written(name, whole) else 0.0
        worst = min(worst, level)
    return worst

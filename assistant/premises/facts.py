"""Dates of events, holders of offices and agents: facts that a question can get wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.terms import in_dictionary, tagged
from assistant.text import fold, read_number

_EVENT = "施行|实施|执行|成立|启用|印发|发布|公布|出台|启动|组建|开始|设立|创建|建成|修订|废止|挂牌"
_YEAR = re.compile("((?:19|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3})年")
_DATE = re.compile(
    "(?:(?:19|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3})年(?:[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}日)?)?(?:起)?"
)
_OFFICE = re.compile(
    "党委书记|党组书记|支部书记|副书记|书记|副主任|主任|副局长|局长|处长|科长|支队长|大队长|队长|组长|馆长|镇长|乡长|市长|县长|区长"
    "|校长|院长|所长|部长|政委|总经理|董事长|秘书长|会长|主席|台长|站长|店长"
)
_BEFORE_NAME = re.compile(f"({_OFFICE.pattern})(?:是|为|叫|由)?(?=[\u4e00-\u9fff]{{2}})")
_AFTER_NAME = re.compile(f"(?:是|任|担任)[^，。？]{{0,8}}?({_OFFICE.pattern})")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗凤花方俞任"
    "袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧计成戴宋庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房缪丁宣邓单洪包诸左"
    "石崔吉龚程邢裴陆荣翁荀甄曲封储靳段巫乌焦巴牧山谷车侯全班仰秋仲伊宫宁甘厉祖武刘景詹束龙叶司黎白蒲赖卓蔺屠乔翟"
    "谭姬申扶冉桑桂牛尚温庄晏柴阎艾向古易廖耿匡文寇广欧师巩聂晁勾敖冷辛那简饶曾关游涂"
)
_AGENT = re.compile(
    "由([\u4e00-\u9fff]{2,14}?)(?:来|统一|负责)?(负责|解释|审批|批准|组织|管理|牵头|运营|承担|发放|支付|确认|审核|决定|委派|保管)"
)


@dataclass(frozen=True)
class Fact:
    """``value`` (a year, a person, a body; folded) of ``key`` (event, office, deed) at a range."""

    key: str
    value: str
    text: str
    start: int
    end: int


def facts(text: str) -> Iterator[Fact]:
    """The facts of a text."""
    yield from _dates(text)
    yield from _holders(text)
    for match in _AGENT.finditer(text):
        yield Fact(f"由{match[2]}", fold(match[1]), match[1], *match.span(1))


def _dates(text: str) -> Iterator[Fact]:
    for match in _DATE.finditer(text):
        year = _YEAR.match(match.group())
        stop = re.search("[，。；？！,;?!]", text[match.end() :])
        after = text[match.end() : match.end() + (stop.start() if stop else len(text))]
        event = re.search(_EVENT, after[:24])
        if year and event and (value := read_number(year[1])):
            yield Fact(event.group(), str(value), match.group(), *match.span())


def _is_name(word: str, tags: dict[int, tuple[str, str]]) -> bool:
    """A surname with one or two characters that is no word of the dictionary (单位)."""
    if word[0] not in _SURNAMES or not re.fullmatch("[\u4e00-\u9fff]{2,3}", word):
        return False
    return (word, "nr") in tags.values() or not in_dictionary(word)


def _holders(text: str) -> Iterator[Fact]:
    """队长梁毅, 梁毅是队长, 队长是梁毅."""
    ends: set[int] = set()
    tags: dict[int, tuple[str, str]] = {}
    place = 0
    for word, tag in tagged(text):
        tags[place] = (word, tag)
        place += len(word)
        ends.add(place)
    for match in _BEFORE_NAME.finditer(text):
        end = next((match.end() + n for n in (3, 2) if match.end() + n in ends), None)
        name = text[match.end() : end] if end else ""
        if end and _is_name(name, tags) and not _OFFICE.search(name):
            yield Fact(match[1], fold(name), name, match.end(), end)
    for start, (word, tag) in tags.items():
        end = start + len(word)
        after = _AFTER_NAME.match(text, end)
        if tag == "nr" and 2 <= len(word) <= 3 and after and not _OFFICE.search(word):
            yield Fact(after[1], fold(word), word, start, end)

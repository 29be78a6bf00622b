"""Questions made from a library's own sentences: answerable ones, and ones that it can't answer.

- ``cloze``: a sentence with its number, date or agent asked for (…自收到之日起多少日内…？),
- ``swapped``: the same asked of a place, body or year that the document never names,
- ``absent``: a fact of another sort (cost, telephone, place, frequency …) asked of something that
  a passage is about, where no sentence of the document that names it holds a fact of that sort.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.sentences import UnitKind, split_units
from assistant.terms import tagged

_CN = "零〇一二两三四五六七八九十百千"
_NUM = rf"(?:[0-9]{{1,6}}|[{_CN}]{{1,6}})"
#: What is asked for: the fact in a sentence, and the words of asking put in its place.
_FACTS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("money", re.compile(rf"(?<![第{_CN}0-9]){_NUM}(?:万|亿|千|百)?元"), ("多少钱", "多少元")),
    (
        "duration",
        re.compile(rf"(?<![第{_CN}0-9年月]){_NUM}(?:个工作日|个月|日|天|小时|年)(?=以?内|之内|以上|以下|前)"),
        ("多长时间", "多少天", "多久"),
    ),
    ("count", re.compile(rf"(?<![第{_CN}0-9]){_NUM}(?=名|人|个|次|项|家|支|件|份|场)"), ("多少", "几")),
    ("date", re.compile("[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"), ("什么时候", "哪天")),
    (
        "agent",
        re.compile("(?<=由)[\u4e00-\u9fff]{2,14}?(?=负责|组织|审批|批准|决定|解释|制定|牵头|承担)"),
        ("谁", "哪个部门"),
    ),
)  # fmt: skip
#: What is not there: by which words it would be known, and how it is asked for.
_ABSENT: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "cost",
        re.compile("元|免费|收费|费用|经费|补助|补贴"),
        (
            "{}要花多少钱？",
            "{}的收费标准是多少？",
            "{}每月补贴多少钱？",
            "{}的经费有多少？",
            "办{}要交多少钱",
        ),
    ),
    (
        "phone",
        re.compile("电话|热线|[0-9]{7}"),
        ("{}的联系电话是多少？", "{}的咨询电话是什么", "{}的邮箱地址是什么？"),
    ),
    (
        "person",
        re.compile("负责|责任|联系人|由[\u4e00-\u9fff]|担任|牵头"),
        ("{}由谁负责？", "{}的联系人是谁？", "{}的负责人叫什么名字？", "{}归哪个部门管？"),
    ),
    (
        "place",
        re.compile("室|楼|路|大厅|窗口|号|地点|地址|在[\u4e00-\u9fff]{2,8}(?:举行|办理|召开)"),
        ("{}在哪里办理？", "{}的办公地点在哪儿？", "{}在几楼？"),
    ),
    (
        "frequency",
        re.compile("每|次|期|定期|年度|季|月|周"),
        ("{}多久一次？", "{}每年要搞几次？", "{}几个月检查一回？"),
    ),
    (
        "deadline",
        re.compile(rf"{_NUM}\s?(?:年|月|日|天|小时)|之日|当日|期限|届满|前"),
        ("{}最晚什么时候完成？", "{}的截止日期是哪天？", "{}几天之内要办好？"),
    ),
    (
        "people",
        re.compile(rf"{_NUM}余?\s?(?:人|名|位|家|个|支|户)"),
        ("{}一共有多少人？", "有多少家单位参加了{}？", "{}里有几个人？"),
    ),
    (
        "since",
        re.compile("[0-9〇零一二三四五六七八九]{4}年|之日"),
        ("{}是哪一年开始的？", "{}从什么时候起实行？"),
    ),
    (
        "size",
        re.compile("平方米|面积|公里|亩|册|台|辆"),
        ("{}的面积有多大？", "{}用的是什么牌子？", "{}配了几台电脑？"),
    ),
)
_OTHERS = {
    "place": ("广州市", "青岛市", "宁波市", "成都市", "云岭县", "石门镇", "浙江省", "湖南省", "昆山市", "滨江区"),
    "body": ("市教育局", "市民政局", "县卫健局", "市图书馆", "省税务局", "市公安局", "市总工会", "县档案馆"),
    "year": ("2009年", "2013年", "2016年", "2019年"),
}  # fmt: skip
_HEAD = re.compile(
    "^(?:第[零〇一二三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?"
    "|[（(][一二三四五六七八九十]{1,3}[）)]|[0-9]{1,2}[.、]|[一二三四五六七八九十]{1,3}、)\\s*"
)
_QUOTED = re.compile("“([^“”，。]{2,10})”")
_CLAUSE = re.compile("[，。；：！？\n]")
_SENTENCE_LIMIT = 120


@dataclass(frozen=True)
class Made:
    """A question, what must stand in a right answer ("" for none), and the sentence it is from."""

    q: str
    answer: str
    sentence: str
    sort: str
    document: str


def clozes(texts: Sequence[tuple[str, str]], count: int, seed: int = 3) -> list[Made]:
    """At most ``count`` sentences of ``texts`` (document, text) turned into questions."""
    chooser = random.Random(seed)
    found: list[Made] = []
    for document, text in chooser.sample(list(texts), len(texts)):
        made = list(_clozes_of(document, text, chooser))
        found.extend(chooser.sample(made, min(len(made), 2)))
        if len(found) >= count:
            break
    return found[:count]


def _clozes_of(document: str, text: str, chooser: random.Random) -> Iterator[Made]:
    for unit in split_units(text):
        if unit.kind is UnitKind.HEADING or not 14 <= len(unit.text) <= _SENTENCE_LIMIT:
            continue
        for sort, pattern, asking in _FACTS:
            for match in pattern.finditer(unit.text):
                q = _asked(unit.text, match.start(), match.end(), chooser.choice(asking))
                if q:
                    yield Made(q, match.group(), unit.text, f"cloze_{sort}", document)


def _asked(sentence: str, start: int, end: int, asking: str) -> str:
    """The clause of the fact, with the one before it, as a question; "" where too little is left."""
    head = _HEAD.match(sentence)
    begin = head.end() if head else 0
    cuts = [begin] + [m.end() for m in _CLAUSE.finditer(sentence) if begin < m.end() <= start]
    stop = _CLAUSE.search(sentence, end)
    first = cuts[-1] if start - cuts[-1] >= 8 else cuts[max(0, len(cuts) - 2)]
    left = sentence[first:start]
    right = sentence[end : stop.start() if stop else len(sentence)]
    if len(left) + len(right) < 8 or len(left) + len(right) > 60:
        return ""
    return f"{left}{asking}{right}？"


def swapped(made: Made, document_text: str, chooser: random.Random) -> Made | None:
    """The question asked of a place, body or year that the document never names."""
    sort = chooser.choice(tuple(_OTHERS))
    name = chooser.choice(_OTHERS[sort])
    bare = name.lstrip("市县省") if sort == "body" else name
    if bare in document_text or bare.rstrip("省市县镇区年") in document_text:
        return None
    joint = "" if sort == "year" else chooser.choice(("", "的", "这边"))
    return Made(f"{name}{joint}{made.q}", "", made.sentence, f"swapped_{sort}", made.document)


def absent(texts: Sequence[tuple[str, str, str]], count: int, seed: int = 5) -> list[Made]:
    """Questions on facts that are not there; ``texts`` are (document, passage, whole text)."""
    chooser = random.Random(seed)
    found: list[Made] = []
    for document, text, whole in chooser.sample(list(texts), len(texts)):
        things = _things(text)
        if not things:
            continue
        thing = chooser.choice(things)
        naming = " ".join(u.text for u in split_units(whole[:60_000]) if thing in u.text)
        fitting = [one for one in _ABSENT if not one[1].search(naming) and not one[1].search(text)]
        if fitting:
            sort, _, ways = chooser.choice(fitting)
            q = chooser.choice(ways).format(thing)
            found.append(Made(q, "", text, f"absent_{sort}", document))
        if len(found) >= count:
            break
    return found


def _things(text: str) -> list[str]:
    """What a passage speaks of: quoted terms, and runs of two to four nouns."""
    found = _QUOTED.findall(text)
    run = ""
    for word, tag in [*tagged(text[:400]), ("", "x")]:
        if tag.startswith(("n", "vn", "j", "l")) and len(word) > 1 and word.isalpha():
            run += word
        else:
            if 4 <= len(run) <= 10:
                found.append(run)
            run = ""
    return list(dict.fromkeys(found))[:6]

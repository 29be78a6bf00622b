"""True sentences made false in known ways. Each function gives None where its way does not fit.

What comes out says something that its cited passage does not say, or cites what is not there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.grounding.base import Source
from bench.drafts.sources import Statement
from index.numerals import parse_article, to_chinese

_CN = "零一二三四五六七八九十百千"
_NUMBER = re.compile(
    rf"(?<![第之{_CN}0-9])([0-9]{{1,6}}|[{_CN}]{{1,5}})(?=(?:个|名|人|年|月|日|天|周|次|元|万|倍|项|种|件|份|小时|届|级|%|％))"
)
_DATE = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}月[0-9]{1,2}日")
_SUBJECT = re.compile(
    r"(?:各级|市|省|县级?|上级|下级|基层|地方)?(?:人民政府|党委|党组织|党支部|纪委|纪律检查委员会|监察机关|人民法院|人民检察院|公安机关|"
    r"主管部门|行政部门|用人单位|委员会|当事人|申请人|被申请人|党员|领导干部|公务员|劳动者|消费者|经营者|纳税人|负责人|股东|董事|"
    r"监事|监护人|出租人|承租人|债权人|债务人|行为人|税务机关|海关|国务院|常务委员会|办公厅|组织部|财政部门|审计机关|巡视组)"
)
_CONDITION = re.compile(r"^[^，。；]{4,50}(?:的|时|后|外)，")
_ATTRIBUTE = re.compile(
    r"(?<=[，。得当以对由向为、])[^，。；、的《》“”]{3,14}的(?=[\u4e00-\u9fff]{2})"
)


def pairs(listed: str) -> tuple[tuple[str, str], ...]:
    """``甲 乙|丙 丁`` as pairs of words."""
    return tuple((a, b) for a, b in (pair.split() for pair in listed.split("|")))


_VERBS = pairs(
    "批准 撤销|报告 公布|审查 起草|责令 建议|给予 免除|提出 撤回|组织 参加|监督 代替|决定 讨论|制定 废止|保护 限制|登记 注销|"
    "申请 拒绝|支付 收取|提交 领取|公开 保密|协助 主管|检查 指导|负责 配合|承担 转移|享有 承担|通知 询问|处理 移送|"
    "设立 撤销|调查 审理"
)
_BOUNDS = pairs(
    "以上 以下|不超过 不少于|不得超过 不得少于|不低于 不高于|以内 以上|之前 之后|超过 少于|不满 超过"
)


@dataclass(frozen=True)
class Draft:
    """A sentence of a draft with the sources that it cites; None is a number that does not exist."""

    text: str
    cited: tuple[Source | None, ...]
    way: str
    origin: Statement


Corruption = Callable[[Statement, random.Random, Sequence[Statement]], Draft | None]


def _draft(way: str, statement: Statement, text: str | None) -> Draft | None:
    if text is None or text == statement.text or len(text) < 8:
        return None
    return Draft(text, (statement.source,), way, statement)


def wrong_number(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """三年 becomes 五年, 10日 becomes 15日."""
    found = list(_NUMBER.finditer(s.text))
    if not found:
        return None
    match = rng.choice(found)
    from index.numerals import parse_number

    value = parse_number(match.group()) or 1
    other = rng.choice(
        [v for v in (value + 1, value + 2, value * 2, value + 5, max(1, value - 1)) if v != value]
    )
    new = str(other) if match.group().isascii() else to_chinese(other)
    return _draft("错数字", s, s.text[: match.start()] + new + s.text[match.end() :])


def wrong_date(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """Another year or month in a date, or a date that nobody stated."""
    found = list(_DATE.finditer(s.text))
    if not found:
        return _draft(
            "错日期", s, f"自{rng.randint(2010, 2026)}年{rng.randint(1, 12)}月1日起，{s.text}"
        )
    match = rng.choice(found)
    digits = list(re.finditer("[0-9]+", match.group()))
    one = rng.choice(digits)
    value = int(one.group())
    new = match.group()[: one.start()] + str(value + 1) + match.group()[one.end() :]
    return _draft("错日期", s, s.text[: match.start()] + new + s.text[match.end() :])


def wrong_article(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """Another article of the same rule in the attribution."""
    others = [a.path for a in s.rule.articles if a.path != s.source.path]
    if not others:
        return None
    return _draft("错条号", s, f"根据《{s.source.title}》{rng.choice(others)}，{s.text}")


def invented_article(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """An article that the rule does not have."""
    numbers = [parse_article(a.path) or (0,) for a in s.rule.articles]
    number = max(n[0] for n in numbers) + rng.randint(1, 80)
    return _draft("编造条号", s, f"《{s.source.title}》第{to_chinese(number)}条规定，{s.text}")


def wrong_title(s: Statement, rng: random.Random, pool: Sequence[Statement]) -> Draft | None:
    """The article's number with the name of another rule."""
    other = rng.choice(pool)
    if other.source.title == s.source.title:
        return None
    return _draft("错文件名", s, f"根据《{other.source.title}》{s.source.path}，{s.text}")


def swapped_subject(s: Statement, rng: random.Random, pool: Sequence[Statement]) -> Draft | None:
    """Two bodies of the sentence change places, or one is replaced by another of the rule."""
    found = list({m.group(): m for m in _SUBJECT.finditer(s.text)}.values())
    if len(found) >= 2:
        a, b = sorted(rng.sample(found, 2), key=lambda m: m.start())
        text = (
            s.text[: a.start()]
            + b.group()
            + s.text[a.end() : b.start()]
            + a.group()
            + s.text[b.end() :]
        )
        return _draft("换主语", s, text)
    own = [m.group() for x in s.rule.articles for m in _SUBJECT.finditer(x.text)]
    others = sorted({o for o in own if found and o not in s.text and found[0].group() not in o})
    if not others:
        return None
    m = found[0]
    return _draft("换主语", s, s.text[: m.start()] + rng.choice(others) + s.text[m.end() :])


def other_body(s: Statement, rng: random.Random, pool: Sequence[Statement]) -> Draft | None:
    """A body of some other rule in the place of the sentence's."""
    found = list(_SUBJECT.finditer(s.text))
    others = sorted(
        {
            m.group()
            for p in rng.sample(list(pool), min(30, len(pool)))
            for m in _SUBJECT.finditer(p.text)
        }
    )
    others = [o for o in others if o not in s.source.text]
    if not found or not others:
        return None
    m = rng.choice(found)
    return _draft("换机构", s, s.text[: m.start()] + rng.choice(others) + s.text[m.end() :])


def dropped_not(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """不得 becomes 可以, a 不 or 未 goes."""
    ways = [
        re.sub("不得|不准|严禁|禁止", rng.choice(["可以", "应当", "得"]), s.text, count=1),
        re.sub(r"不(?=[\u4e00-\u9fff])(?!得|仅|断|同|动产)", "", s.text, count=1),
        re.sub(r"(?<=[^不])未(?=[\u4e00-\u9fff])", "已", s.text, count=1),
        re.sub("不予", "予以", s.text, count=1),
    ]
    ways = [w for w in ways if w != s.text]
    return _draft("去掉不", s, rng.choice(ways)) if ways else None


def added_not(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """应当 becomes 不得, 可以 不可以, a 不 before a verb."""
    ways = [
        re.sub("应当|必须|可以", "不得", s.text, count=1),
        re.sub("(应当|可以)", r"不\1", s.text, count=1),
        re.sub("(应当|可以)(?!不)", r"\1不", s.text, count=1),
        re.sub("(给予|予以|承担|适用|属于)", r"不\1", s.text, count=1),
    ]
    ways = [w for w in ways if w != s.text]
    return _draft("加上不", s, rng.choice(ways)) if ways else None


def changed_modal(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """可以 becomes 应当 or the other way round."""
    text = (
        s.text.replace("可以", "必须", 1) if "可以" in s.text else s.text.replace("应当", "可以", 1)
    )
    return _draft("应当可以互换", s, text)


def widened(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """所有 before the subject, 一律, a condition or an exception left out."""
    subject = _SUBJECT.search(s.text)
    ways = [
        re.sub(
            "(应当|可以|不得|必须)",
            rng.choice([r"一律\1", r"在任何情况下都\1", r"均\1"]),
            s.text,
            count=1,
        ),
        _CONDITION.sub("", s.text),
        re.sub("一般|原则上", "一律", s.text, count=1),
        re.sub("部分|个别|少数", "全部", s.text, count=1),
        re.sub("，?但[^。]*(?=。)", "", s.text, count=1),
        re.sub("除[^，。]{2,40}(?:外|以外)，", "", s.text, count=1),
    ]
    if subject:
        word = rng.choice(["所有", "一切", "任何"])
        ways.append(s.text[: subject.start()] + word + s.text[subject.start() :])
    ways = [w for w in ways if w != s.text]
    return _draft("扩大范围", s, rng.choice(ways)) if ways else None


def merged(s: Statement, rng: random.Random, pool: Sequence[Statement]) -> Draft | None:
    """The head of one sentence with the end of another passage's, citing both."""
    others = [a for a in s.rule.articles if a != s.source and "，" in a.text]
    if "，" not in s.text or not others:
        return None
    other = rng.choice(others)
    tail = re.split("[。\n]", other.text)[0].rsplit("，", 1)[-1].strip("：:；; ")
    if len(tail) < 6 or tail in s.source.text:
        return None
    text = s.text[: s.text.rindex("，") + 1] + tail + "。"
    return Draft(text, (s.source, other), "拼接两段", s)


def bounds(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """以上 becomes 以下, 不超过 不少于."""
    for pair in rng.sample(_BOUNDS, len(_BOUNDS)):
        for old, new in (pair, pair[::-1]):
            if old in s.text:
                return _draft("以上以下互换", s, s.text.replace(old, new, 1))
    return None


def attribute(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """An attribute that narrows the rule is left out."""
    found = list(_ATTRIBUTE.finditer(s.text))
    if not found:
        return None
    m = rng.choice(found)
    return _draft("去掉限定语", s, s.text[: m.start()] + s.text[m.end() :])


def other_verb(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """Another thing is done: 批准 becomes 撤销."""
    for pair in rng.sample(_VERBS, len(_VERBS)):
        for old, new in (pair, pair[::-1]):
            if old in s.text:
                return _draft("换动作", s, s.text.replace(old, new, 1))
    return None


def other_passage(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """A true sentence that cites another article."""
    others = [a for a in s.rule.articles if s.text[:-1] not in a.text]
    if not others:
        return None
    return Draft(s.text, (rng.choice(others),), "张冠李戴", s)


def invented_citation(s: Statement, rng: random.Random, _: Sequence[Statement]) -> Draft | None:
    """A number that no passage has, alone or beside a true one."""
    cited: tuple[Source | None, ...] = (None,) if rng.random() < 0.5 else (s.source, None)
    return Draft(s.text, cited, "编造编号", s)


def _stands(draft: Draft) -> bool:
    """Whether the changed words happen to stand in what they cite, and so are not false at all."""
    return draft.text != draft.origin.text and any(
        draft.text[:-1] in source.text for source in draft.cited if source is not None
    )


WAYS: tuple[Corruption, ...] = (
    wrong_number,
    wrong_date,
    wrong_article,
    invented_article,
    wrong_title,
    swapped_subject,
    other_body,
    dropped_not,
    added_not,
    changed_modal,
    widened,
    merged,
    bounds,
    attribute,
    other_verb,
    other_passage,
    invented_citation,
)


def corrupted(pool: Sequence[Statement], count: int, seed: int) -> list[Draft]:
    """``count`` drafts, as evenly over the ways as the sentences allow, each sentence once a way."""
    rng = random.Random(seed)
    drafts: list[Draft] = []
    quota = -(-count // len(WAYS))
    for way in WAYS:
        made = 0
        for statement in rng.sample(list(pool), len(pool)):
            draft = way(statement, rng, pool)
            if draft is not None and not _stands(draft):
                drafts.append(draft)
                made += 1
                if made == quota:
                    break
    rng.shuffle(drafts)
    return drafts[:count]

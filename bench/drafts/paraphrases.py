"""True sentences said honestly in other words, by rule.

The synonyms here are the bench's own; the checks know some of them and not others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from bench.drafts.corruptions import Draft, pairs
from bench.drafts.sources import Statement
from index.numerals import parse_number, to_chinese

Paraphrase = Callable[[str, Statement, random.Random], str]
_CN = "零一二三四五六七八九十百千"
_NUMBER = re.compile(
    rf"(?<![第之{_CN}0-9])([0-9]{{1,6}}|[{_CN}]{{1,5}})(?=(?:名|年|月|日|天|周|次|元|倍|人|小时|个月|个工作日))"
)
_MODAL = {
    "应当": ("必须", "应", "要", "应该", "须"),
    "必须": ("应当", "须"),
    "不得": ("不能", "不准", "不可", "禁止"),
    "可以": ("可",),
}
_SYNONYMS = pairs(
    "根据 依据|依照 按照|按照 依照|进行 开展|立即 马上|制定 制订|召开 举行|报送 呈报|提交 递交|作出 做出|期限 时限|有关 相关|"
    "以及 和|并 并且|及时 尽快|单位 机构|办理 处理|开展 组织开展|成员 组成人员|发现 查出|每年 每年度|通知 告知|"
    "因 由于|自 从|情形 情况|设立 设置|或者 或|以内 之内|帮助 协助|保存 留存|费用 开支|负责 承担|建立 构建|加强 强化|健全 完善|"
    "同意 许可|通过 经由|需要 需|如实 真实|方式 形式|实施 施行|共同 一起|保证 确保|违反 违背"
)
_AIM = re.compile(r"^(?:为|为了|根据|依照|按照)[^，。；]{2,60}，")
_CONDITION = re.compile(r"^([^，。；]{4,50}(?:的|时|后))，([^，。；]{6,80})。$")
_MANNER = re.compile("及时|认真|切实|积极|依法(?=[\u4e00-\u9fff]{2})|严格|主动")
_ITEM = re.compile(r"、([^，。；、（）()《》“”和与]{2,12})(?=、)")


def verbatim(text: str, _: Statement, __: random.Random) -> str:
    """The sentence itself."""
    return text


def modal(text: str, _: Statement, rng: random.Random) -> str:
    """应当 becomes 必须, 不得 不能."""
    for word, others in _MODAL.items():
        text = text.replace(word, rng.choice(others), 1)
    return text


def synonym(text: str, _: Statement, rng: random.Random) -> str:
    """One or two words become their synonyms."""
    made = 0
    for pair in rng.sample(_SYNONYMS, len(_SYNONYMS)):
        old, new = pair
        if old in text and made < 2:
            text = re.sub(rf"(?<![\u4e00-\u9fff]){old}|{old}", new, text, count=1)
            made += 1
    return text


def number(text: str, _: Statement, __: random.Random) -> str:
    """三年 becomes 3年 and 10日 十日."""

    def other(match: re.Match[str]) -> str:
        value = parse_number(match.group())
        if value is None:
            return match.group()
        return to_chinese(value) if match.group().isascii() else str(value)

    return _NUMBER.sub(other, text)


def order(text: str, _: Statement, __: random.Random) -> str:
    """The condition comes after the rule."""
    match = _CONDITION.match(text)
    return f"{match[2]}，{match[1]}。" if match else text


def shorter(text: str, _: Statement, rng: random.Random) -> str:
    """Without its aim, a word of manner, or a part of an enumeration."""
    ways = [_AIM.sub("", text), _MANNER.sub("", text, count=1), _ITEM.sub("", text, count=1)]
    ways = [w for w in ways if w != text and len(w) > 12]
    return rng.choice(ways) if ways else text


def attributed(text: str, s: Statement, rng: random.Random) -> str:
    """With where it stands."""
    head = f"《{s.source.title}》{s.source.path}"
    return rng.choice([f"根据{head}，", f"{head}规定，", f"按照{head}的规定，"]) + text


WAYS: dict[str, tuple[Paraphrase, ...]] = {
    "原句": (verbatim,),
    "情态词": (modal,),
    "同义词": (synonym,),
    "数字写法": (number,),
    "分句次序": (order,),
    "缩短": (shorter,),
    "加出处": (attributed,),
    "情态词＋加出处": (modal, attributed),
    "缩短＋情态词": (shorter, modal),
    "数字写法＋情态词": (number, modal),
}


def honest(pool: Sequence[Statement], count: int, seed: int) -> list[Draft]:
    """``count`` drafts that say what their source says, evenly over the ways."""
    rng = random.Random(seed)
    drafts: list[Draft] = []
    quota = -(-count // len(WAYS))
    for name, steps in WAYS.items():
        made = 0
        for statement in rng.sample(list(pool), len(pool)):
            text = statement.text
            changed = True
            for step in steps:
                after = step(text, statement, rng)
                changed = changed and (after != text or step is verbatim)
                text = after
            if changed:
                drafts.append(Draft(text, (statement.source,), name, statement))
                made += 1
                if made == quota:
                    break
    rng.shuffle(drafts)
    return drafts[:count]

"""One writing for what may be written in several ways: numerals, modal words, synonyms.

三日 and 3日, 必须 and 应当, 依照 and 根据 become equal, so that comparing characters compares
meaning. Only words that no rule tells apart stand in the table: 以上 is never 超过, 和 never 或者.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.numerals import NUMERAL_CHARS, parse_number

#: First word: the canonical one. Order of the groups does not matter.
_SYNONYMS = (
    "应当 必须 应该 须 应 要 务必 务须 必需",
    "可以 可 有权 能够",
    "不得 不准 不许 不能 不可 不可以 禁止 严禁 不允许 不应 不应当 不应该 切勿",
    "无需 不需 无须 不必 不需要 毋须 毋需",
    "根据 依据 按照 依照 遵照 按 依 照",
    "和 与 及 以及 同 跟 暨",
    "或者 或 抑或",
    "但 但是 然而 不过",
    "如果 如 若 倘若 假如 要是",
    "对 对于 针对",
    "所称 所指",
    "包括 包含 涵盖",
    "以内 之内 内",
    "期间 期内",
    "自 从",
    "之日 当日 当天",
    "工作日 个工作日",
    "日 天",
    "名 位",
    "立即 立刻 马上",
    "每年 每年度",
    "撰写 写",
    "作出 做出",
    "进行 开展",
    "负责 承担",
    "制定 制订",
    "汇报 报告",
    "报送 呈报",
    "审批 批准",
    "设立 设置",
    "属于 系",
    "各类 各种",
    "因 因为 由于",
    "为了 为",
    "召开 举行",
    "本人 自己",
    "情形 情况",
    "处理 处置",
    "提交 递交",
    "一律 一概",
    "通知 告知",
    "此外 另外",
    "有关 相关",
    "加强 强化",
    "违反 违背",
    "及时 尽快",
    "一般 通常",
    "并处 并且处",
    "目前 现在",
    "共计 合计 总计",
    "询问 问询",
)
_TABLE = {word: group.split()[0] for group in _SYNONYMS for word in group.split()}
_MEASURES = (
    "个工作日|工作日|个月|年度|年|月|日|天|小时|分钟|周|届|岁|个|名|人|位|家|支|项|条|款|类|种|次|件|份|处|组|批|元|"
    "万元|亿元|户|级|场|倍|篇|章|节|本|册|万|亿|%|％|学时|人次|平方米|公里|千克|以|至|到|分之"
)
_NUMBER = re.compile(
    rf"百分之(?P<percent>[{NUMERAL_CHARS}.]{{1,8}})|"
    rf"(?P<under>[{NUMERAL_CHARS}]{{1,4}})分之(?P<over>[{NUMERAL_CHARS}]{{1,4}})|"
    rf"(?P<plain>(?:(?<=第)|(?<![统一唯单第万千百]))[{NUMERAL_CHARS}]{{1,12}})(?=\s?(?:{_MEASURES}))|"
    rf"(?<=第)(?P<ordinal>[{NUMERAL_CHARS}]{{1,9}})|(?P<long>[{NUMERAL_CHARS}]{{2,12}})"
)
_GROUPED = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_GLUED = "应可须要需"
_BUT = re.compile(r"但[，,]")
_DROPPED = re.compile(r"[\s“”‘’\"'「」『』*`#]+")


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """``text`` in one writing; its clauses stay divided by the signs that divided them."""
    plain = numerals(text)
    return _BUT.sub("但", "".join(_TABLE.get(word, word) for word in words(plain)))


@lru_cache(maxsize=8192)
def numerals(text: str) -> str:
    """Half-width, without white space and quotation marks, numbers in Arabic digits."""
    clean = unicodedata.normalize("NFKC", text).replace("〇", "零").lower()
    clean = _GROUPED.sub("", _DROPPED.sub("", clean))
    return _NUMBER.sub(_digits, clean)


def _digits(match: re.Match[str]) -> str:
    if match["percent"]:
        return f"{_value(match['percent'])}%"
    if match["under"]:
        return f"{_value(match['over'])}/{_value(match['under'])}"
    return _value(match.group())


def _value(numeral: str) -> str:
    value = parse_number(numeral)
    return numeral if value is None else str(value)


def words(text: str) -> list[str]:
    """The words of a text with all its signs, in order; joined they are ``text``."""
    import rjieba

    found: list[str] = []
    for word in rjieba.cut(text):
        if len(word) > 1 and word[0] in _GLUED and not rjieba.has_word(word):
            found += [word[0], word[1:]]  # the cutter takes 应自 in 应自收到 for a word
        else:
            found.append(word)
    return found

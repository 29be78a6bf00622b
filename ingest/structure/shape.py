"""What a line looks like apart from its number: a date, a signature, a title, a plain sentence."""

from __future__ import annotations

import re

from index.numerals import NUMERAL_CHARS

_DATE = re.compile(
    rf"[（(]?\s?[0-9０-９〇○零一二三四五六七八九]{{4}}\s?年\s?[{NUMERAL_CHARS}]{{1,3}}\s?月"
    rf"(?:\s?[{NUMERAL_CHARS}]{{1,4}}\s?日)?(?:印发|发布|公布)?\s?[）)]?|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}"
)
_ENDS = "。；：！？，、…;:!?,"
_END_OR_QUOTE = re.compile(r"[。；！？…;!?：:][”’」』）)】\"']{0,3}$")
_NUMBERED_DOC = re.compile(
    r"[（(]?[\u4e00-\u9fffA-Za-z]{1,20}\s?[〔［\[（(【]\s?[0-9０-９]{4}\s?[〕］\]）)】]\s?第?\s?"
    r"[0-9０-９]{1,6}\s?号[）)]?"
)
_ORDER = re.compile(
    rf"[\u4e00-\u9fff]{{0,30}}第\s?[{NUMERAL_CHARS}]{{1,6}}\s?号(?:令)?|[\u4e00-\u9fff]{{2,60}}令"
)
_BRACKETED = re.compile(r"[（(［\[【].{0,600}[）)］\]】]")
_KINDS_OF_DOCUMENT = [
    "办法",
    "条例",
    "规定",
    "规则",
    "细则",
    "准则",
    "章程",
    "规程",
    "制度",
    "方案",
    "意见",
    "决定",
    "通知",
    "通报",
    "公告",
    "通告",
    "决议",
    "纪要",
    "指引",
    "标准",
    "解释",
    "批复",
    "复函",
    "答复",
    "函",
    "报告",
    "请示",
    "计划",
    "规划",
    "纲要",
    "要点",
    "清单",
    "法",
    "宪法",
    "法典",
    "修正案",
    "守则",
    "公约",
    "指南",
    "手册",
    "规范",
    "补充规定",
    "暂行规定",
    "协议",
    "议案",
    "命令",
    "解答",
    "实施办法",
    "说明",
    "总结",
    "目录",
]
_VERSION = re.compile(r"[（(〔［\[][^（）()]{1,24}[）)〕］\]]$")
_SOURCE = re.compile(
    r"(?:本文)?(?:来源|备注|注|编辑|责任编辑|责编|作者|附注|原文链接|相关链接"
    r"|抄\s?送|抄\s?报|分\s?送|主题词|联系人|联系电话|共印|印数)\s?[：:]|[（(](?:此件|联系人|附注)"
)


def bare(text: str) -> str:
    """A text without any white space."""
    return "".join(text.split())


def is_date(text: str) -> bool:
    """A line that is nothing but a date."""
    return len(text) <= 30 and bool(_DATE.fullmatch(text))


def ends_with_date(text: str) -> bool:
    """A short line whose last thing is a date: 财政部办公厅 2014年9月15日."""
    if len(text) > 60:
        return False
    found = list(_DATE.finditer(text))
    return bool(found) and found[-1].end() == len(text) and "，" not in text


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence or clause does."""
    return bool(_END_OR_QUOTE.search(text[-6:]))


def is_bracketed(text: str) -> bool:
    """A line wholly in brackets: （2018年3月20日……通过）."""
    return len(text) <= 600 and text[0] in "（(［[【" and bool(_BRACKETED.fullmatch(text))


def is_document_number(text: str) -> bool:
    """A line that is a document's number (国发〔2024〕5号, 第31号) or the head of an order."""
    return len(text) <= 60 and bool(_NUMBERED_DOC.fullmatch(text) or _ORDER.fullmatch(bare(text)))


def is_short(text: str, limit: int = 60) -> bool:
    """Short, with no sentence in it: it may be a title, a heading or a signature."""
    return len(text) <= limit and text[-1] not in _ENDS and "。" not in text


def names_document(text: str) -> bool:
    """Whether a short line ends as the titles of documents do (办法, 条例（试行）, 的通知 …)."""
    text = bare(text).strip("《》*#")
    while match := _VERSION.search(text):
        text = text[: match.start()].strip("《》")
    return len(text) >= 3 and text.endswith(tuple(_KINDS_OF_DOCUMENT))


def is_note(text: str) -> bool:
    """A remark of the site or the editor at the end: 来源：…"""
    return bool(_SOURCE.match(text))


def is_signature(text: str) -> bool:
    """A line that may be an office's name below a text (with a date after it)."""
    return is_short(text, 40) and "，" not in text and not text[0].isdigit()

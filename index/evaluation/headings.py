"""Names of a question's fields, as people write them over a column."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "q": ("q", "query", "question", "问题", "题目", "提问", "测试问题"),
    "id": ("id", "编号", "序号", "题号"),
    "kind": ("kind", "type", "类别", "类型", "题型", "问题类别"),
    "gold": ("gold", "依据", "正确依据", "答案依据", "出处", "正确出处", "条款依据"),
    "document": ("document", "documents", "doc", "文件", "文件名", "文件名称", "依据文件"),
    "article": ("article", "articles", "条", "条款", "条号", "第几条"),
    "unanswerable": ("unanswerable", "无依据", "没有依据", "不应作答"),
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names}
_YES = frozenset(("true", "1", "yes", "y", "是", "对", "√", "✓", "✔"))


def field_of(heading: str) -> str | None:
    """The field that a heading names, None for one that is not ours (``detail`` and remarks)."""
    clean = "".join(unicodedata.normalize("NFKC", heading[:40]).split()).lower()
    return _FIELDS.get(clean.strip("\ufeff:"))


def is_yes(value: object) -> bool:
    """Whether a cell says yes."""
    return value is True or str(value).strip().lower() in _YES

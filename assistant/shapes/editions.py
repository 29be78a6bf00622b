"""Two versions of one rule side by side: the articles whose words changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.citing import Chosen
from assistant.evidence import units_of
from assistant.question import Question, content_words
from assistant.sentences import Unit, UnitKind
from assistant.shapes.base import DraftTable, Material, Shaped
from assistant.shapes.view import DocumentView
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS, synonyms
from index.records import DocumentRecord
from index.versions.compare.articles import Article, read_articles
from index.versions.compare.comparison import (
    ADDED,
    CHANGED,
    MOVED_CHANGED,
    REMOVED,
    Change,
    compare,
)

MOST_ROWS = 12
_CELL = 3  # sentences of an article in a cell
_VERSIONS = re.compile(
    r"修订|修改|试行|新旧|旧版|老版|新版|版本|原办法|原规定|(?:19|20)[0-9]{2}年?版?|前后|变化|以前|现在|旧|新"
)
_ASKS_VERSIONS = re.compile(
    r"修订前后|修改前后|试行|修订[版后前]|新旧|[新旧老]版|两个?版本|前后.{0,6}变化|改了哪些|作了哪些修改|(?:19|20)[0-9]{2}年?版?(?:和|与|、|跟)(?:19|20)[0-9]{2}"
)


def compared(material: Material) -> Shaped | None:
    """What changed between two versions; None where the question doesn't speak of versions or the
    library has one only."""
    question = material.question
    if not _ASKS_VERSIONS.search(question.text):
        return None
    pair = _two(question, material)
    if pair is None:
        return None
    old, new = (material.shelf.document(record) for record in pair)
    changes = [
        change
        for change in _comparison(old, new)
        if change.kind in (CHANGED, MOVED_CHANGED, ADDED, REMOVED)
    ]
    words = _topic(question, old, new)
    about = [change for change in changes if _about(change, words)] if words else changes
    if not about:
        return None
    shown = about[:MOST_ROWS]
    rows = tuple(_row(change, old, new) for change in shown)
    columns = (_name(old.record), _name(new.record))
    table = DraftTable(columns, tuple(_aspect(change) for change in shown), rows)
    notes: tuple[str, ...] = ()
    if len(about) > MOST_ROWS:
        notes = (
            f"两个版本共有 {len(about)} 条不同，这里列出前 {MOST_ROWS} 条；"
            "全部不同见 luming diff 或页面的“版本对比”。",
        )
    parts = [part for row in rows for cell in row for part in cell]
    return Shaped(parts, table, notes, settled=True)


def _two(question: Question, material: Material) -> tuple[DocumentRecord, DocumentRecord] | None:
    """The two versions, the older first: of the years that are named, else the last two."""
    for candidate in material.ranked[:8]:
        family = material.shelf.family(candidate.hit.document)
        if len(family) < 2:
            continue
        if len(question.years) == 2:
            named = [
                next((one for one in family if str(year) in _when(one)), None)
                for year in sorted(question.years)
            ]
            if None not in named:
                return named[0], named[1]  # type: ignore[return-value]
        return family[-2], family[-1]
    return None


def _when(record: DocumentRecord) -> str:
    return f"{record.title} {record.issued or ''} {record.effective or ''}"


def _name(record: DocumentRecord) -> str:
    when = record.effective or record.issued
    year = f"，{when:%Y-%m-%d}" if when else ""
    return f"{record.title.strip('《》')}{year}"


def _comparison(old: DocumentView, new: DocumentView) -> tuple[Change, ...]:
    return _compared(*(tuple(read_articles(view.text, view.outline)) for view in (old, new)))


@lru_cache(maxsize=16)
def _compared(old: tuple[Article, ...], new: tuple[Article, ...]) -> tuple[Change, ...]:
    return compare(old, new).changes


def _topic(question: Question, old: DocumentView, new: DocumentView) -> list[str]:
    """The question's words beside the documents' titles and the words of versions."""
    titles = fold(old.record.title + new.record.title)
    asked = _VERSIONS.sub("，", question.text)
    return [
        word
        for word in content_words(asked)
        if len(word) > 1 and word not in titles and word not in GENERIC_WORDS
    ]


def _about(change: Change, words: Sequence[str]) -> bool:
    """Whether the changed article speaks of what is asked."""
    text = fold("".join(one.text for one in (change.old, change.new) if one is not None))
    return any(any(form in text for form in (word, *synonyms(word))) for word in words)


def _aspect(change: Change) -> str:
    labels = [one.label for one in (change.old, change.new) if one is not None]
    if len(labels) == 2 and labels[0] != labels[1]:
        return f"{labels[0]} → {labels[1]}"
    return labels[0] or "全文"


def _row(
    change: Change, old: DocumentView, new: DocumentView
) -> tuple[tuple[Chosen, ...], tuple[Chosen, ...]]:
    """The sentences of either version that the other one lacks."""
    sides = [
        _units(view, article) if article is not None else []
        for view, article in ((old, change.old), (new, change.new))
    ]
    said = [{_bare(unit) for unit in units} for units in sides]
    cells = []
    for units, view, other in ((sides[0], old, said[1]), (sides[1], new, said[0])):
        differing = [unit for unit in units if _bare(unit) not in other] or units[:1]
        cells.append(tuple(view.chosen(unit) for unit in differing[:_CELL]))
    return cells[0], cells[1]


def _units(view: DocumentView, article: Article) -> list[Unit]:
    text = view.text[article.start : article.end]
    units = units_of(text, article.start)
    return [unit for unit in units if unit.kind is not UnitKind.HEADING] or list(units)


def _bare(unit: Unit) -> str:
    """A unit without its article's number."""
    return re.sub(
        r"^第[零〇一二两三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?",
        "",
        fold(unit.text),
    )

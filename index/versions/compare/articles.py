"""A document cut into the units that are compared: its articles, or what stands for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import SectionRecord

_ABOVE = ("part", "subpart", "chapter", "division")
_LABEL = re.compile("第[^条\\s]{1,14}条(?:\\s?之[一二三四五六七八九十0-9]{1,3})?")
_NUMBER = re.compile("[（(]?[一二三四五六七八九十百零0-9]{1,5}[）)]?\\s?[、.．]?")
_SPACE = " \t\u3000\u200b*#"


@dataclass(frozen=True, slots=True)
class Article:
    """One unit: its number as the text has it, where it stands, its text without the number."""

    label: str  # 第十二条; for prose 一、 or "" for the text before the first heading
    path: str  # 第三章 监督职责, or the headings above
    text: str
    start: int  # range in the document's text, number included
    end: int


def read_articles(text: str, outline: Sequence[SectionRecord]) -> list[Article]:
    """The articles of a document; of one without articles its headings' texts, else its whole.

    What stands outside of the articles (title, history, contents) is left out.
    """
    articles = [one for one in outline if one.kind == "article"]
    if articles:
        return [_article(text, one, outline) for one in articles]
    headings = [one for one in outline if one.kind in ("heading", "appendix")]
    if not headings:
        body = next((one.start for one in outline if one.kind != "title"), 0)
        return [Article("", "", _clean(text[body:]), body, len(text))]
    return list(_prose(text, headings))


def _article(text: str, section: SectionRecord, outline: Sequence[SectionRecord]) -> Article:
    body = text[section.start : section.end]
    found = _LABEL.search(body[:60])
    if found:
        body = body[found.end() :]
    above = [
        f"{one.label} {one.title}".strip()
        for one in outline
        if one.kind in _ABOVE and one.start <= section.start and section.end <= one.end
    ]
    return Article(section.label, "/".join(above), _clean(body), section.start, section.end)


def _prose(text: str, headings: Sequence[SectionRecord]) -> list[Article]:
    """Each heading with what stands below it before the next one of any level."""
    units: list[Article] = []
    starts = sorted({one.start for one in headings})
    for section in headings:
        following = next((one for one in starts if one > section.start), len(text))
        end = min(following, section.end)
        body = text[section.start : end]
        if section.label and body.lstrip(_SPACE).startswith(section.label):
            body = body.lstrip(_SPACE)[len(section.label) :]
        units.append(Article(section.label, section.title, _clean(body), section.start, end))
    return units


def _clean(text: str) -> str:
    lines = (line.strip(_SPACE) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)

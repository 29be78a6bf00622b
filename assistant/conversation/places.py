"""那第九条呢, 下一条, 第三款: an address without its document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation.model import Past, Source
from assistant.conversation.pointing import points_at_document, titled
from index.address.parse import (
    FINAL,
    Address,
    AddressGroup,
    Step,
    Unit,
    addresses,
    book_titles,
    may_hold_address,
    remaining,
)
from index.address.wording import beyond_wording

_PLACE = re.compile(
    r"第\s?[（(]?[0-9零一二三四五六七八九十百]{1,6}[）)]?[条款项目章节编](?![目标件级])|最后一[条款项章]"
)
_INNER = re.compile(r"第\s?[（(]?[0-9一二三四五六七八九十]{1,4}[）)]?[款项目](?![目标])")
_ANY = "第一条"
_STEP = re.compile(r"(?<!最)(?P<to>上|前|下|后)(?:面)?(?:的)?(?:一|1)?条(?![例件])")
_BELOW = (Unit.PARAGRAPH, Unit.ITEM, Unit.SUBITEM)
_ORDER = list(Unit)


def with_document(text: str, past: Sequence[Past], named: bool) -> str | None:
    """``text`` with the document (and for a 款 the article) that its address belongs to.

    None where it has no address, or names a document (``named``) by itself.
    """
    if named or not past or book_titles(text) or points_at_document(text):
        return None
    last = past[-1]
    source = next((one for turn in reversed(past) for one in turn.sources), None)
    before = _last_group(last.understood)
    if match := _STEP.search(text):
        return _neighbour(text, match, last, before, source)
    if not _PLACE.search(text):
        return None
    groups = _groups(text)
    if not groups:
        return None
    group = groups[0]
    above = _above(group.addresses[0], before, source)
    asked = text[: group.start] + above + text[group.start : group.end] + text[group.end :]
    alone = not beyond_wording(remaining(text, [(one.start, one.end) for one in groups]))
    label = above + "、".join(one.label for one in group.addresses)
    return _in_frame(label, asked, alone, last, before, source)


def _groups(text: str) -> list[AddressGroup]:
    """The addresses of a follow-up; a 款 or 项 needs no 条 before it, as it lies in the last one."""
    found = [one for one in addresses(text) if not one.bare]
    match = _INNER.search(text)
    if found or match is None:
        return found
    at = match.start()
    shift = len(_ANY) - at
    whole = addresses(_ANY + text[at:])[:1]
    return [
        replace(
            one,
            addresses=tuple(replace(a, steps=a.steps[1:]) for a in one.addresses if a.steps[1:]),
            start=at,
            end=one.end - shift,
        )
        for one in whole
        if any(a.steps[1:] for a in one.addresses)
    ]


def _in_frame(
    label: str,
    asked: str,
    alone: bool,
    last: Past,
    before: AddressGroup | None,
    source: Source | None,
) -> str | None:
    """The address in the question before, where only it differs, else with its document's title."""
    if before is not None and alone:
        return last.understood[: before.start] + label + last.understood[before.end :]
    title = _title_before(last.understood, before) or (titled(source.title) if source else "")
    if not title:
        return None
    return f"{title}{label}是怎么规定的？" if alone else title + asked


def _title_before(text: str, group: AddressGroup | None) -> str:
    """The title that a question's address hangs on, as it was written."""
    if group is None:
        spans = book_titles(text)
        return text[spans[-1][0] : spans[-1][1]] if spans else ""
    spans = [span for span in book_titles(text) if span[1] <= group.start]
    return text[spans[-1][0] : spans[-1][1]] if spans else text[: group.start].strip(" ，,的")


def _last_group(text: str) -> AddressGroup | None:
    if not may_hold_address(text):
        return None
    groups = addresses(text, book_titles(text))
    return groups[-1] if groups else None


def _above(address: Address, before: AddressGroup | None, source: Source | None) -> str:
    """第十条 for 第二项: the steps of the place before that the new one lies in."""
    first = address.steps[0].unit
    if first not in _BELOW:
        return ""
    if before is not None:
        depth = _ORDER.index(first)
        steps = before.addresses[-1].steps
        return "".join(step.label for step in steps if _ORDER.index(step.unit) < depth)
    return source.article if source is not None else ""


def _neighbour(
    text: str,
    match: re.Match[str],
    last: Past,
    before: AddressGroup | None,
    source: Source | None,
) -> str | None:
    """上一条 and 下一条, counted from the article that was asked for or cited last."""
    step = _article_step(before) or _article_of(source)
    if step is None:
        return None
    by = -1 if match["to"] in "上前" else 1
    number = step.number[0] + (0 if len(step.number) > 1 and by < 0 else by)
    if number < 1:
        return None
    label = Step(Unit.ARTICLE, (number,)).label
    rest = text[: match.start()] + text[match.end() :]
    asked = text[: match.start()] + label + text[match.end() :]
    return _in_frame(label, asked, not beyond_wording(rest), last, before, source)


def _article_step(group: AddressGroup | None) -> Step | None:
    if group is None:
        return None
    steps = [one for one in group.addresses[-1].steps if one.unit is Unit.ARTICLE]
    return steps[-1] if steps and steps[-1].number != FINAL else None


def _article_of(source: Source | None) -> Step | None:
    if source is None or not source.article:
        return None
    groups = addresses(source.article)
    return _article_step(groups[0]) if groups else None

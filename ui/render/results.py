"""The list of passages that a search found, each with its validity, versions and why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.explanation import Explanation
from index.records import DocumentRecord, Hit
from ui.render.text import esc, mark, path_text, validity_badge

_SHOWN = 240  # characters of a passage
_BEFORE = 60  # of them before the first word that was matched
_PARTS = 5


@dataclass(frozen=True)
class ResultsView:
    """``versions`` are those of each document's rule, oldest first, by document id."""

    query: str
    hits: Sequence[Hit]
    reasons: Sequence[Explanation]
    versions: Mapping[str, Sequence[DocumentRecord]]
    notes: Sequence[str] = ()


def results_html(view: ResultsView) -> str:
    """The list as an HTML fragment."""
    notes = "".join(f'<p class="lm-note">{esc(note)}</p>' for note in view.notes)
    if not view.hits:
        return f'{notes}<p class="lm-none">没有找到相关段落，请换个说法再试。</p>'
    rows = "".join(
        _row(number, hit, reason, view.versions.get(hit.document.document_id, ()))
        for number, (hit, reason) in enumerate(zip(view.hits, view.reasons, strict=True), start=1)
    )
    return f'{notes}<ol class="lm-hits">{rows}</ol>'


def _row(number: int, hit: Hit, reason: Explanation, versions: Sequence[DocumentRecord]) -> str:
    passage = hit.passage
    where = [path_text(passage.path)] if passage.path else []
    if passage.page is not None:
        where.append(f"第 {passage.page} 页")
    return (
        f'<li class="lm-hit"><button type="button" class="lm-citation" '
        f'data-source="{esc(hit.document.document_id)}" data-start="{passage.start}" '
        f'data-end="{passage.end}"><span class="lm-number">{number}</span>'
        f'<span class="lm-citation-main"><span class="lm-citation-title">{esc(hit.document.title)}'
        f"{validity_badge(hit.document.validity)}</span>"
        f'<span class="lm-citation-where">{esc(" · ".join(where))}</span>'
        f'<span class="lm-citation-quote">{_extract(passage.text, reason)}</span></span></button>'
        f"{_folded(hit)}{_versions(hit.document, versions)}{_why(reason)}</li>"
    )


def _extract(text: str, reason: Explanation) -> str:
    """The part of a passage where the first words of the question stand, these marked."""
    flat = text.replace("\n", " ")
    words = [word for word in (*reason.matched, *reason.synonyms) if len(word) > 1]
    found = [at for word in words if (at := flat.find(word)) >= 0]
    low = max(0, min(found, default=0) - _BEFORE) if len(flat) > _SHOWN else 0
    shown = flat[low : low + _SHOWN]
    ranges = [(at, at + len(word)) for word in words for at in _places(shown, word) if word.strip()]
    before, after = "…" if low else "", "…" if low + _SHOWN < len(flat) else ""
    return f"{before}{mark(shown, ranges)}{after}"


def _places(text: str, word: str) -> list[int]:
    places, at = [], text.find(word)
    while at >= 0:
        places.append(at)
        at = text.find(word, at + len(word))
    return places


def _folded(hit: Hit) -> str:
    if not hit.folded:
        return ""
    rows = "".join(
        f'<li><button type="button" data-source="{esc(one.document.document_id)}" '
        f'data-start="{one.passage.start}" data-end="{one.passage.end}">{esc(one.document.title)}'
        f"{validity_badge(one.document.validity)} {esc(path_text(one.passage.path))}</button></li>"
        for one in hit.folded
    )
    return f"<details><summary>另有 {len(hit.folded)} 处内容相同</summary><ul>{rows}</ul></details>"


def _versions(document: DocumentRecord, versions: Sequence[DocumentRecord]) -> str:
    """The other versions, and what changed between each and this one."""
    if len(versions) < 2:
        return ""
    places = {one.document_id: place for place, one in enumerate(versions)}
    here = document.document_id
    rows = []
    for one in versions:
        if one.document_id == here:
            continue
        old, new = sorted((here, one.document_id), key=lambda name: places[name])
        rows.append(
            f'<li><button type="button" data-source="{esc(one.document_id)}">{esc(one.title)}'
            f"{validity_badge(one.validity)}</button>"
            f'<a href="/diff/{esc(old)}/{esc(new)}" target="_blank" rel="noopener">新旧对照</a></li>'
        )
    return (
        f"<details><summary>其他版本 {len(rows)} 个</summary>"
        f'<ul class="lm-hit-versions">{"".join(rows)}</ul></details>'
    )


def _why(reason: Explanation) -> str:
    lines = [f"规则：{reason.rule}"] if reason.rule else []
    lines.append(f"按词检索{_rank(reason.lexical_rank)}，按意思检索{_rank(reason.dense_rank)}")
    lines.append("命中的词：" + ("、".join(reason.matched) or "无"))
    if reason.synonyms:
        lines.append("命中的同义词：" + "、".join(reason.synonyms))
    if reason.parts:
        told = "，".join(f"{name} {value:+.2f}" for name, value in reason.parts[:_PARTS])
        lines.append(f"得分的主要来源：{told}")
    if reason.moved:
        lines.append(reason.moved)
    rows = "".join(f"<li>{esc(line)}</li>" for line in lines)
    return f"<details><summary>为什么排在这里</summary><ul>{rows}</ul></details>"


def _rank(rank: int | None) -> str:
    return f"第 {rank} 名" if rank else "未列入"

"""Parts of the answer card with a form of their own: a table of two sides, an outline, references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.answer import Citation, Reference, Sentence, Table
from ui.render.text import esc, path_text

Chip = Callable[[Citation], str]


def table_html(table: Table, by_number: Mapping[int, Citation], chip: Chip) -> str:
    """The table; on a narrow screen each row becomes a block whose cells name their side."""
    heads = "".join(f'<th scope="col">{esc(name)}</th>' for name in table.columns)
    rows = []
    for cells in table.rows:
        inner = f'<th scope="row">{esc(cells[0].text)}</th>'
        for name, cell in zip(table.columns[1:], cells[1:], strict=True):
            chips = "".join(chip(by_number[n]) for n in cell.citations if n in by_number)
            said = (
                f'{esc(cell.text)}<span class="lm-chips">&#8288;{chips}</span>'
                if cell.text
                else '<span class="lm-none">没有写</span>'
            )
            inner += f'<td data-side="{esc(name)}">{said}</td>'
        rows.append(f"<tr>{inner}</tr>")
    return (
        f'<table class="lm-compare"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def outline_html(sentences: Sequence[Sentence], say: Callable[[Sentence], str]) -> str:
    """A summary: the heading of each section and its sentence."""
    lines = "".join(
        f"<dt>{esc(one.label)}</dt><dd>{say(one)}</dd>" if one.label else f"<dd>{say(one)}</dd>"
        for one in sentences
    )
    return f'<dl class="lm-outline">{lines}</dl>'


def references_html(references: Sequence[Reference], target: Callable[[Citation], str]) -> str:
    """The rules that the sentences refer to, folded away until they are wanted."""
    if not references:
        return ""
    rows = "".join(
        f'<li><button type="button" class="lm-reference" {target(one.citation)}>'
        f'<span class="lm-reference-said">“{esc(one.said)}”</span> 指 '
        f'<span class="lm-reference-label">{esc(one.label)}</span>'
        f'<span class="lm-citation-where">《{esc(one.citation.title)}》'
        f"{esc(path_text(one.citation.path))}</span>"
        f'<span class="lm-reference-quote">{esc(one.citation.quote)}</span></button></li>'
        for one in references
    )
    return (
        f'<details class="lm-references"><summary>引用条文<span>{len(references)}</span></summary>'
        f"<ol>{rows}</ol></details>"
    )

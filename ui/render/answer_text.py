"""An answer with its citations to be pasted elsewhere: plain text, and HTML that Word keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer import Answer, Citation, Sentence
from ui.render.text import esc, named, path_text

_NOTE = "以上摘自文库原文，编号对应出处；引用前请核对原文。"


def all_citations(answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer and of the other sides of its conflicts, by number."""
    found = {one.n: one for one in answer.citations}
    for conflict in answer.conflicts:
        for side in conflict.sides:
            found.setdefault(side.citation.n, side.citation)
    return tuple(found[n] for n in sorted(found))


def place_text(citation: Citation) -> str:
    """《某某办法》第三章 › 第十二条，第 4 页（现行）."""
    where = path_text(citation.path)
    page = f"，第 {citation.page} 页" if citation.page else ""
    known = citation.validity and citation.validity != "不明"
    return f"{named(citation.title)}{where}{page}{f'（{citation.validity}）' if known else ''}"


def plain_text(answer: Answer) -> str:
    """Lines of text: the question, the answer with [n], the sources with their words."""
    lines = [answer.question, ""]
    for part in answer.parts or (answer,):
        if answer.parts:
            lines += [f"【{part.question}】"]
        lines += [part.message] if part.abstained else list(_lines(part.sentences))
    lines += ["", "出处："]
    for one in all_citations(answer):
        lines += [f"[{one.n}] {place_text(one)}", f"    {' '.join(one.quote.split())}"]
    return "\n".join([*lines, "", _NOTE])


def rich_text(answer: Answer) -> str:
    """The same as HTML without classes or styles of the page."""
    body = "".join(_part(part, bool(answer.parts)) for part in answer.parts or (answer,))
    sources = "".join(
        f"<p>[{one.n}] <b>{esc(place_text(one))}</b><br>{esc(' '.join(one.quote.split()))}</p>"
        for one in all_citations(answer)
    )
    return (
        f"<p><b>{esc(answer.question)}</b></p>{body}"
        f"<p><b>出处</b></p>{sources}<p><i>{_NOTE}</i></p>"
    )


def _lines(sentences: Sequence[Sentence]) -> Iterable[str]:
    label = ""
    for one in sentences:
        if one.label and one.label != label:
            label = one.label
            yield f"{label}："
        marks = "".join(f"[{n}]" for n in one.citations)
        yield f"{'· ' if one.kind == 'item' else ''}{one.text}{marks}"


def _part(part: Answer, headed: bool) -> str:
    head = f"<p><b>{esc(part.question)}</b></p>" if headed else ""
    if part.abstained:
        return f"{head}<p>{esc(part.message)}</p>"
    if part.table is not None:
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{esc(cell.text)}{''.join(f'<sup>[{n}]</sup>' for n in cell.citations)}</td>"
                for cell in row
            )
            + "</tr>"
            for row in part.table.rows
        )
        heads = "".join(f"<th>{esc(one)}</th>" for one in part.table.columns)
        return f'{head}<table border="1"><tr>{heads}</tr>{rows}</table>'
    return head + "".join(
        f"<p>{'· ' if one.kind == 'item' else ''}{esc(one.text)}"
        f"{''.join(f'<sup>[{n}]</sup>' for n in one.citations)}</p>"
        for one in part.sentences
    )

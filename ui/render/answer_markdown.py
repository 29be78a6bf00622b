"""An answer as Markdown for chat clients: sentences with numbers, and what the numbers stand for.

Words of documents and people are escaped: a client shows them as they are and loads nothing that
they name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import Answer, Citation, Conflict, Sentence, Table
from ui.conversation_export import escaped
from ui.render.text import path_text

_QUOTE = 200  # characters of a quotation in the list of sources


def answer_blocks(answer: Answer) -> Iterator[str]:
    """The answer in blocks, which put together with blank lines between them are the whole."""
    if answer.abstained:
        yield escaped(answer.message or "文库里没有找到能够回答这个问题的依据。")
    elif answer.parts:
        for number, part in enumerate(answer.parts, 1):
            yield f"**{number}. {escaped(part.question)}**"
            if part.abstained:
                yield escaped(part.message)
            yield from _body(part)
    else:
        yield from _body(answer)
    for one in answer.references:
        quote = escaped(one.citation.quote)
        yield f"“{escaped(one.said)}”指{escaped(one.label)}：{quote}"
    for note in answer.notes:
        yield f"注：{escaped(note)}"
    for conflict in answer.conflicts:
        yield _conflict(conflict)
    if answer.citations:
        yield "**出处**\n" + "\n".join(_source(one) for one in answer.citations)
    if answer.related:
        yield "**可能相关**\n" + "\n".join(_source(one) for one in answer.related)
    if answer.suggestions:
        listed = "\n".join(f"- {escaped(one)}" for one in answer.suggestions)
        yield f"**可以这样问**\n{listed}"


def answer_markdown(answer: Answer) -> str:
    """The whole answer."""
    return "\n\n".join(answer_blocks(answer))


def _body(answer: Answer) -> Iterator[str]:
    if answer.table is not None:
        yield _table(answer.table)
        return
    items: list[str] = []
    for one in answer.sentences:
        if one.kind == "item":
            items.append(f"- {_sentence(one)}")
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield _sentence(one)
    if items:
        yield "\n".join(items)


def _sentence(one: Sentence) -> str:
    head = f"**{escaped(one.label)}**：" if one.label else ""
    return head + escaped(one.text) + _marks(one.citations)


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _table(table: Table) -> str:
    lines = ["| " + " | ".join(escaped(one) for one in table.columns) + " |"]
    lines.append("|" + " --- |" * len(table.columns))
    for row in table.rows:
        cells = (escaped(one.text) + _marks(one.citations) for one in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _conflict(conflict: Conflict) -> str:
    lines = [f"**说法不一致**：{escaped(conflict.point)}。"]
    for place, side in enumerate(conflict.sides):
        held = "，以此为准" if place == conflict.governs else ""
        cited = side.citation
        where = f"《{escaped(cited.title.strip('《》'))}》{escaped(cited.article or '')}"
        lines.append(f"- {where}（{escaped(cited.validity)}{held}）：{escaped(side.text)}")
    if conflict.reason:
        lines.append(escaped(conflict.reason))
    return "\n".join(lines)


def _source(cited: Citation) -> str:
    page = f"，第 {cited.page} 页" if cited.page else ""
    where = f" {escaped(path_text(cited.path))}" if cited.path else ""
    flat = " ".join(cited.quote.split())
    quote = flat if len(flat) <= _QUOTE else flat[: _QUOTE - 1] + "…"
    title = escaped(cited.title.strip("《》"))
    return f"- [{cited.n}] 《{title}》{where}{page}（{escaped(cited.validity)}）：{escaped(quote)}"

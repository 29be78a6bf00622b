"""Tables of PDF pages to blocks, a row each: page breaks undone, lines of a cell joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.document import Block, Box, Span
from ingest.readers.lines import ends_sentence, join, starts_new
from ingest.readers.pdf_lines import PageLine, first_word_width
from ingest.readers.pdf_tables import PageTable, TableCell
from ingest.readers.tables import Cell, placed_rows

_SAME = 5.0  # points between column edges that are the same on two pages
_NEAR = 20.0  # the same where columns are told by their text
_LONGEST_HEADER = 4  # rows
_MOST_PADDING = 12.0
_SLACK = 0.15  # of a character's height


@dataclass(frozen=True, slots=True)
class PlacedCell(Cell):
    """A cell whose text knows the boxes of its lines."""

    spans: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A cell that may still grow over a page break."""

    column: int
    columns: int
    rows: int
    left: float
    right: float
    lines: list[PageLine] = field(default_factory=list)
    header: bool = False
    open_above: bool = False  # no line is drawn there
    open_below: bool = False

    @property
    def text(self) -> str:
        return "".join("".join(line.text.split()) for line in self.lines)


def goes_on(table: PageTable, following: PageTable) -> bool:
    """Whether a table at the top of the next page has the columns of this one."""
    if max(abs(table.x0 - following.x0), abs(table.x1 - following.x1)) > _SAME:
        return False
    if table.lined or following.lined:
        same = len(table.xs) == len(following.xs)
        return same and _at_edges(table.xs, following.xs, _NEAR)
    return _at_edges(table.xs, following.xs) or _at_edges(following.xs, table.xs)


def _at_edges(places: Sequence[float], edges: Sequence[float], reach: float = _SAME) -> bool:
    return all(min(abs(edge - place) for edge in edges) <= reach for place in places)


def table_blocks(parts: Sequence[PageTable]) -> list[Block]:
    """The rows of one table, which may have parts on several pages."""
    columns = max((part.xs for part in parts), key=len)
    rows: list[list[_Draft]] = []
    for number, part in enumerate(parts):
        drafts = _drafts(part, columns)
        if number:
            _append(rows, drafts, parts[number - 1], part)
        else:
            rows = drafts
    out = []
    for row in placed_rows([[_cell(draft) for draft in row] for row in rows]):
        spans = [
            Span(start + span.start, min(start + span.end, end), span.box)
            for start, end, cell in row.cells
            if isinstance(cell, PlacedCell)
            for span in cell.spans
            if start + span.start < end
        ]
        firsts = [
            c.spans[0].box.page for _, _, c in row.cells if isinstance(c, PlacedCell) and c.spans
        ]
        # A label that hangs over from the page before doesn't make the row begin there.
        page = max(firsts, default=parts[0].page)
        out.append(Block(row.text, "table_row", 0, page, tuple(spans)))
    return out


def _drafts(part: PageTable, columns: Sequence[float]) -> list[list[_Draft]]:
    """The rows of one part, columns counted as in the whole table."""
    places = [min(range(len(columns)), key=lambda i: abs(columns[i] - x)) for x in part.xs]
    padding = _padding(part.cells)
    rows: list[list[_Draft]] = [[] for _ in range(len(part.ys) - 1)]
    for cell in part.cells:
        place = cell.place
        first, last = places[place.column], places[place.column + place.columns]
        rows[place.row].append(
            _Draft(
                first, max(1, last - first), place.rows,
                cell.x0 + padding, cell.x1 - padding, list(cell.lines),
                place.row < part.heading,
                place.column in part.open_top,
                place.column in part.open_bottom,
            )
        )  # fmt: skip
    return rows


def _padding(cells: Sequence[TableCell]) -> float:
    """What cells leave free at their sides."""
    sides = [min(line.x0 - c.x0, c.x1 - line.x1) for c in cells for line in c.lines]
    return min(max(min(sides, default=0.0), 0.0), _MOST_PADDING)


# -- page breaks -----------------------------------------------------------------------------------


def _append(
    rows: list[list[_Draft]], more: list[list[_Draft]], before: PageTable, part: PageTable
) -> None:
    """Puts the rows of the next page below ``rows``: heading dropped, broken cells joined."""
    heading = _repeated(rows, more)
    for row in rows[:heading]:
        for draft in row:
            draft.header = True
    more = more[heading:]
    if not more:
        return
    above = _lowest(rows)
    first = more[0]
    matched = all(draft.column in above for draft in first if draft.lines)
    most = 0.4 * len(part.xs)
    cut = len(before.open_bottom) > most and (len(part.open_top) > most or heading > 0)
    if (cut and matched) or _broken(above, first, len(part.xs) - 1):
        for draft in first:
            over = above.get(draft.column)
            if over is not None:
                over.lines += draft.lines
                over.rows += draft.rows - 1
        more = more[1:]
    else:
        more[0] = [draft for draft in first if not _hangs_over(draft, above.get(draft.column))]
    rows += more


def _hangs_over(draft: _Draft, over: _Draft | None) -> bool:
    """Whether an empty cell is the rest of one merged downwards, which then grows."""
    if over is None or draft.lines or not over.lines or over.columns != draft.columns:
        return False
    if not (over.open_below and draft.open_above) and max(over.rows, draft.rows) == 1:
        return False
    over.rows += draft.rows
    return True


def _repeated(rows: list[list[_Draft]], more: list[list[_Draft]]) -> int:
    """How many rows at the top of the next page say the heading again."""
    count = 0
    while count < min(_LONGEST_HEADER, len(rows), len(more)):
        top, again = rows[count], more[count]
        if [(d.column, d.text) for d in top] != [(d.column, d.text) for d in again]:
            break
        if count == 0 and not any(draft.lines for draft in top):
            break
        count += 1
    return count


def _lowest(rows: list[list[_Draft]]) -> dict[int, _Draft]:
    """The cells that reach the last row, by their first column."""
    last = len(rows) - 1
    return {
        draft.column: draft
        for index, row in enumerate(rows)
        for draft in row
        if index + draft.rows - 1 >= last
    }


def _broken(above: dict[int, _Draft], first: Sequence[_Draft], columns: int) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before.

    Something is empty there that was filled above. What isn't goes on with a sentence whose line
    above is full; or else it is at most half of the row, whose first column is empty.
    """
    rest = [draft for draft in first if draft.lines]
    empty = [d for d in first if not d.lines and d.column in above and above[d.column].lines]
    if not rest or not empty:
        return False
    whole = True
    for draft in rest:
        over = above.get(draft.column)
        if over is None or not over.lines or over.columns != draft.columns:
            return False
        new = starts_new(draft.lines[0].text) or ends_sentence(over.lines[-1].text)
        whole = whole and not new and not _forced(over.lines[-1], draft.lines[0], over)
    named = empty[0].column == 0 and above[0].rows == empty[0].rows == 1
    return whole or (named and columns > 2 and 2 * len(rest) <= columns)


# -- cells -----------------------------------------------------------------------------------------


def _cell(draft: _Draft) -> PlacedCell:
    """The lines of a cell as paragraphs: joined where a line was full."""
    paragraphs: list[str] = []
    spans: list[Span] = []
    at = 0  # where the paragraph begins in the cell's text
    last: PageLine | None = None
    for line in draft.lines:
        if last is not None and not _forced(last, line, draft):
            joined = join(paragraphs[-1], line.text)
            paragraphs[-1] = joined
        else:
            at += len(paragraphs[-1]) + 1 if paragraphs else 0
            paragraphs.append(line.text)
        end = at + len(paragraphs[-1])
        box = Box(line.page, *(round(v, 2) for v in (line.x0, line.y0, line.x1, line.y1)))
        spans.append(Span(end - len(line.text), end, box))
        last = line
    return PlacedCell(
        tuple(paragraphs) or ("",), draft.columns, draft.rows, draft.header, tuple(spans)
    )


def _forced(last: PageLine, line: PageLine, cell: _Draft) -> bool:
    """Whether the break between two lines of a cell was meant: the next word had still fitted."""
    if starts_new(line.text):
        return True
    if len(last.text) == 1 and len(line.text) == 1:
        return False  # written downwards
    before, after = last.x0 - cell.left, cell.right - last.x1
    free = max(after, 0.0)
    if before > 0.5 * last.size and abs(before - after) < 0.7 * last.size:
        free += before  # centred
    return free > first_word_width(line) + _SLACK * last.size

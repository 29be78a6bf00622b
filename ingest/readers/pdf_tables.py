"""Characters inside the grids of a page: tables whose cells know their lines."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_grid import Grid, Place
from ingest.readers.pdf_lines import PageLine, rows, text_lines

_MOST_CROSSING = 0.02  # of the characters may lie across a line; more, and it is no table
_TOUCH = 0.05  # heights of a character
_MOST_OVER = 2  # characters that hang over
_MOST_LIKEWISE = 0.5  # of the cells below a heading may have its font
_BOXES = 8  # so many cells of one character each are boxes to write a number in


@dataclass(slots=True)
class TableCell:
    """A cell: its place in the grid, its box, and its visual lines from top to bottom."""

    place: Place
    x0: float
    x1: float
    lines: list[PageLine] = field(default_factory=list)
    font: str = ""  # of most of its characters

    @property
    def text(self) -> str:
        """All characters without spaces, for comparing cells."""
        return "".join("".join(line.text.split()) for line in self.lines)


@dataclass(slots=True)
class PageTable:
    """A ruled table on one page, in points from the top left.

    ``heading`` counts the rows at the top whose font says that they name the columns.
    """

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: list[TableCell]
    open_top: frozenset[int]
    open_bottom: frozenset[int]
    lined: bool
    heading: int = 0

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.xs[0]

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.xs[-1]

    @property
    def y0(self) -> float:
        """Upper edge."""
        return self.ys[0]

    @property
    def y1(self) -> float:
        """Lower edge."""
        return self.ys[-1]

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2

    @property
    def lines(self) -> list[PageLine]:
        """The lines of all cells."""
        return [line for cell in self.cells for line in cell.lines]

    @property
    def text(self) -> str:
        """All that it says, without spaces."""
        return "".join(cell.text for cell in self.cells)

    @property
    def size(self) -> float:
        """Height of its characters."""
        return median(line.size for line in self.lines)


def page_tables(
    chars: Sequence[Char], grids: Sequence[Grid], page: int
) -> tuple[list[PageTable], list[Char]]:
    """The tables of a page and the characters that stand in none."""
    tables: list[PageTable] = []
    # The innermost grid decides: a frame may hold a table.
    for grid in sorted(grids, key=lambda g: g.area):
        inside, outside = parted(chars, grid)
        table = None if _in_a_line(grid, outside) else _table(inside, grid, page)
        if table is not None:
            tables.append(table)
            chars = outside
    return sorted(tables, key=lambda t: (t.y0, t.x0)), list(chars)


def _in_a_line(grid: Grid, outside: Iterable[Char]) -> bool:
    """Whether a grid of one row is drawn around words of a line, which goes on beside it."""
    top, bottom = grid.ys[0], grid.ys[-1]
    return len(grid.ys) == 2 and any(
        char.text != " "
        and top < (char.y0 + char.y1) / 2 < bottom
        and min(abs(char.x0 - grid.xs[-1]), abs(grid.xs[0] - char.x1)) < char.height
        and bottom - top < 2 * char.height
        for char in outside
    )


def parted(chars: Sequence[Char], grid: Grid) -> tuple[list[Char], list[Char]]:
    """Characters inside and outside of a grid; a space goes with the character before it."""
    parts: tuple[list[Char], list[Char]] = ([], [])
    last = 1
    for char in chars:
        if char.text != " ":
            x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
            within = grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]
            last = 0 if within else 1
        parts[last].append(char)
    return parts


def _table(chars: list[Char], grid: Grid, page: int) -> PageTable | None:
    """The table of a grid, None where what stands in it shows that it is none."""
    owners = {
        (row, column): index
        for index, place in enumerate(grid.places)
        for row in range(place.row, place.row + place.rows)
        for column in range(place.column, place.column + place.columns)
    }
    shares: list[list[Char]] = [[] for _ in grid.places]
    crossing = solid = owner = over = 0
    before: Char | None = None
    for char in chars:
        if char.text != " ":
            quarter = (char.x1 - char.x0) / 4
            row = _gap(grid.ys, (char.y0 + char.y1) / 2)
            first, own, last = (
                owners[row, _gap(grid.xs, x)]
                for x in (char.x0 + quarter, (char.x0 + char.x1) / 2, char.x1 - quarter)
            )
            solid += 1
            crossing += first != last
            # A mark that may not begin a line hangs over the edge of a narrow cell.
            over = over + 1 if own != owner and before and _tight(before, char) else 0
            owner = owner if 0 < over <= _MOST_OVER else own
            before = char
        shares[owner].append(char)
    filled = [share for share in shares if share]
    if len(filled) < (1 if grid.rest else 2) or crossing > max(1, _MOST_CROSSING * solid):
        return None
    single = sum(1 for share in filled if sum(char.text != " " for char in share) == 1)
    if single >= _BOXES and single >= 0.9 * len(filled):
        return None
    cells = [
        TableCell(
            place,
            grid.xs[place.column],
            grid.xs[place.column + place.columns],
            rows(text_lines(share, page)),
            Counter(char.font for char in share).most_common(1)[0][0] if share else "",
        )
        for place, share in zip(grid.places, shares, strict=True)
    ]
    if grid.lined:
        _fit(cells)
    heading = _heading(cells, len(grid.xs) - 1)
    return PageTable(
        page, grid.xs, grid.ys, cells, grid.open_top, grid.open_bottom, grid.lined, heading
    )  # fmt: skip


def _heading(cells: Sequence[TableCell], columns: int) -> int:
    """How many rows at the top are set in a font of their own (bold, 黑体): the column names."""
    filled = [cell for cell in cells if cell.lines]
    while filled and filled[0].place.columns == columns:
        filled.pop(0)  # a caption
    own = filled[0].font if filled else ""
    other = next((cell.place.row for cell in filled if cell.font != own), None)
    first = [cell for cell in filled if other is None or cell.place.row < other]
    body = filled[len(first) :]
    likewise = sum(cell.font == own for cell in body)
    if not own or not body or len(first) < 2 or likewise > _MOST_LIKEWISE * len(body):
        return 0
    return body[0].place.row


def _tight(left: Char, right: Char) -> bool:
    """Whether two characters touch, one after the other on a line."""
    level = abs(left.y0 - right.y0) < 0.1 * right.height
    return level and abs(right.x0 - left.x1) < _TOUCH * right.height


def _fit(cells: Sequence[TableCell]) -> None:
    """Columns without lines between them are as wide as the text in them."""
    columns: dict[int, list[PageLine]] = {}
    for cell in cells:
        columns.setdefault(cell.place.column, []).extend(cell.lines)
    for cell in cells:
        if lines := columns[cell.place.column]:
            cell.x0, cell.x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)


def _gap(edges: Sequence[float], place: float) -> int:
    """Between which edges a place lies."""
    return min(max(bisect_right(edges, place) - 1, 0), len(edges) - 2)

"""Ruling lines to grids: where lines cross, the cells between them and how far each one reaches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.readers.pdf_rules import Rule, Rules

_TOUCH = 3.0  # points by which a line may miss the one that it meets
_SAME = 4.0  # points between lines that stand for one (double lines, cells a little off)
_COVERED = 0.6  # of a cell's side that must be drawn
_MAX_CELLS = 20_000
_MOST_ODD = 0.3  # of the places of a grid that may lie in cells that are no rectangles


@dataclass(frozen=True, slots=True)
class Place:
    """A cell's place: its first row and column and how many of each it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table before it has text: column edges, row edges and the cells in reading order.

    ``open_top`` and ``open_bottom`` are the columns without a line there: cut by the page's end.
    ``lined`` grids have no lines down: their column edges are guesses. A ``rest`` is what the
    page before has left over of a table.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    places: tuple[Place, ...]
    open_top: frozenset[int] = frozenset()
    open_bottom: frozenset[int] = frozenset()
    lined: bool = False
    rest: bool = False

    @property
    def area(self) -> float:
        """In square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    @property
    def is_box(self) -> bool:
        """One column: lines around text rather than a table."""
        return len(self.xs) == 2


def ruled_grids(rules: Rules, cut: Sequence[float] = ()) -> list[Grid]:
    """The grids on a page from top to bottom, boxes around text among them.

    ``cut`` are the column edges of a table that the end of the page before cut through: its rest
    may have no line across. Time grows with the crossings of lines, which :mod:`pdf_rules` bounds.
    """
    grids = []
    rest = _rest(rules.down, cut)
    for across, down in _groups(rules, rest):
        goes_on = any(rules.down[index] in down for index in rest)
        if goes_on or (len(across) >= 2 and (len(down) >= 2 or (down and len(across) >= 3))):
            grid = _grid(across, down)
            if grid is not None:
                grids.append(replace(grid, rest=goes_on))
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _rest(down: Sequence[Rule], cut: Sequence[float]) -> list[int]:
    """The lines down, by index, that carry on the columns of a cut table from one height."""
    if not cut:
        return []
    near = [index for index, rule in enumerate(down) if min(abs(x - rule.at) for x in cut) <= _SAME]
    if not near:
        return []
    top = min(down[index].start for index in near)
    level = [index for index in near if down[index].start - top <= _SAME]
    ends = [any(abs(down[index].at - x) <= _SAME for index in level) for x in (cut[0], cut[-1])]
    return level if all(ends) else []


def _groups(rules: Rules, together: Sequence[int]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that hang together by crossing or touching, or because they are told to."""
    across, down = rules.across, rules.down
    parents = list(range(len(across) + len(down)))

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    for index in together[1:]:
        parents[root(len(across) + index)] = root(len(across) + together[0])
    places = [rule.at for rule in across]
    for index, rule in enumerate(down):
        first = bisect_left(places, rule.start - _TOUCH)
        last = bisect_right(places, rule.end + _TOUCH)
        for other in range(first, last):
            if across[other].start - _TOUCH <= rule.at <= across[other].end + _TOUCH:
                parents[root(other)] = root(len(across) + index)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate((*across, *down)):
        group = groups.setdefault(root(index), ([], []))
        group[index >= len(across)].append(rule)
    return list(groups.values())


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    sides = [(rule.start, rule.end) for rule in across] + [(rule.at, rule.at) for rule in down]
    left, right = min(x for x, _ in sides), max(x for _, x in sides)
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    xs = _edges([*(rule.at for rule in down), left, right])
    ys = _edges([*(rule.at for rule in across), top, bottom])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > _MAX_CELLS:
        return None
    drawn_across = _drawn(across, ys, xs)
    drawn_down = _drawn(down, xs, ys)
    places, odd = _places(drawn_across, drawn_down, rows, columns)
    widest = max(sum(place.row == row for place in places) for row in range(rows))
    if odd > _MOST_ODD * rows * columns or widest < min(2, columns):
        return None
    if columns == 1 and not all(map(all, (*drawn_across, *drawn_down))):
        return None
    return Grid(
        tuple(xs),
        tuple(ys),
        tuple(places),
        frozenset(column for column in range(columns) if not drawn_across[0][column]),
        frozenset(column for column in range(columns) if not drawn_across[-1][column]),
    )


def _edges(places: list[float]) -> list[float]:
    """Places of lines, those close together put into one."""
    places.sort()
    edges: list[float] = []
    first = places[0]
    group: list[float] = []
    for place in places:
        if place - first > _SAME:
            edges.append(sum(group) / len(group))
            first, group = place, []
        group.append(place)
    edges.append(sum(group) / len(group))
    return edges


def _drawn(
    rules: Sequence[Rule], levels: Sequence[float], edges: Sequence[float]
) -> list[list[bool]]:
    """For each level and each gap between two edges: whether a line is drawn there."""
    gaps = len(edges) - 1
    covered = [[0.0] * gaps for _ in levels]
    for rule in rules:
        level = _nearest(levels, rule.at)
        first = max(0, bisect_right(edges, rule.start) - 1)
        for gap in range(first, gaps):
            if edges[gap] >= rule.end:
                break
            shared = min(rule.end, edges[gap + 1]) - max(rule.start, edges[gap])
            covered[level][gap] += max(0.0, shared)
    return [
        [share >= _COVERED * (edges[gap + 1] - edges[gap]) for gap, share in enumerate(row)]
        for row in covered
    ]


def _nearest(levels: Sequence[float], place: float) -> int:
    index = bisect_left(levels, place)
    if index == len(levels) or (index and place - levels[index - 1] < levels[index] - place):
        return index - 1
    return index


def _places(
    across: list[list[bool]], down: list[list[bool]], rows: int, columns: int
) -> tuple[list[Place], int]:
    """The cells: places of the grid without a line between them; how many lie in odd shapes."""
    taken = [[False] * columns for _ in range(rows)]
    found: list[Place] = []
    odd = 0
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            shape = _filled(across, down, taken, row, column)
            last_row = max(r for r, _ in shape)
            first_column, last_column = min(c for _, c in shape), max(c for _, c in shape)
            height, width = last_row - row + 1, last_column - first_column + 1
            if height * width == len(shape):
                found.append(Place(row, first_column, height, width))
            else:
                odd += len(shape)
                found.extend(_strips(shape))
    return sorted(found, key=lambda place: (place.row, place.column)), odd


def _filled(
    across: list[list[bool]], down: list[list[bool]], taken: list[list[bool]], row: int, column: int
) -> list[tuple[int, int]]:
    """All places that no line parts from this one; marks them as taken."""
    rows, columns = len(taken), len(taken[0])
    taken[row][column] = True
    shape = [(row, column)]
    for r, c in shape:  # grows while it is walked
        for nr, nc, wall in (
            (r - 1, c, across[r][c]),
            (r + 1, c, across[r + 1][c]),
            (r, c - 1, down[c][r]),
            (r, c + 1, down[c + 1][r]),
        ):
            if not wall and 0 <= nr < rows and 0 <= nc < columns and not taken[nr][nc]:
                taken[nr][nc] = True
                shape.append((nr, nc))
    return shape


def _strips(shape: list[tuple[int, int]]) -> list[Place]:
    """An odd shape as cells of one row each."""
    strips: list[Place] = []
    for row, column in sorted(shape):
        last = strips[-1] if strips else None
        if last is not None and last.row == row and last.column + last.columns == column:
            strips[-1] = Place(row, last.column, 1, last.columns + 1)
        else:
            strips.append(Place(row, column, 1, 1))
    return strips

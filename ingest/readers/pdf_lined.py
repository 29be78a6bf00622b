"""Tables with lines across only (三线表): their columns are where no row has text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_grid import Grid, Place
from ingest.readers.pdf_lines import PageLine, rows, text_lines
from ingest.readers.pdf_rules import Rule, Rules

_SAME = 4.0  # points between the ends of lines of one table
_LEAST_WIDTH = 120.0  # points
_LEAST_BANDS = 2  # heading and body
_GUTTER = 0.9  # heights of a character between two columns, in every row
_FULL = 0.85  # of a column's width: lines of running text
_RULED = 4  # with so many bands, each row has its own line

_FAR = 1e6

_Band = tuple[float, float, list[Char]]
_Gap = tuple[float, float]


def lined_grids(rules: Rules, chars: Sequence[Char], taken: Sequence[Grid]) -> list[Grid]:
    """Grids between lines of equal length, where the text below them stands in clear columns.

    A grid is given only when its rows are certain: a line between them, or a first column that
    says something in each. Time is linear in characters and lines.
    """
    free = [rule for rule in rules.across if not any(_inside(rule, grid) for grid in taken)]
    grids = []
    for run in _runs(free):
        bands = _bands(run, chars)
        for some, gutters in _columnar(bands):
            grid = _grid(some, gutters, run[0])
            if grid is not None:
                grids.append(grid)
    return grids


def _inside(rule: Rule, grid: Grid) -> bool:
    within = grid.ys[0] - _SAME <= rule.at <= grid.ys[-1] + _SAME
    return within and rule.end > grid.xs[0] and rule.start < grid.xs[-1]


def _runs(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Lines with the same ends, from top to bottom, three or more."""
    runs: dict[tuple[int, int], list[Rule]] = {}
    for rule in rules:
        if rule.end - rule.start < _LEAST_WIDTH:
            continue
        start, end = round(rule.start / _SAME), round(rule.end / _SAME)
        near = [(start + i, end + j) for i in (0, -1, 1) for j in (0, -1, 1)]
        key = next((key for key in near if key in runs), (start, end))
        runs.setdefault(key, []).append(rule)
    return [run for run in runs.values() if len(run) > _LEAST_BANDS]


def _bands(run: list[Rule], chars: Sequence[Char]) -> list[_Band]:
    left = min(rule.start for rule in run) - _SAME
    right = max(rule.end for rule in run) + _SAME
    bands: list[_Band] = [(a.at, b.at, []) for a, b in pairwise(run)]
    top, bottom = run[0].at, run[-1].at
    edges = [rule.at for rule in run]
    for char in chars:
        y = (char.y0 + char.y1) / 2
        if char.text == " " or not (top < y < bottom and left <= char.x0 and char.x1 <= right):
            continue
        bands[bisect_right(edges, y) - 1][2].append(char)
    return bands


def _gaps(chars: Sequence[Char]) -> list[_Gap]:
    """The stretches, wide enough to part columns, where no character stands."""
    gaps: list[_Gap] = []
    if not chars:
        return gaps
    least = _GUTTER * median(char.height for char in chars)
    ordered = sorted(chars, key=lambda char: char.x0)
    edge = ordered[0].x1
    for char in ordered:
        if char.x0 - edge >= least:
            gaps.append((edge, char.x0))
        edge = max(edge, char.x1)
    return [(-_FAR, ordered[0].x0), *gaps, (edge, _FAR)]


def _shared(some: Sequence[_Gap], others: Sequence[_Gap], least: float) -> list[_Gap]:
    """What two ordered lists of gaps have in common, as far as it is wide enough."""
    out: list[_Gap] = []
    i = j = 0
    while i < len(some) and j < len(others):
        left, right = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        if right - left >= least:
            out.append((left, right))
        if some[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return out


def _columnar(bands: list[_Band]) -> list[tuple[list[_Band], list[float]]]:
    """The longest runs of neighbouring bands with columns in common, and what parts these."""
    found: list[tuple[list[_Band], list[float]]] = []
    run: list[_Band] = []
    gaps: list[_Gap] = []
    for band in [*bands, None]:
        own = _gaps(band[2]) if band else []
        least = _GUTTER * median(char.height for char in band[2]) if band and own else 0.0
        shared = _shared(gaps, own, least) if run else own
        if band and len(shared) > 2:  # more than what is free at both sides
            run.append(band)
            gaps = shared
            continue
        if len(run) >= _LEAST_BANDS:
            found.append((run, [(left + right) / 2 for left, right in gaps[1:-1]]))
        run, gaps = ([band], own) if band and len(own) > 2 else ([], [])
    return found


def _grid(bands: list[_Band], gutters: list[float], rule: Rule) -> Grid | None:
    xs = [rule.start - _SAME, *gutters, rule.end + _SAME]
    ys = [bands[0][0]]
    for index, (top, bottom, chars) in enumerate(bands):
        lines = rows(text_lines(chars, 0))
        cells = [text_lines(_between(chars, a, b), 0) for a, b in pairwise(xs)]
        if sum(1 for cell in cells if cell) < 2 or _running_text(cells, xs):
            return None
        if index and len(bands) < _RULED:
            edges = _row_edges(lines, cells[0])
            if edges is None:
                return None
            ys += [edge for edge in edges if top < edge < bottom]
        ys.append(bottom)
    columns = len(xs) - 1
    places = [Place(r, c, 1, 1) for r in range(len(ys) - 1) for c in range(columns)]
    return Grid(tuple(xs), tuple(ys), tuple(places), lined=True)


def _between(chars: Iterable[Char], left: float, right: float) -> list[Char]:
    return [char for char in chars if left <= (char.x0 + char.x1) / 2 < right]


def _running_text(cells: list[list[PageLine]], xs: Sequence[float]) -> bool:
    """Whether two columns or more are full lines: text set in columns, which is no table."""
    full = 0
    for lines, (left, right) in zip(cells, pairwise(xs), strict=True):
        wide = [line for line in lines if line.x1 - line.x0 > _FULL * (right - left)]
        full += len(lines) > 2 and len(wide) > 0.6 * len(lines)
    return full > 1


def _row_edges(lines: Sequence[PageLine], first: Sequence[PageLine]) -> list[float] | None:
    """Where a row begins below another: above each line that has text in the first column.

    None when the top line has none, because then it isn't certain which lines belong together.
    """
    starts = [
        line
        for line in lines
        if any(abs(one.middle - line.middle) < 0.5 * line.size for one in first)
    ]
    if not starts or starts[0] is not lines[0]:
        return None
    before = {id(b): a for a, b in pairwise(lines)}
    return [(before[id(line)].y1 + line.y0) / 2 for line in starts[1:]]

"""Tables to lines of text: every data row says its column names, so that it stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.lines import join_all

_WORDS = re.compile(
    "序号|编号|项目|内容|名称|单位|部门|责任|时间|日期|备注|标准|类别|类型|职务|要求|措施|姓名|分值"
    "|指标|事项|任务|目标|数量|金额|地点|方式|对象|情况|环节|步骤|阶段|级别|范围|依据|频次|课程|课时"
    "|学时|主题|主讲|形式|维度|领域|牵头|说明|做法|成效|得分|计分|条件|期限|联系|合计|流程|职责|清单|程序|时限|领导|频率|比例|权限|用途"
)
_LABEL = re.compile(
    "姓名|性别|民族|籍贯|出生|年龄|学历|职务|职称|单位|部门|电话|地址|简历|事迹|意见|身份|面貌|入党|签字|盖章"
)
_NUMBER = re.compile(r"[\d０-９.,，%％＋+\-—/年月日元人次个天]+")
_LONGEST_NAME = 20
_LONGEST_LABEL = 8
_LONGEST_REPEATED = 30  # a cell merged downwards is said again in each row when this short


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its paragraphs and how many columns and rows it covers."""

    lines: tuple[str, ...]
    columns: int = 1
    rows: int = 1
    header: bool = False

    @property
    def text(self) -> str:
        """The cell as part of a row: paragraphs a space apart."""
        return " ".join(line.strip() for line in self.lines if line.strip())

    @property
    def name(self) -> str:
        """The cell as a column name: broken lines joined, spaces inside dropped (备　注)."""
        return re.sub(
            r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", join_all(list(self.lines) or [""])
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row as text and its cells: characters ``start:end`` begin the text of the cell."""

    text: str
    cells: tuple[tuple[int, int, Cell], ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    cell: Cell
    first_column: bool  # False where a cell goes on to the right
    first_row: bool  # False where a cell goes on downwards


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[_Slot | None]]:
    """Rows of equal width in which every place knows the cell that covers it."""
    grid: list[list[_Slot | None]] = []
    hanging: dict[int, tuple[Cell, int, bool]] = {}  # column: cell, rows left, first column
    for row in rows:
        line: dict[int, _Slot] = {}
        for column in list(hanging):
            cell, left, first = hanging.pop(column)
            line[column] = _Slot(cell, first, False)
            if left > 1:
                hanging[column] = (cell, left - 1, first)
        at = 0
        for cell in row:
            while at in line:
                at += 1
            for offset in range(max(1, min(cell.columns, 200))):
                if at in line:
                    break
                line[at] = _Slot(cell, offset == 0, True)
                if cell.rows > 1:
                    hanging[at] = (cell, cell.rows - 1, offset == 0)
                at += 1
        grid.append([line.get(i) for i in range(max(line, default=-1) + 1)])
    width = max((len(line) for line in grid), default=0)
    return [line + [None] * (width - len(line)) for line in grid]


def _own(line: list[_Slot | None]) -> list[Cell]:
    """The cells that begin in this row and say something."""
    return [s.cell for s in line if s and s.first_column and s.first_row and s.cell.text]


def _looks_like_header(grid: list[list[_Slot | None]], at: int) -> bool:
    """Whether row ``at`` names the columns: stated by the format, or short distinct words."""
    line = grid[at]
    cells = _own(line)
    if at + 1 >= len(grid) or len(cells) < 2:
        return False
    if all(cell.header for cell in cells):
        return True
    if any(cell.header for cell in cells):
        return False  # only the first column is stated as header: a form
    names = [cell.name for cell in cells]
    if sum(1 for slot in line if slot and slot.cell.text) < len(line) - 1:
        return False
    if len(set(names)) < len(names) or any(len(name) > _LONGEST_NAME for name in names):
        return False
    if any(_NUMBER.fullmatch(name) or name[-1] in "。；：:，" for name in names):
        return False
    named = sum(1 for name in names if _WORDS.search(name))
    # With two columns a form (姓名 | 张三) looks the same as a header; only its words tell.
    if named == len(names) or len(line) == 2:
        return named == len(names)
    if _is_form(grid[at:]):
        return False
    return named * 3 >= len(names) or _says_more_below(grid[at + 1 :], names)


def _is_form(rows: list[list[_Slot | None]]) -> bool:
    """Whether most rows begin with a label (姓名 | …, 主要事迹 | …) as those of a form do."""
    firsts = [line[0].cell.name for line in rows if line[0] and line[0].cell.text]
    labels = [name for name in firsts if len(name) <= _LONGEST_LABEL and _LABEL.search(name)]
    return bool(firsts) and firsts[0] in labels and 2 * len(labels) > len(firsts)


def _says_more_below(below: list[list[_Slot | None]], names: list[str]) -> bool:
    """Whether the cells below short words are mostly longer by far, in two columns or more."""
    if len(below) < 2 or any(len(name) > _LONGEST_LABEL + 2 for name in names):
        return False
    longer = 0
    for column, name in enumerate(names):
        lengths = sorted(
            len(slot.cell.text)
            for line in below
            if column < len(line) and (slot := line[column]) and slot.first_row and slot.cell.text
        )
        longer += bool(lengths) and lengths[len(lengths) // 2] >= max(5, 1.5 * len(name))
    return longer >= max(2, len(names) / 2)


def _header_depth(grid: list[list[_Slot | None]], at: int) -> int:
    """How many rows the header takes: one more below each name that spans some columns."""
    depth = max((cell.rows for cell in _own(grid[at])), default=1)
    spans = any(slot and not slot.first_column for slot in grid[at])
    if depth == 1 and spans and at + 2 < len(grid):
        below = _own(grid[at + 1])
        if below and all(cell.header for cell in below):
            depth = 2
    return min(depth, 3, len(grid) - at - 1) if spans or depth == 1 else 1


def _names(grid: list[list[_Slot | None]], at: int, depth: int) -> list[str]:
    """One name per column; names above each other are joined (住宿费·一类地区)."""
    names: list[str] = []
    for column in range(len(grid[at])):
        parts: list[str] = []
        for line in grid[at : at + depth]:
            slot = line[column]
            if slot and slot.cell.name and slot.cell.name not in parts:
                parts.append(slot.cell.name)
        names.append("·".join(parts))
    return names


def _row(line: list[_Slot | None], names: list[str] | None) -> Row:
    said: list[tuple[str, Cell]] = []  # what goes before a cell's text, and the cell
    for column, slot in enumerate(line):
        if not slot or not slot.first_column or not slot.cell.text:
            continue
        text = slot.cell.text
        if not slot.first_row and len(text) > _LONGEST_REPEATED:
            continue
        name = names[column] if names else ""
        said.append((f"{name}：" if name and name != text else "", slot.cell))
    form = (
        names is None and len(line) == 2 and len(said) == 2
        and len(said[0][1].text) <= _LONGEST_NAME
    )  # fmt: skip
    text = ""
    cells: list[tuple[int, int, Cell]] = []
    for index, (before, cell) in enumerate(said):
        text += before
        # “列名：值；列名：值” needs no “。；” of its own between the values
        ends = "" if index == len(said) - 1 else "：:" if form else "；;。"
        own = cell.text.rstrip(ends) if ends else cell.text
        cells.append((len(text), len(text) + len(own), cell))
        text += own + ("" if not ends else "：" if form else "；")
    return Row(text, tuple(cells))


def table_rows(rows: list[list[Cell]]) -> list[str]:
    """One line per data row, “列名：值；列名：值”; a row of one cell across all columns alone.

    A cell merged across columns is said once; one merged downwards is said again in each row it
    covers when it is short (a label), else only in its first row.
    """
    return [row.text for row in placed_rows(rows)]


def placed_rows(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    """The lines of :func:`table_rows`, each with where its cells stand in it."""
    return _placed_rows(rows, _Heading())


def streamed_rows(chunks: Iterable[Sequence[Sequence[Cell]]]) -> Iterator[str]:
    """The lines of a table too long to be held: its rows come in parts, the header in the first."""
    heading = _Heading()
    for rows in chunks:
        yield from (row.text for row in _placed_rows(rows, heading))


@dataclass(slots=True)
class _Heading:
    """What is known of a table's header so far."""

    looked_for: bool = False
    names: list[str] | None = None


def _placed_rows(rows: Sequence[Sequence[Cell]], heading: _Heading) -> list[Row]:
    grid = [line for line in _grid(rows) if any(s and s.first_row and s.cell.text for s in line)]
    if heading.names is not None and grid and len(grid[0]) > len(heading.names):
        heading.names += [""] * (len(grid[0]) - len(heading.names))
    out: list[Row] = []
    at = 0
    while at < len(grid):
        cells = _own(grid[at])
        if len(cells) == 1 and len(grid[at]) > 1 and cells[0].columns >= len(grid[at]):
            text = cells[0].text  # a caption or a section inside the table
            out.append(Row(text, ((0, len(text), cells[0]),)))
            at += 1
            continue
        if not heading.looked_for:
            heading.looked_for = True
            if _looks_like_header(grid, at):
                depth = _header_depth(grid, at)
                heading.names = _names(grid, at, depth)
                at += depth
                continue
        names = heading.names
        line = grid[at]
        at += 1
        if names is not None and [c.name for c in cells] == [n for n in names if n]:
            continue  # a header repeated on the next page
        row = _row(line, names)
        if row.text:
            out.append(row)
    return out


def is_layout(rows: list[list[Cell]]) -> bool:
    """Whether a table only frames text: one column, or cells of whole passages."""
    widest = max((sum(cell.columns for cell in row) for row in rows), default=0)
    if widest <= 1:
        return True
    filled = [cell for row in rows for cell in row if cell.text]
    return bool(filled) and all(len(row) <= 1 for row in rows)

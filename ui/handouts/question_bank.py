"""A question bank in the columns that exam systems import: one row a question."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.study.model import QUIZ_NAMES, QuizItem
from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material
from ui.handouts.typesetting import Measure, sans_font

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LETTERS = "ABCDEFGH"
COLUMNS = (
    "题型", "题干", *(f"选项{one}" for one in LETTERS),
    "正确答案", "解析", "难度", "分值", "出处", "原文", "知识点", "试卷",
)  # fmt: skip
_WIDTHS = {"题干": 60, "解析": 50, "出处": 46, "原文": 60, "题型": 12, "知识点": 24}
_MOST_CELL = 32_000  # Excel's limit is 32,767
_LINE, _TALLEST = 16.0, 409.0  # points; Excel's limit
_HELP = (
    ("怎样导入", "各考试系统的模板列名略有不同：在系统里选“按列对应”，或者把需要的列复制到系统的模板里。"),
    ("题型", "单选题、多选题、判断题、填空题、连线题、排序题、简答题、案例判断题。"
             "系统没有连线题、排序题时，按填空题导入即可，题干里已列出各项。"),
    ("选项", "选项A至选项H各占一列，没有的留空；判断题不填选项。"),
    ("正确答案", "单选填一个字母，多选字母连写（如 ACD），判断填“对”或“错”；"
                 "填空各空之间用“；”隔开，同一空的其他写法用“|”隔开；简答填评分要点。"),
    ("难度", "易、中、难：按估计的答错比例分档（低于40%、40%至65%、65%以上）。"),
    ("分值", "0或者空白表示没有指定。"),
    ("出处与原文", "答案依据的文件、条文、页码和效力状态，以及原文。导入前可以删去这两列。"),
    ("格式", "所有内容都是文本，不含公式。"),
)  # fmt: skip


class QuestionBankWriter:
    """Excel: the questions and a sheet that explains the columns."""

    title = "Excel 题库"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """One file; none where there is no question."""
        if not material.papers:
            return
        from openpyxl import Workbook

        book = Workbook()
        sheet: Worksheet = book.active
        sheet.title = "题库"
        rows = [
            row_of(item, one.name)
            for one in material.papers
            for section in papers.sections(one.items)
            for _, item in section.items
        ]
        _fill(sheet, [COLUMNS, *rows], [_WIDTHS.get(one, 14) for one in COLUMNS])
        about = book.create_sheet("说明")
        facts = words.facts(material.session)
        _fill(about, [("项目", "说明"), *facts, *_HELP], [16, 110])
        book.properties.creator = ""
        book.properties.title = f"{words.title_of(material.session)[:150]} 题库"
        out = io.BytesIO()
        book.save(out)
        yield HandoutFile("题库", "xlsx", out.getvalue())


def row_of(item: QuizItem, paper: str = "") -> list[str | int]:
    """The cells of one question, in the order of COLUMNS."""
    stem = words.paragraphs(item.stem)
    choices = [words.one_line(one.text) for one in item.choices]
    if not choices:
        stem += papers.shown_choices(item)
    elif len(choices) > len(LETTERS):  # more than there are columns: none is lost
        stem += papers.shown_choices(item)[len(LETTERS) :]
    cells = (choices + [""] * len(LETTERS))[: len(LETTERS)]
    told = [words.one_line(item.explanation), *(text for text, _ in papers.reasons(item))]
    return [
        QUIZ_NAMES[item.kind],
        "\n".join(stem),
        *cells,
        _answer(item),
        "\n".join(one for one in told if one),
        papers.difficulty(item),
        item.score,
        words.sources(item.citations),
        "\n".join(one for cited in item.citations for one in words.paragraphs(cited.quote)),
        "、".join(dict.fromkeys(words.last_place(one) for one in item.citations)),
        f"{paper}卷" if paper else "",
    ]


def _answer(item: QuizItem) -> str:
    if item.blanks:
        return "；".join("|".join(words.one_line(word) for word in one) for one in item.blanks)
    if item.points and item.kind in ("short", "case") and not item.choices:
        return "\n".join(words.said(one) for one in item.points)
    return words.one_line(item.answer)


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """Rows of text: a cell of the type string is never taken for a formula."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrapped, font = Alignment(wrap_text=True, vertical="top"), Font(name="宋体", size=11)
    bold, grey = Font(name="宋体", size=11, bold=True), PatternFill("solid", fgColor="EEEEEE")
    measure = Measure(sans_font())
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell: Any = sheet.cell(number, column)
            cell.alignment, cell.font = wrapped, bold if number == 1 else font
            if number == 1:
                cell.fill = grey
            if value == "":
                continue
            cell.value = words.clean(value)[:_MOST_CELL] if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = True
        # set, because not every program finds the height of wrapped text by itself
        sheet.row_dimensions[number].height = _height(measure, row, widths)
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _height(measure: Measure, row: Sequence[Any], widths: Sequence[int]) -> float:
    """Points: a column is as wide as half as many Chinese characters, less its margins."""
    lines = [
        sum(len(measure.lines(one, width / 2 - 0.7, 1.0)) for one in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
    ]
    return min(_TALLEST, _LINE * max(lines))

"""Tables of PDF files: cells come from the ruling lines, whatever their lines of text look like."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from index.records import PassageRecord
from ingest.document import RawDocument
from ingest.metadata import read_metadata
from ingest.passages import build_passages
from ingest.readers import read_document
from ingest.structure import outline
from tests.ingest.readers.printing import STYLE, printed

DUTY = "建立健全公务接待管理制度，明确审批程序和开支标准，每季度对执行情况检查一次，结果在机关内部公示。"


def rows_of(document: RawDocument) -> list[str]:
    return [block.text for block in document.blocks if block.kind == "table_row"]


def texts(document: RawDocument) -> list[str]:
    return [block.text for block in document.blocks]


def svg(body: str, width: int = 600, height: int = 300) -> str:
    return (
        f'<svg width="{width}" height="{height}" fill="none" stroke="#000" font-size="14">'
        f"{body}</svg>"
    )


def word(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}" fill="#000" stroke="none">{text}</text>'


@pytest.fixture(scope="module")
def duties(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> RawDocument:
    body = f"""<p>任务分解如下。</p><table>
    <tr><th style="width:12%">序号</th><th style="width:20%">责任部门及配合单位</th><th>工作内容</th>
    <th style="width:16%">完成时限</th></tr>
    <tr><td>1</td><td>办公室、人事处、财务处、机关党委</td><td>{DUTY}</td><td>2024年6月底前</td></tr>
    <tr><td rowspan=2>2</td><td rowspan=2>机关纪委</td><td>核查违规问题线索。</td><td>长期坚持</td></tr>
    <tr><td>{DUTY}</td><td>每年6月、12月</td></tr>
    <tr><td colspan=4>备注：未尽事宜由办公室负责解释。</td></tr></table><p>以上任务按月通报。</p>"""
    return printed(browser, tmp_path_factory.mktemp("table") / "任务.pdf", body)


def test_cells_of_several_lines_stay_whole_and_merged_ones_are_said_again(
    duties: RawDocument,
) -> None:
    assert texts(duties) == [
        "任务分解如下。",
        f"序号：1；责任部门及配合单位：办公室、人事处、财务处、机关党委；工作内容：{DUTY[:-1]}；"
        "完成时限：2024年6月底前",
        "序号：2；责任部门及配合单位：机关纪委；工作内容：核查违规问题线索；完成时限：长期坚持",
        f"序号：2；责任部门及配合单位：机关纪委；工作内容：{DUTY[:-1]}；完成时限：每年6月、12月",
        "备注：未尽事宜由办公室负责解释。",
        "以上任务按月通报。",
    ]


def passages(document: RawDocument) -> list[PassageRecord]:
    tree = outline(document)
    return build_passages(document, tree, read_metadata(document, tree, "任务.pdf"), "d")


def test_a_range_inside_a_cell_is_shown_in_that_cell(duties: RawDocument) -> None:
    block = duties.blocks[1]
    start = block.text.index(DUTY[:-1])
    boxes = [s.box for s in block.spans if start <= s.start < start + len(DUTY) - 1]
    others = [s.box for s in block.spans if s.box not in boxes]
    assert len(boxes) == 3  # lines
    assert all(abs(box.x0 - boxes[0].x0) < 1 for box in boxes)
    assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))
    assert all(box.x1 <= boxes[0].x0 or box.x0 >= max(b.x1 for b in boxes) for box in others)
    shown = {box[1:3] for passage in passages(duties) for box in passage.boxes}
    assert (round(boxes[1].x0, 1), round(boxes[1].y0, 1)) in shown


@pytest.mark.parametrize("head", ["thead", "tbody"])
def test_a_table_goes_on_over_a_page(browser: Browser, tmp_path: Path, head: str) -> None:
    # thead: the heading is printed again on each page; tbody: it isn't.
    cells = [(str(n), f"第{n}项：" + DUTY * (1 + n % 3 * 2)) for n in range(1, 17)]
    body = (
        f"<p>前。</p><table><{head}><tr><th style='width:20%'>序号</th><th>工作内容</th></tr></{head}>"
        + "".join(f"<tr><td>{number}</td><td>{text}</td></tr>" for number, text in cells)
        + "</table><p>后。</p>"
    )
    document = printed(browser, tmp_path / "长表.pdf", body)
    assert document.page_count is not None and document.page_count >= 2
    rows = [f"序号：{number}；工作内容：{text}" for number, text in cells]
    assert texts(document) == ["前。", *rows, "后。"]
    assert {span.box.page for block in document.blocks for span in block.spans} == set(
        range(1, document.page_count + 1)
    )


def test_a_label_merged_over_a_page_break_is_said_on_both_pages(
    browser: Browser, tmp_path: Path
) -> None:
    lines = "".join(
        f"<tr>{'<td rowspan=12>综合管理</td>' if n == 1 else ''}<td>{n}</td><td>{DUTY * 3}</td></tr>"
        for n in range(1, 13)
    )
    head = "<tr><th>类别</th><th>序号</th><th>工作内容</th></tr>"
    document = printed(browser, tmp_path / "跨页.pdf", f"<table>{head}{lines}</table>")
    assert document.page_count == 2
    rows = [f"类别：综合管理；序号：{n}；工作内容：{DUTY * 3}" for n in range(1, 13)]
    assert rows_of(document) == rows
    assert [block.page for block in document.blocks][::11] == [1, 2]


def test_lines_across_only_with_clear_columns_are_a_table(browser: Browser, tmp_path: Path) -> None:
    rules = "".join(f'<path d="M20 {y}H560"/>' for y in (10, 40, 150))
    cells = [
        [(60, 30, "地区"), (200, 30, "标准"), (360, 30, "备注")],
        [(60, 60, "北京"), (200, 60, "650元"), (360, 60, "含早餐，凭票据实报销，"), (360, 82, "超出部分自理")],
        [(60, 104, "上海"), (200, 104, "600元"), (360, 104, "同上")],
        [(60, 126, "其他地区"), (200, 126, "350元")],
    ]  # fmt: skip
    drawn = "".join(word(*cell) for row in cells for cell in row)
    document = printed(browser, tmp_path / "三线表.pdf", f"<p>标准如下。</p>{svg(rules + drawn)}")
    assert rows_of(document) == [
        "地区：北京；标准：650元；备注：含早餐，凭票据实报销，超出部分自理",
        "地区：上海；标准：600元；备注：同上",
        "地区：其他地区；标准：350元",
    ]


def test_stroked_lines_make_a_table_as_thin_rectangles_do(browser: Browser, tmp_path: Path) -> None:
    lines = "".join(f'<path d="M20 {y}H520"/>' for y in (10, 40, 90)) + "".join(
        f'<path d="M{x} 10V90"/>' for x in (20, 120, 320, 520)
    )
    text = word(30, 30, "项目") + word(130, 30, "内容") + word(330, 30, "标准")
    text += word(30, 60, "住宿费") + word(130, 60, "按地区和级别分档") + word(130, 80, "据实报销")
    text += word(330, 60, "每人每天") + word(330, 80, "五百元")
    document = printed(browser, tmp_path / "线.pdf", svg(lines + text))
    assert rows_of(document) == [
        "项目：住宿费；内容：按地区和级别分档 据实报销；标准：每人每天 五百元"
    ]


def test_what_only_looks_like_a_table_is_none(browser: Browser, tmp_path: Path) -> None:
    prose = (
        "这段文字里有<u>下划线强调的内容</u>，有<span style='border:1px solid'>加框的字</span>"
        "<span style='border:1px solid'>另一处加框</span>，还有<s>删去的字</s>，都不是表格，应当连成一段话来读。"
    )
    chart = '<path d="M40 10V180H490M40 50H490M40 90H490M40 130H490"/>' + "".join(
        f'<rect x="{70 + 100 * n}" y="{60 + 20 * n}" width="40" height="{120 - 20 * n}"/>'
        + word(70 + 100 * n, 198, f"{n + 1}月")
        for n in range(4)
    )
    flow = '<rect x="20" y="20" width="110" height="40"/><path d="M130 40H180"/>'
    flow += '<rect x="180" y="20" width="110" height="40"/><path d="M235 60V90"/>'
    flow += '<rect x="180" y="90" width="110" height="40"/>'
    flow += word(40, 45, "受理申请") + word(200, 45, "审核材料") + word(200, 115, "作出决定")
    box = f'<div style="border:1px solid;padding:8px"><p>{DUTY}</p><p>框里第二段。</p></div>'
    body = (
        '<div style="border:2px solid;padding:20px"><h1 style="text-align:center">某某局文件</h1>'
        f'<hr style="border:1px solid red"><p>{prose}</p>{box}{svg(chart)}{svg(flow)}<p>到此结束。</p></div>'
    )
    document = printed(browser, tmp_path / "非表.pdf", body)
    assert not rows_of(document)
    kept = texts(document)
    assert any(
        text.startswith("这段文字里有下划线") and text.endswith("连成一段话来读。") for text in kept
    )
    assert DUTY in kept and "框里第二段。" in kept
    for part in ("受理申请", "审核材料", "作出决定", "1月", "4月"):
        assert part in document.text


def test_boxes_and_text_side_by_side_are_read_one_after_the_other(
    browser: Browser, tmp_path: Path
) -> None:
    left, right, beside = (f"{side}边讲的是一件事情，{DUTY}" for side in "左右旁")
    frame = '<div style="border:1px solid;padding:8px;flex:1"><p>{}</p></div>'
    table = (
        "<table style='width:280px;flex:none'><tr><th>项目</th><th>标准</th></tr>"
        "<tr><td>住宿费用的报销</td><td>按不同地区的标准凭票据实报销</td></tr></table>"
    )
    body = (
        f'<p>开头。</p><div style="display:flex;gap:20px">{frame.format(left)}{frame.format(right)}</div>'
        f'<p>中间。</p><div style="display:flex;gap:16px">{table}<div style="flex:1"><p>{beside}</p></div></div><p>结尾。</p>'
    )
    assert texts(printed(browser, tmp_path / "并排.pdf", body)) == [
        "开头。", left, right, "中间。",
        "项目：住宿费用的报销；标准：按不同地区的标准凭票据实报销", beside, "结尾。",
    ]  # fmt: skip


def test_drawings_of_many_thousand_lines_are_read_past(browser: Browser, tmp_path: Path) -> None:
    dots = "".join(f'<path d="M{n % 500} {n // 50}h9"/>' for n in range(30_000))
    mesh = "".join(f'<path d="M0 {n / 4}H500M{n / 3} 0V280"/>' for n in range(1_200))
    body = f"<p>图见下页。</p>{svg(dots, 600, 700)}<p class='b'>另一幅。</p>{svg(mesh)}<p>完。</p>"
    assert texts(printed(browser, tmp_path / "图.pdf", body)) == ["图见下页。", "另一幅。", "完。"]


WORDS = st.text(
    alphabet="审批程序标准检查公示整改报告监督制度会议纪律党员干部，、。2024年", max_size=40
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of a page at most, columns at least four characters wide, cells merged here and there."""
    columns, count = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    names = ["序号", "工作内容", "责任单位", "完成时限", "备注"][:columns]
    out = ["<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"]
    covered: dict[int, int] = {}
    for row in range(count):
        cells, column = [], 0
        while column < columns:
            if covered.get(column, 0):
                covered[column] -= 1
                column += 1
                continue
            down = draw(st.integers(1, min(2, count - row))) if 0 < column < columns - 1 else 1
            text = draw(WORDS) if column else str(row + 1)
            cells.append(f"<td rowspan={down}>{text}</td>")
            covered[column] = down - 1
            column += 1
        out.append("<tr>" + "".join(cells) + "</tr>")
    align = draw(st.sampled_from(["left", "center", "justify"]))
    return (
        f"<style>td{{text-align:{align};vertical-align:{draw(st.sampled_from(['top', 'middle']))}}}"
        f"</style><table style='table-layout:fixed'>{''.join(out)}</table>"
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(table=tables())
def test_a_printed_table_says_what_its_html_says(
    browser: Browser, tmp_path: Path, table: str
) -> None:
    body = f"<p>上文。</p>{table}<p>下文。</p>"
    (tmp_path / "表.html").write_text(f"<!doctype html>{STYLE}{body}", encoding="utf-8")
    said = [
        ["".join(text.split()) for text in texts(document)]
        for document in (
            printed(browser, tmp_path / "表.pdf", body),
            read_document(tmp_path / "表.html"),
        )
    ]
    assert said[0] == said[1]

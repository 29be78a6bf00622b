"""What else a PDF of an office brings: red heads, columns, footnotes, sideways pages, watermarks."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from ingest.document import RawDocument
from ingest.metadata import read_metadata
from ingest.readers import read_document
from ingest.structure import SectionKind, outline
from tests.ingest.readers.printing import printed

SENTENCE = "机关纪委应当加强对党员的日常监督，及时发现苗头性、倾向性问题，做到早提醒、早纠正，防止小问题变成大问题；"


def texts(document: RawDocument) -> list[str]:
    return [block.text for block in document.blocks]


def test_a_red_head_document_with_its_attachment(browser: Browser, tmp_path: Path) -> None:
    articles = [
        (f"第{number}条", SENTENCE * (1 + n % 4) + "确保监督有力。")
        for n, number in enumerate("一二三四五六七八九十")
    ]
    body = (
        "<style>p{font-size:20px} h1{font-size:28px;text-align:center} .c{text-align:center;text-indent:0}</style>"
        '<div style="color:red;text-align:center;font-size:56px;letter-spacing:12px">某某市机关工委文件</div>'
        '<p class="c">某工委发〔2024〕12号</p><hr style="border:1px solid red">'
        "<h1>关于印发《机关纪委工作规则（试行）》的通知</h1><p style='text-indent:0'>各部门机关党委：</p>"
        "<p>现将《机关纪委工作规则（试行）》印发给你们，请结合实际认真贯彻执行，执行中遇到的问题请及时报告。</p>"
        '<p style="text-align:right">中共某某市委市直机关工作委员会</p><p style="text-align:right">2024年5月6日</p>'
        '<h1 class="b" style="letter-spacing:.4em">机关纪委工作规则</h1><p class="c">（试行）</p>'
        '<h1 style="font-size:20px">第一章　总　则</h1>'
        + "".join(f"<p>{number}　{text}</p>" for number, text in articles)
        + '<hr><p style="text-indent:0;font-size:16px">抄送：市纪委监委。</p><hr>'
    )
    footer = '<div style="font-size:14px;width:100%;text-align:center">— <span class="pageNumber"></span> —</div>'
    document = printed(browser, tmp_path / "红头.pdf", body, footer=footer)
    assert document.page_count is not None and document.page_count >= 3
    kept = texts(document)
    assert kept[:2] == ["某某市机关工委文件", "某工委发〔2024〕12号"]
    assert "—" not in document.text
    assert [text for text in kept if text.startswith("第")][1:] == [
        f"{number} {text}" for number, text in articles
    ]
    tree = outline(document)
    facts = read_metadata(document, tree, "红头.pdf")
    assert facts.title == "关于印发《机关纪委工作规则（试行）》的通知"
    assert facts.doc_number == "某工委发〔2024〕12号"
    assert len(tree.articles()) == 10
    assert [s.title for s in tree.sections if s.kind is SectionKind.APPENDIX] == [
        "机关纪委工作规则"
    ]


def test_two_columns_with_headings_and_paragraphs_over_their_ends(
    browser: Browser, tmp_path: Path
) -> None:
    parts = [
        (f"{name}、加强学习", [f"第{name}篇第{n}段。{SENTENCE * 2}到此为止。" for n in range(1, 5)])
        for name in "一二三"
    ]
    body = (
        "<h1>学习资料选编（示例）</h1><p>编者按：本期选编三篇材料，供各支部在组织生活会前学习。</p>"
        '<div style="columns:2;column-gap:40px">'
        + "".join(
            f"<h2 style='font-size:18px'>{title}</h2>" + "".join(f"<p>{p}</p>" for p in paragraphs)
            for title, paragraphs in parts
        )
        + "</div>"
    )
    document = printed(browser, tmp_path / "两栏.pdf", body)
    assert texts(document)[2:] == [t for title, some in parts for t in (title, *some)]


def test_a_footnote_does_not_part_the_paragraph_above_it(browser: Browser, tmp_path: Path) -> None:
    long = "".join(f"第{n}句说明监督工作的具体要求和做法，" for n in range(10, 60)) + "到此为止。"
    cut = 38 + 9 * 40  # characters of whole lines, so that the page ends inside the paragraph
    note = (
        '<div style="position:absolute;bottom:0;font-size:11px;width:100%">'
        '<hr style="width:150px;margin:0;border:0;border-top:1px solid #000">'
        '<p style="text-indent:0">1 见《工作手册》第3页的说明。</p><p style="text-indent:0">2 同上。</p></div>'
    )
    body = (
        '<div style="height:940px;position:relative;break-after:page"><p>开头引用规定'
        '<sup style="font-size:10px">1</sup>和手册<sup style="font-size:10px">2</sup>，面积三百m'
        '<sup style="font-size:10px">3</sup>。</p>'
        f'<p style="text-align-last:justify">{long[:cut]}</p>{note}</div>'
        f'<p style="text-indent:0">{long[cut:]}</p><p>下一段。</p>'
    )
    document = printed(browser, tmp_path / "脚注.pdf", body)
    assert [(block.kind, "".join(block.text.split())) for block in document.blocks] == [
        ("paragraph", "开头引用规定和手册，面积三百m3。"),
        ("paragraph", long),
        ("note", "1见《工作手册》第3页的说明。"),
        ("note", "2同上。"),
        ("paragraph", "下一段。"),
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_set_sideways_reads_like_an_upright_one(
    browser: Browser, tmp_path: Path, turn: int
) -> None:
    duty = SENTENCE[:-1] + "。"
    path = tmp_path / "横.pdf"
    body = (
        "<h1>横排大表（示例）</h1><table><tr><th>序号</th><th>工作内容</th><th>责任单位</th></tr>"
        f"<tr><td>1</td><td>{duty * 2}</td><td>办公室</td></tr></table><p>表后说明文字。</p>"
    )
    upright = printed(browser, path, body, header="<span></span>", footer="<span></span>")
    pdf = pypdfium2.PdfDocument(path)
    pdf[0].set_rotation(turn)
    pdf.save(tmp_path / "转.pdf")
    document = read_document(tmp_path / "转.pdf")
    assert texts(document) == texts(upright)
    width, height = document.page_sizes[0]
    assert (width > height) == (turn in (90, 270))
    boxes = [span.box for block in document.blocks for span in block.spans]
    assert all(0 < b.x0 < b.x1 < width and 0 < b.y0 < b.y1 < height for b in boxes)
    # The words of the last line are where the page shows them.
    last = pypdfium2.PdfDocument(path)[0].get_textpage()
    index = last.get_text_range().index("表后说明")
    left, bottom, right, top = last.get_charbox(index, loose=True)
    size = (595.92, 842.88)
    x, y = (left + right) / 2, size[1] - (bottom + top) / 2
    for _ in range(turn // 90):
        x, y, size = size[1] - y, x, (size[1], size[0])
    box = document.blocks[-1].spans[0].box
    assert box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= y <= box.y1 + 1


def test_a_watermark_shadows_and_spaced_titles(browser: Browser, tmp_path: Path) -> None:
    body = (
        '<div style="position:fixed;top:300px;left:60px;transform:rotate(-35deg);font-size:60px;color:#ddd">'
        "内部资料 严禁外传</div>"
        '<h1 style="text-align:center;letter-spacing:.6em;text-shadow:2px 2px 0 #999">会议纪要</h1>'
        "<h1>关 于 表 彰 先 进 个 人 的 决 定</h1>"
        + "".join(f"<p>{n}、{SENTENCE}人人参与，天天向上。</p>" for n in range(1, 9))
        + '<div style="position:relative"><p>盖在一起的两层文字只读一次。</p>'
        '<p style="position:absolute;left:0;top:0;width:100%">盖在一起的两层文字只读一次。</p></div>'
    )
    assert texts(printed(browser, tmp_path / "水印.pdf", body)) == [
        "会议纪要",
        "关于表彰先进个人的决定",
        *(f"{n}、{SENTENCE}人人参与，天天向上。" for n in range(1, 9)),
        "盖在一起的两层文字只读一次。",
    ]


def test_headers_that_differ_on_odd_and_even_pages(browser: Browser, tmp_path: Path) -> None:
    heads = ["机关纪委工作手册", "某某机关工委编印"]
    pages = "".join(
        f'<div style="height:950px;break-after:page;position:relative"><p style="text-indent:0">{heads[n % 2]}</p>'
        f'<p>第{n}部分讲清楚第{n}件事情的来龙去脉。</p><p style="position:absolute;bottom:0">— {n} —</p></div>'
        for n in range(1, 6)
    )
    empty = "<span></span>"
    document = printed(browser, tmp_path / "奇偶.pdf", pages, header=empty, footer=empty)
    assert texts(document) == [f"第{n}部分讲清楚第{n}件事情的来龙去脉。" for n in range(1, 6)]


def test_forms_that_begin_alike_on_each_page_keep_their_heads(
    browser: Browser, tmp_path: Path
) -> None:
    pages = "".join(
        f'<p class="{"b" if n > 1 else ""}">附件{n}</p><p>第{n}张表的填写说明。</p>'
        for n in range(1, 5)
    )
    kept = texts(printed(browser, tmp_path / "附件.pdf", pages))
    assert [text for text in kept if text.startswith("附件")] == [f"附件{n}" for n in range(1, 5)]

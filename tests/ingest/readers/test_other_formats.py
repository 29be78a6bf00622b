"""OFD, EPUB, mail, web archives, CSV, and a reader of the user's own."""

from __future__ import annotations

import email.message
import email.policy
import re
import sys
import zipfile
from pathlib import Path

import pytest

from corpus.build.ofd import pdf_to_ofd
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.readers.sniff import sniff
from ingest.structure import outline

CORPUS = Path(__file__).parents[3] / "corpus"
PDFS = sorted(CORPUS.glob("*/*.pdf"))


def texts(path: Path) -> list[str]:
    return [block.text for block in read_document(path).blocks]


@pytest.mark.parametrize("pdf", PDFS, ids=lambda path: path.stem[:8])
def test_an_ofd_file_reads_as_the_pdf_of_the_same_pages(tmp_path: Path, pdf: Path) -> None:
    ofd = tmp_path / "a.ofd"
    pdf_to_ofd(pdf, ofd)
    document, original = read_document(ofd), read_document(pdf)
    assert document.format == "ofd" and document.page_count == original.page_count
    squeezed = ["".join(block.text.split()) for block in document.blocks]
    assert squeezed == ["".join(block.text.split()) for block in original.blocks]
    for block, other in zip(document.blocks, original.blocks, strict=True):
        assert block.page == other.page and len(block.spans) == len(other.spans)
        for span, wanted in zip(block.spans, other.spans, strict=True):
            assert abs(span.box.x0 - wanted.box.x0) < 4 and abs(span.box.y0 - wanted.box.y0) < 6
    labels = [one.label for one in outline(document).sections]
    assert labels == [one.label for one in outline(original).sections]


def _ofd(path: Path, text_object: str) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(
            "OFD.xml",
            "<OFD><DocBody><DocInfo/><DocRoot>/Doc/Document.xml</DocRoot></DocBody></OFD>",
        )
        out.writestr(
            "Doc/Document.xml",
            "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>"
            '</CommonData><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>',
        )
        out.writestr("Doc/P.xml", f"<Page><Content><Layer>{text_object}</Layer></Content></Page>")
    return path


def test_ofd_of_other_producers_without_namespace_with_groups_and_short_steps(
    tmp_path: Path,
) -> None:
    text = (
        '<PageBlock><TextObject Boundary="20 20 100 10" Size="5" CTM="1 0 0 1 0 0">'
        '<TextCode X="0" Y="5" DeltaX="g 7 5">关于值班的通知一</TextCode></TextObject></PageBlock>'
        '<TextObject Boundary="20 40 170 10" Size="5"><TextCode X="0" Y="5">每天两人。</TextCode>'
        "</TextObject>"
        '<TextObject Boundary="50 100 100 100" Size="20" CTM="0.7 -0.7 0.7 0.7 0 0">'
        '<TextCode X="0" Y="20">内部资料</TextCode></TextObject>'
    )
    assert texts(_ofd(tmp_path / "a.ofd", text)) == ["关于值班的通知一", "每天两人。"]


def test_an_ofd_scan_and_a_damaged_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="OCR"):
        read_document(_ofd(tmp_path / "a.ofd", '<ImageObject Boundary="0 0 210 297"/>'))
    whole = (tmp_path / "a.ofd").read_bytes()
    (tmp_path / "b.ofd").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError):
        read_document(tmp_path / "b.ofd")
    with zipfile.ZipFile(tmp_path / "c.ofd", "w") as out:
        out.writestr("OFD.xml", "<OFD><DocBody>")
    with pytest.raises(ReadError, match="OFD"):
        read_document(tmp_path / "c.ofd")


def _epub(path: Path, chapters: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/epub+zip")
        out.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"'
            + (' properties="nav"/>' if name == "nav.xhtml" else "/>")
            for n, name in enumerate(chapters)
        )
        refs = "".join(f'<itemref idref="i{n}"/>' for n in reversed(range(len(chapters))))
        out.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>学习读本</dc:title></metadata>'
            f"<manifest>{items}</manifest><spine>{refs}</spine></package>",
        )
        for name, body in chapters.items():
            out.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title>x</title></head><body>{body}</body></html>",
            )
    return path


def test_an_epub_reads_its_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = _epub(
        tmp_path / "a.epub",
        {"b.xhtml": "<h1>第二讲</h1><p>乙。</p>", "a.xhtml": "<h1>第一讲</h1><p>甲。</p>",
         "nav.xhtml": "<p>目录</p>"},
    )  # fmt: skip
    document = read_document(path)
    assert document.title == "学习读本"
    assert [b.text for b in document.blocks] == ["第一讲", "甲。", "第二讲", "乙。"]
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ReadError):
        read_document(path)


PAGE = "<html><head><title>值班通知_某某网</title></head><body><h1>值班通知</h1><p>每天两人值班。</p></body></html>"


def _mail(html: str | None = None) -> email.message.EmailMessage:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "办公室 <office@example.com>"
    message["To"] = "各处室 <all@example.com>"
    message["Subject"] = "关于报送材料的通知"
    message["Date"] = "Mon, 4 Mar 2024 09:30:00 +0800"
    message.set_content("请于周五前报送。\n\n联系人：某某。", charset="gb18030")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_mail_says_its_subject_people_date_and_text(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    message = _mail("<p>请于<b>周五</b>前报送。</p>")
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="材料.zip")
    path.write_bytes(message.as_bytes())
    assert texts(path) == [
        "关于报送材料的通知",
        "发件人：办公室 <office@example.com>",
        "收件人：各处室 <all@example.com>",
        "日期：2024年3月4日 09:30",
        "请于周五前报送。",
        "联系人：某某。",
        "附件：材料.zip",
    ]


def test_headers_in_every_writing(tmp_path: Path) -> None:
    for head in (
        b"Subject: =?gb2312?B?1rWw4M2o1qo=?=", "Subject: 值班通知".encode("gbk"),
        "Subject: 值班通知".encode(), b"Subject: =?utf-8?B?5YC854+t?=\r\n =?utf-8?B?6YCa55+l?=",
    ):  # fmt: skip
        path = tmp_path / "a.eml"
        path.write_bytes(b"From: a@b.c\r\nTo: d@e.f\r\n" + head + b"\r\n\r\nok\r\n")
        assert texts(path)[0] == "值班通知"


def test_a_mail_with_absurd_headers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    many = ", ".join(f"(a(b) <x{n}@y.z>" for n in range(20_000)).encode()
    params = b"; ".join(b'p%d="\\"' % n for n in range(20_000))
    path.write_bytes(
        b"From: a@b.c\r\nSubject: s\r\nTo: " + many + b"\r\nContent-Type: text/plain; " + params
        + b"\r\n\r\nhello world\r\n"
    )  # fmt: skip
    assert texts(path)[-1] == "hello world"


def test_a_web_archive_reads_as_its_page(tmp_path: Path) -> None:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "值班通知"
    message["MIME-Version"] = "1.0"
    message.set_content(PAGE, subtype="html")
    message.make_related()
    path = tmp_path / "a.mht"
    path.write_bytes(message.as_bytes())
    assert sniff(path) == "mht"
    assert texts(path) == ["值班通知", "每天两人值班。"]
    path.write_bytes(message.as_bytes()[:150])
    with pytest.raises(ReadError):
        read_document(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_rows_say_their_columns(tmp_path: Path, encoding: str, sign: str) -> None:
    rows = [["事项", "责任单位", "期限"], ["主题党日", "机关党委，各支部", "每月"], ["", "", ""]]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(sign.join(f'"{c}"' for c in row) for row in rows).encode(encoding))
    assert texts(path) == ["事项：主题党日；责任单位：机关党委，各支部；期限：每月"]


def test_a_csv_file_with_a_quote_that_never_ends_is_read_or_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('事项,期限\n"' + "甲" * 1_200_000, encoding="utf-8")
    with pytest.raises(ReadError, match="引号"):
        read_document(path)


PAGES = sorted(CORPUS.glob("*/*.html"))
_MARKUP = re.compile(r"<(/?)(?:main|article|nav|footer|header)\b[^>]*>")
_MENU = "".join(f'<a href="/{n}">栏目导航{n}</a> ' for n in range(30))
_BELOW = (
    "主办：某某市机关",
    "备案号：000",
    "上一篇",
    "下一篇",
    "打印本页",
    "关闭窗口",
    "分享到",
    "网站地图",
)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem[:8])
def test_a_page_of_a_site_that_marks_nothing_gives_its_text_without_the_furniture(
    tmp_path: Path, page: Path
) -> None:
    pytest.importorskip("trafilatura")
    source = _MARKUP.sub(lambda m: f"<{m[1]}div>", page.read_text(encoding="utf-8"))
    source = re.sub("(<body[^>]*>)", lambda m: f"{m[1]}<div class=x>首页 {_MENU}</div>", source)
    below = "".join(f"<div>{line}</div>" for line in _BELOW)
    path = tmp_path / "a.html"
    path.write_text(source.replace("</body>", f"{below}</body>"), encoding="utf-8")
    found = texts(path)
    assert set(texts(page)) <= set(found)
    assert not set(_BELOW) & set(found) and "栏目导航" not in "".join(found)


def test_a_reader_of_the_users_own_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "office_reader.py").write_text(
        "from llama_index.core.readers.base import BaseReader\n"
        "from llama_index.core.schema import Document\n"
        "class Fine(BaseReader):\n"
        "    def load_data(self, file, extra_info=None):\n"
        "        return [Document(text='标题\\n\\n第一条　' + file.read_text())]\n"
        "class Broken(BaseReader):\n"
        "    def load_data(self, file, extra_info=None):\n"
        "        raise RuntimeError('no')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / "a.xyz"
    path.write_text("内容。", encoding="utf-8")

    def read(name: str) -> list[str]:
        limits = ReadLimits(readers=((".xyz", name),))
        return [block.text for block in read_document(path, limits).blocks]

    assert read("office_reader:Fine") == ["标题", "第一条　内容。"]
    for name in ("office_reader:Broken", "office_reader:Missing", "no.such:Thing", "not a name"):
        with pytest.raises(ReadError, match="LUMING_READERS"):
            read(name)
    sys.modules.pop("office_reader", None)

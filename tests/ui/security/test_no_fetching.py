"""A document can not make this machine ask another: a listener on loopback hears nothing."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from ui.api.service import Service


@dataclass
class Listener:
    """Counts who connects."""

    heard: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.settimeout(2)
            try:
                self.heard.append(connection.recv(200))
            except OSError:
                self.heard.append(b"")
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as made:
        yield made


def package(template: bytes, **changed: str) -> bytes:
    """An Office file with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name not in changed:
                target.writestr(name, source.read(name))
        for name, text in changed.items():
            target.writestr(name, text)
    return out.getvalue()


def word(url: str, dtd: bool) -> bytes:
    """A document with a linked picture, object and frame and a remote template; also a remote DTD."""
    from docx import Document

    made = Document()
    made.add_heading("远程图片管理办法（示例）")
    made.add_paragraph("第一条 远程图片由信息处登记。")
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as opened:
        relations = opened.read("word/_rels/document.xml.rels").decode()
        styles = opened.read("word/styles.xml").decode()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="rEvil{kind}" Type="{base}/{kind}" Target="{url}/{kind}" TargetMode="External"/>'
        for kind in ("image", "oleObject", "attachedTemplate", "frame")
    )
    declared = f'<!DOCTYPE x SYSTEM "{url}/styles.dtd">' if dtd else ""
    head, _, rest = styles.partition("?>")
    return package(
        out.getvalue(),
        **{
            "word/_rels/document.xml.rels": relations.replace(
                "</Relationships>", f"{more}</Relationships>"
            ),
            "word/styles.xml": f"{head}?>{declared}{rest}",
        },
    )


_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_links(data: bytes, part: str, url: str) -> bytes:
    """An Office file whose ``part`` names the listener as picture, object, sheet and frame."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        there = part in opened.namelist()
        relations = (
            opened.read(part).decode()
            if there
            else '<?xml version="1.0"?><Relationships xmlns='
            '"http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        )
    more = "".join(
        f'<Relationship Id="rEvil{kind}" Type="{_TYPES}/{kind}" Target="{url}/{kind}" TargetMode="External"/>'
        for kind in ("image", "oleObject", "externalLinkPath", "hyperlink", "video")
    )
    changed = relations.replace("</Relationships>", f"{more}</Relationships>")
    if there:
        return package(data, **{part: changed})
    out = io.BytesIO(package(data))
    with zipfile.ZipFile(out, "a") as target:
        target.writestr(part, changed)
    return out.getvalue()


def sheet(url: str) -> bytes:
    """A workbook with a formula, a link and relations that name the listener."""
    from openpyxl import Workbook

    made = Workbook()
    made.active.append(["远程表格办法（示例）"])
    made.active.append(["第一条 远程表格由财务处登记。", f'=WEBSERVICE("{url}/formula")'])
    made.active["A3"].hyperlink = f"{url}/cell"
    out = io.BytesIO()
    made.save(out)
    return with_links(out.getvalue(), "xl/worksheets/_rels/sheet1.xml.rels", url)


def slides(url: str) -> bytes:
    """A presentation whose slide names the listener."""
    from pptx import Presentation

    made = Presentation()
    page = made.slides.add_slide(made.slide_layouts[1])
    page.shapes.title.text = "远程幻灯片办法（示例）"
    page.placeholders[1].text = "第一条 远程幻灯片由宣传处登记。"
    out = io.BytesIO()
    made.save(out)
    return with_links(out.getvalue(), "ppt/slides/_rels/slide1.xml.rels", url)


def open_text(url: str, dtd: bool) -> bytes:
    """An OpenDocument text with a picture and a frame elsewhere; also a remote DTD."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    declared = f'<!DOCTYPE x SYSTEM "{url}/odt.dtd">' if dtd else ""
    content = (
        f'<?xml version="1.0"?>{declared}<office:document-content '
        f'xmlns:office="{name}:office:1.0" xmlns:text="{name}:text:1.0" xmlns:draw="{name}:drawing:1.0" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
        f"<text:p>远程开放文档办法（示例）</text:p><text:p>第一条 由档案处登记。</text:p>"
        f'<draw:frame><draw:image xlink:href="{url}/odt.png" xlink:actuate="onLoad"/></draw:frame>'
        f"</office:text></office:body></office:document-content>"
    )
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
    })  # fmt: skip


def zipped(parts: dict[str, str]) -> bytes:
    """A ZIP file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def book(url: str) -> bytes:
    """An electronic book some of whose parts lie elsewhere."""
    page = (
        "<html><head><title>远程电子书（示例）</title></head><body><h1>远程电子书（示例）</h1>"
        f'<p>第一条 远程电子书由图书室登记。</p><img src="{url}/book.png"/></body></html>'
    )
    return zipped({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        f'<rootfiles><rootfile full-path="a.opf"/><rootfile full-path="{url}/remote.opf"/></rootfiles>'
        "</container>",
        "a.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="a" href="a.html" media-type="application/xhtml+xml"/>'
        f'<item id="b" href="{url}/b.html" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "a.html": page,
    })  # fmt: skip


def picture(url: str) -> bytes:
    """A scan for recognition that shows the address and has it in its metadata."""
    from PIL import Image, ImageDraw, PngImagePlugin

    made = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(made).text((40, 120), f"{url}/seen", fill="black", font_size=40)
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", f'<x:xmpmeta><a href="{url}/xmp"/></x:xmpmeta>')
    out = io.BytesIO()
    made.save(out, "PNG", pnginfo=told)
    return out.getvalue()


def write(folder: Path, url: str) -> list[Path]:
    """Files that name the listener in every way that a program might follow."""
    folder.mkdir()
    page = f"""<!DOCTYPE html SYSTEM "{url}/page.dtd"><html><head><base href="{url}/"><title>远程网页办法（示例）</title>
<meta http-equiv="refresh" content="0;url={url}/refresh"><link rel="stylesheet" href="{url}/a.css">
<link rel="icon" href="{url}/icon"><script src="{url}/a.js"></script><style>@import "{url}/b.css";
@font-face {{ font-family: x; src: url({url}/font) }}</style></head><body background="{url}/back">
<h1>远程网页办法（示例）</h1><p>第一条 远程网页由办公室登记。<a href="{url}/link">附件</a></p>
<img src="{url}/image.png" srcset="{url}/2x.png 2x"><iframe src="{url}/frame"></iframe>
<object data="{url}/object"></object><video src="{url}/video" poster="{url}/poster"></video></body></html>"""
    xml = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY % d SYSTEM "{url}/x.dtd">%d;
<!ENTITY e SYSTEM "{url}/entity">]><r>第一条 &e;</r>"""
    drawing = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<image xlink:href="{url}/svg.png"/><use href="{url}/svg#x"/><script href="{url}/svg.js"/></svg>"""
    mail = f"""From: a@example.cn
Subject: remote
Content-Type: message/external-body; access-type=URL; URL="{url}/mail"

Content-Type: text/html

<img src="{url}/mail.png">
"""
    pdf = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(" + url.encode() + b"/open)>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/AA<</O<</S/URI/URI(" + url.encode() + b"/aa)>>>>"
        b"/Contents<</Length 0/F<</FS/URL/F(" + url.encode() + b"/stream)>>>>>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    )  # fmt: skip
    files: dict[str, bytes] = {
        "网页.html": page.encode(),
        "清单.xml": xml.encode(),
        "图.svg": drawing.encode(),
        "信.eml": mail.encode(),
        "跳转.pdf": pdf,
        "链接.md": f"# 远程链接办法（示例）\n\n![图]({url}/md.png)\n\n第一条 见 {url}/text 。\n".encode(),
        "链接.txt": f"远程文本办法（示例）\n第一条 远程文本见 {url}/text 。\n".encode(),
        "快捷方式.url": f"[InternetShortcut]\nURL={url}/shortcut\n".encode(),
        "办法.docx": word(url, dtd=False),
        "声明.docx": word(url, dtd=True),  # refused whole
        "台账.xlsx": sheet(url),
        "课件.pptx": slides(url),
        "文档.odt": open_text(url, dtd=False),
        "声明.odt": open_text(url, dtd=True),  # refused whole
        "书.epub": book(url),
        "扫描.png": picture(url),
        "包.zip": zipped({"内.html": page, "内.svg": drawing}),
        "富文本.rtf": (
            r"{\rtf1\ansi {\field{\*\fldinst INCLUDEPICTURE \"" + url + r"/rtf.png\"}{\fldrslt x}}"
            r"{\object\objautlink{\*\objdata " + url + r"/ole}}{\*\template " + url + r"/rtf.dot} "
            r"These rules on remote files are kept by the office.}"
        ).encode(),
        "存档.mht": (
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
            "Content-Type: text/html; charset=utf-8\n"
            f"Content-Location: {url}/page\n\n{page}\n--b--\n"
        ).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder]


def test_nothing_is_fetched_for_a_document(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings(home=tmp_path / "home")
    library = Library(settings)
    try:
        ingest_paths(library, write(tmp_path / "文件", listener.url), "远程")
    finally:
        library.close()
    service = Service(settings)
    try:
        found = service.documents()
        titles = {one.title for one in found}
        assert {"远程网页办法（示例）", "远程文本办法（示例）"} <= titles
        formats = {one.format for one in found}  # that a reader gave up would prove nothing
        assert {"docx", "xlsx", "pptx", "odt", "epub", "mht", "rtf"} <= formats
        for one in found:
            service.source(one.document_id, None, None, None)
        assert service.ask("远程网页由谁登记？").sentences
        assert service.ask(f"请打开 {listener.url}/question 并告诉我里面写了什么？")
        service.results(f"{listener.url}/search", ())
    finally:
        service.close()
    assert listener.heard == []


def test_the_listener_hears() -> None:
    import urllib.request

    with Listener() as heard:
        with pytest.raises(OSError):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(heard.url, timeout=5)
        assert heard.heard[0].startswith(b"GET /")

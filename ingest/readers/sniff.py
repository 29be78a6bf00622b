"""What a file really is, by its content; what we can't read is named, with a way out."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.base import ReadError
from ingest.readers.files import load_head, open_regular, reason

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DAMAGED = "文件不完整或已损坏（可能没有下载完）；请重新获取后再放入"
ENCRYPTED = "文件有密码保护，打不开；请去掉密码后另存一份再放入"


def _word(what: str) -> str:
    return f"文件是 {what}，不是 Word 文档（.docx）；请用 Word 或 WPS 打开后另存为 .docx 再放入"


_IMAGE = "文件是图片（{}），里面没有可读的文字；请先做文字识别（OCR），存为 Word 或 PDF 再放入"
_ARCHIVE = "文件是压缩包（{}）；请解压后放入里面的文件"
_PROGRAM = "文件是程序，不是文档；请放入 Word、PDF、网页、Markdown 或纯文本文件"
_MEDIA = "文件是音频或视频（{}），无法读出文字；请放入文字稿"
_TABLE = "文件是电子表格（{}）；请把内容复制到 Word，或另存为 PDF 再放入"
_SLIDES = "文件是演示文稿（{}）；请另存为 PDF 再放入"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", _word("RTF")),
    (b"\x89PNG\r\n", _IMAGE.format("PNG")),
    (b"\xff\xd8\xff", _IMAGE.format("JPEG")),
    (b"GIF87a", _IMAGE.format("GIF")),
    (b"GIF89a", _IMAGE.format("GIF")),
    (b"II*\x00", _IMAGE.format("TIFF")),
    (b"MM\x00*", _IMAGE.format("TIFF")),
    (b"8BPS", _IMAGE.format("PSD")),
    (b"Rar!\x1a\x07", _ARCHIVE.format("RAR")),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE.format("7z")),
    (b"\x1f\x8b\x08", _ARCHIVE.format("gzip")),
    (b"\xfd7zXZ\x00", _ARCHIVE.format("xz")),
    (b"BZh", _ARCHIVE.format("bzip2")),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE.format("zstd")),
    (b"\x7fELF", _PROGRAM),
    (b"MZ\x90", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"SQLite format 3\x00", "文件是数据库，不是文档；请导出为文字后再放入"),
    (b"ID3", _MEDIA.format("MP3")),
    (b"OggS", _MEDIA.format("Ogg")),
    (b"fLaC", _MEDIA.format("FLAC")),
    (b"\x1aE\xdf\xa3", _MEDIA.format("MKV")),
    (b"%!PS", "文件是 PostScript；请转换为 PDF 再放入"),
    (b"ITSF", "文件是 CHM 帮助文件；请把需要的页面另存为网页或 PDF 再放入"),
    (b"CAJ\x00", "文件是 CAJ；请用知网阅读器打开后另存为 PDF 再放入"),
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,20000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_BLOCKS = re.compile(rb"</(?:p|div|table|tr|li|h[1-6]|span)\s*>", re.IGNORECASE)
_MARKS = re.compile(
    r"^(?:(?P<heading>#{1,6} {0,3}\S)|(?P<rule>\|?[ ]*:?-{3,}:?[ ]*\|)|(?P<fence>```|~~~)"
    r"|(?P<bullet>[-*+] +\S)|(?P<quote>> ?\S)|(?P<link>!?\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)))"
    r"|(?P<bold>\*\*[^*\n]{1,200}\*\*)",
    re.MULTILINE,
)
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mkd", ".mdown"})


def sniff(path: Path) -> str:
    """``md``, ``txt``, ``html``, ``docx`` or ``pdf``, from the content; the extension only tells
    Markdown from plain text. Raises :class:`ReadError` that names any other kind of file."""
    head = load_head(path, _HEAD)
    if not head:
        raise ReadError("文件是空的（0 字节）；请换上有内容的文件再放入")
    _refuse_known(head)
    if _is_pdf(head):
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_kind(path, head)
    if head.startswith(_OLE):
        raise ReadError(_ole_kind(path))
    return _text_kind(head, path.suffix.lower())


def _refuse_known(head: bytes) -> None:
    for magic, message in _MAGIC:
        if message and head.startswith(magic):
            raise ReadError(message)
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        kind = head[8:12].decode("ascii").strip()
        raise ReadError((_IMAGE if kind == "WEBP" else _MEDIA).format(kind))
    if head[4:8] == b"ftyp":
        heic = head[8:11] in (b"hei", b"mif", b"avi")
        raise ReadError(_IMAGE.format("HEIC") if heic else _MEDIA.format("MP4"))
    if head[:2] == b"BM" and head[6:10] == b"\x00" * 4:
        raise ReadError(_IMAGE.format("BMP"))
    if head[257:262] == b"ustar":
        raise ReadError(_ARCHIVE.format("tar"))


def _is_pdf(head: bytes) -> bool:
    """``%PDF-`` at the start, or within the first kilobyte when PDF objects follow."""
    if head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n").startswith(b"%PDF-"):
        return True
    return b"%PDF-" in head[:1024] and b" obj" in head and b"\x00" in head


def _zip_kind(path: Path, head: bytes) -> str:
    import os
    import zipfile

    try:
        with os.fdopen(open_regular(path), "rb") as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except OSError as error:
        raise ReadError(reason(error)) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        what = "Word 文档" if b"word/" in head or b"[Content_Types]" in head else ""
        raise ReadError(what + _DAMAGED) from error
    if any(name.startswith("word/document") for name in names):
        return "docx"
    raise ReadError(_zip_refusal(names, head))


def _zip_refusal(names: set[str], head: bytes) -> str:
    if any(name.startswith("xl/") for name in names):
        return _TABLE.format("Excel")
    if any(name.startswith("ppt/") for name in names):
        return _SLIDES.format("PowerPoint")
    if "OFD.xml" in names:
        return "文件是 OFD 版式文件；请用 OFD 阅读器打开后另存（打印）为 PDF 再放入"
    if b"mimetypeapplication/vnd.oasis.opendocument" in head[:200]:
        return "文件是 OpenDocument（ODF）文档；请用 WPS 或 Word 打开后另存为 .docx 再放入"
    if b"mimetypeapplication/epub" in head[:200]:
        return "文件是 EPUB 电子书；请转换为 PDF 或网页再放入"
    if "[Content_Types].xml" in names:
        return f"Word 文档里缺少正文，{_DAMAGED}"
    return _ARCHIVE.format("ZIP")


def _ole_kind(path: Path) -> str:
    """Which Office 97–2003 file, by the names in its directory (UTF-16)."""
    data = load_head(path, 64 * 1024 * 1024)

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return ENCRYPTED
    if has("WordDocument"):
        return _word("旧版 Word（.doc）")
    if has("Workbook") or has("Book\x00"):
        return _TABLE.format("旧版 Excel")
    if has("PowerPoint Document"):
        return _SLIDES.format("旧版 PowerPoint")
    return "文件是旧版 Office 或 WPS 文件；请打开后另存为 .docx 再放入"


def _text_kind(head: bytes, suffix: str) -> str:
    narrow = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    narrow = (
        narrow.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    if re.match(rb"\s*mime-version:|\s*from: <saved by", narrow[:200], re.IGNORECASE):
        raise ReadError("文件是单文件网页（MHT）；请用浏览器或 Word 打开后另存为 .docx 再放入")
    if _HTML_START.match(narrow):
        return "html"
    start = narrow.lstrip()[:4096]
    if start.startswith(b"<?xml") or start.startswith((b"<w:", b"<pkg:")):
        if b"word" in start.lower():
            raise ReadError(_word("XML 格式的 Word 文件"))
        raise ReadError("文件是 XML 数据，不是文档；请转换为 Word、PDF 或网页再放入")
    markdown = suffix in _MARKDOWN_NAMES
    if start.startswith(b"<") and not markdown and len(_HTML_BLOCKS.findall(narrow)) >= 2:
        return "html"
    return "md" if markdown or _has_marks(narrow) else "txt"


def _has_marks(head: bytes) -> bool:
    """Whether text without a Markdown name carries enough of its marks to be it."""
    found = [match.lastgroup for match in _MARKS.finditer(head.decode("utf-8", "ignore"))]
    if found.count("heading") >= 2 or "rule" in found or found.count("fence") >= 2:
        return True
    return len(set(found) & {"heading", "bold", "link", "quote", "bullet"}) >= 2 and len(found) >= 3

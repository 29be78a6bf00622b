"""What a file really is, by its content; what we can't read is named, with a way out."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.base import ReadError
from ingest.readers.files import load_head, open_regular, reason
from ingest.readers.passwords import LOCKED

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DAMAGED = "文件不完整或已损坏（可能没有下载完）；请重新获取后再放入"
_IMAGE = "文件是图片（{}），这种格式读不了；请另存为 PNG 或 JPG 再放入"
_ARCHIVE = "文件是压缩包（{}）；请解压后放入里面的文件"
_WORD_XML = "文件是 XML 格式的 Word 文件；请用 Word 或 WPS 打开后另存为 .docx 再放入"
_PROGRAM = "文件是程序，不是文档；请放入 Word、PDF、网页、Markdown 或纯文本文件"
_MEDIA = "文件是音频或视频（{}），无法读出文字；请放入文字稿"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", _IMAGE.format("PSD")),
    (b"\x00\x00\x00\x0cjP  ", _IMAGE.format("JPEG 2000")),
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
_PICTURES = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*",
    b"II+\x00", b"MM\x00+",
)  # fmt: skip
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,20000}?-->\s*)*(?:<!doctype\s+svg[^>]{0,400}>\s*)?"
    rb"<svg\b",
    re.IGNORECASE | re.DOTALL,
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
_ZIP_PARTS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_ZIP_MIMES = (
    (_ODF + b"text", "odt"),
    (_ODF + b"presentation", "odp"),
    (_ODF + b"spreadsheet", "ods"),
    (b"mimetypeapplication/epub", "epub"),
)
_OLE_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_MAIL_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAIL_NAMES = frozenset(
    [b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version",
     b"content-type", b"return-path", b"delivered-to", b"reply-to", b"cc"]
)  # fmt: skip
_TABLE_NAMES = frozenset({".csv", ".tsv"})
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mkd", ".mdown"})


def sniff(path: Path) -> str:
    """One of :data:`ingest.readers.SUPPORTED`, from the content; the extension only tells Markdown
    and tables from plain text. Raises :class:`ReadError` that names any other kind of file."""
    head = load_head(path, _HEAD)
    if not head:
        raise ReadError("文件是空的（0 字节）；请换上有内容的文件再放入")
    _refuse_known(head)
    if _is_picture(head):
        return "image"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _is_pdf(head):
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_kind(path, head)
    if head.startswith(_OLE):
        return _ole_kind(path)
    return _text_kind(head, path.suffix.lower())


def _refuse_known(head: bytes) -> None:
    for magic, message in _MAGIC:
        if message and head.startswith(magic):
            raise ReadError(message)
    if head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI "):
        raise ReadError(_MEDIA.format(head[8:12].decode("ascii").strip()))
    if head[4:8] == b"ftyp":
        heic = head[8:11] in (b"hei", b"mif", b"avi")
        raise ReadError(_IMAGE.format("HEIC") if heic else _MEDIA.format("MP4"))
    if head[257:262] == b"ustar":
        raise ReadError(_ARCHIVE.format("tar"))


def _is_picture(head: bytes) -> bool:
    """Whether it is one of the pictures that can be recognised."""
    return (
        head.startswith(_PICTURES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[:2] == b"BM" and head[6:10] == b"\x00" * 4)
    )


def _is_pdf(head: bytes) -> bool:
    """``%PDF-`` at the start, or within the first kilobyte when PDF objects follow."""
    if head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n").startswith(b"%PDF-"):
        return True
    return b"%PDF-" in head[:1024] and b" obj" in head and b"\x00" in head


def is_archive(path: Path) -> bool:
    """Whether a ZIP file is an archive of files, and no document in that form or damaged."""
    head = load_head(path, _HEAD)
    try:
        return not _zip_document(_zip_names(path, head), head)
    except ReadError:
        return False


def _zip_kind(path: Path, head: bytes) -> str:
    kind = _zip_document(_zip_names(path, head), head)
    if not kind:
        raise ReadError(_ARCHIVE.format("ZIP"))
    return kind


def _zip_names(path: Path, head: bytes) -> set[str]:
    import os
    import zipfile

    try:
        with os.fdopen(open_regular(path), "rb") as file, zipfile.ZipFile(file) as archive:
            return set(archive.namelist())
    except OSError as error:
        raise ReadError(reason(error)) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ReadError(f"{_zip_guess(head)}{_DAMAGED}") from error


def _zip_guess(head: bytes) -> str:
    """What a damaged ZIP file was, by the names at its beginning; empty where that isn't clear."""
    size = int.from_bytes(head[26:28], "little")
    first = head[30 : 30 + size]
    office = first in (b"[Content_Types].xml", b"_rels/.rels") or first.startswith(
        (b"docProps/", b"customXml/", b"word/", b"xl/", b"ppt/")
    )
    for part, what in ((b"word/", "Word "), (b"xl/", "Excel "), (b"ppt/", "PPT ")):
        if office and part in head:
            return what
    if first == b"mimetype":
        return "EPUB " if b"epub+zip" in head[:200] else "ODF "
    return "OFD " if first == b"OFD.xml" else "" if office else "压缩包"


def _zip_document(names: set[str], head: bytes) -> str:
    """The format of a document in ZIP form, empty for an archive. Raises :class:`ReadError`."""
    if "xl/workbook.bin" in names:
        raise ReadError(
            "文件是二进制的 Excel 工作簿（.xlsb）；请用 Excel 打开后另存为 .xlsx 再放入"
        )
    for part, kind in _ZIP_PARTS:
        if part in names:
            return kind
    for mark, kind in _ZIP_MIMES:
        if mark in head[:200]:
            return kind
    if "META-INF/container.xml" in names and "mimetype" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        if "word/document.xml" not in names and any(n.startswith("word/document") for n in names):
            return "docx"
        raise ReadError(f"Office 文件里缺少正文，{_DAMAGED}")
    return ""


def _ole_kind(path: Path) -> str:
    """Which compound file it is, by the names of its streams."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {entry[0] for entry in ole.listdir()}
    except Exception as error:  # a library on untrusted bytes
        raise ReadError(f"旧版 Office 或 WPS {_DAMAGED}") from error
    if "EncryptedPackage" in names:
        raise ReadError(LOCKED)
    for name, kind in _OLE_STREAMS:
        if name in names:
            return kind
    if any(name.startswith("__properties_version") for name in names):
        raise ReadError(
            "文件是 Outlook 邮件（.msg）；请用 Outlook 打开后另存为 .eml 或 .mht 再放入"
        )
    raise ReadError("文件是旧版 Office、WPS 或 Works 的文件，读不了；请打开后另存为 .docx 再放入")


def _text_kind(head: bytes, suffix: str) -> str:
    narrow = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    narrow = (
        narrow.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    if (mail := _mail_kind(narrow)) is not None:
        return mail
    if _SVG.match(narrow):
        raise ReadError(_IMAGE.format("SVG"))
    if _HTML_START.match(narrow):
        return "html"
    start = narrow.lstrip()[:4096]
    if start.startswith(b"<?xml") or start.startswith((b"<w:", b"<pkg:")):
        if b"word" in start.lower():
            raise ReadError(_WORD_XML)
        raise ReadError("文件是 XML 数据，不是文档；请转换为 Word、PDF 或网页再放入")
    markdown = suffix in _MARKDOWN_NAMES
    if start.startswith(b"<") and not markdown and len(_HTML_BLOCKS.findall(narrow)) >= 2:
        return "html"
    if suffix in _TABLE_NAMES:
        return "csv"
    return "md" if markdown or _has_marks(narrow) else "txt"


def _mail_kind(head: bytes) -> str | None:
    """``eml`` or ``mht`` where the file begins with a mail's headers, else None."""
    at = len(head) - len(head.lstrip())
    names: list[bytes] = []
    content = b""
    while len(names) < 200 and (match := _MAIL_HEADER.match(head, at)):
        name = match[0].partition(b":")[0].lower()
        names.append(name)
        if name == b"content-type":
            content = match[0].lower()
        if name == b"from" and b"saved by" in match[0][:60].lower():
            return "mht"
        at = match.end()
    known = set(names) & _MAIL_NAMES
    if b"multipart/related" in content and not known & {b"to", b"received", b"message-id"}:
        return "mht"
    if len(known) >= 3 and known & {b"from", b"received", b"return-path"}:
        return "eml"
    return "mht" if b"mime-version" in names[:3] and content else None


def _has_marks(head: bytes) -> bool:
    """Whether text without a Markdown name carries enough of its marks to be it."""
    found = [match.lastgroup for match in _MARKS.finditer(head.decode("utf-8", "ignore"))]
    if found.count("heading") >= 2 or "rule" in found or found.count("fence") >= 2:
        return True
    return len(set(found) & {"heading", "bold", "link", "quote", "bullet"}) >= 2 and len(found) >= 3

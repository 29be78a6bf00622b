"""Mails (.eml): subject, people, date and text. Attachments are files of their own
(:mod:`ingest.containers.mail`)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadLimits
from ingest.readers.clean import make_document, visible
from ingest.readers.files import load
from ingest.readers.html import fragment_blocks
from ingest.readers.mail import file_name, header, is_attachment, parse_mail, parts, text_of
from ingest.readers.text import paragraphs

_PEOPLE = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"))


class EmlReader:
    """Reads .eml. The plain text of a mail is taken, else its HTML without what isn't seen."""

    format = "eml"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """Subject as heading, who wrote to whom and when, then the text."""
        message = parse_mail(load(path, limits))
        subject = header(message, "Subject")
        return make_document(self.format, _blocks(message, subject), limits, title=subject or None)


def _blocks(message: Message, subject: str) -> Iterator[Block]:
    if subject:
        yield Block(subject, "heading", 1)
    for name, said in _PEOPLE:
        if value := header(message, name)[:500]:
            yield Block(f"{said}：{value}")
    if day := _day(message):
        yield Block(f"日期：{day}")
    own = [part for part in parts(message) if not is_attachment(part)]
    plain = [part for part in own if part.get_content_type() == "text/plain"]
    lines = [line for part in plain for line in paragraphs(visible(text_of(part)))]
    if lines:
        yield from (Block(line) for line in lines)
    else:
        for part in own:
            if part.get_content_type() == "text/html":
                yield from fragment_blocks(visible(text_of(part)))
    names = [file_name(part)[:200] for part in parts(message) if is_attachment(part)]
    names = [name for name in names if name]
    if names:
        yield Block("附件：" + "；".join(names[:50]))


def _day(message: Message) -> str:
    try:
        date = parsedate_to_datetime(header(message, "Date"))
    except (TypeError, ValueError, IndexError):
        return ""
    return f"{date.year}年{date.month}月{date.day}日 {date.hour:02d}:{date.minute:02d}"

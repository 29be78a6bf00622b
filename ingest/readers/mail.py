"""Mails and web archives (MIME): parts within bounds, text in whatever encoding it is in."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage, Message

from ingest.readers.base import ReadError
from ingest.readers.decode import decode

_MAX_PARTS = 2_000
_LONGEST_HEADER = 10_000
_SHOWN_HEADER = 4_000
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def parse_mail(data: bytes) -> EmailMessage:
    """The message of these bytes; raises :class:`ReadError` when they make no sense.

    Headers that say what a part is are dropped where they are absurdly long: their parser takes
    time in the square of their length.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in _all_parts(message):
            for name, value in list(part.raw_items()):
                if name.lower().startswith("content-") and len(str(value)) > _LONGEST_HEADER:
                    del part[name]
    except Exception as error:  # the parser meets anything
        raise ReadError("邮件或网页归档文件已损坏，读不出来；请重新保存再放入") from error
    assert isinstance(message, EmailMessage)
    return message


def _all_parts(message: Message) -> Iterator[Message]:
    stack = [message]
    while stack:
        part = stack.pop()
        yield part
        inner = part.get_payload()
        if isinstance(inner, list):
            stack.extend(one for one in inner if isinstance(one, Message))


def parts(message: Message) -> Iterator[Message]:
    """All parts that hold something, at most two thousand; mails inside mails as one part."""
    stack = [message]
    count = 0
    while stack and count < _MAX_PARTS:
        part = stack.pop()
        count += 1
        if part.get_content_type() == "message/rfc822" or not part.is_multipart():
            yield part
        else:
            inner = part.get_payload()
            if isinstance(inner, list):
                stack.extend(one for one in reversed(inner) if isinstance(one, Message))


def header(message: Message, name: str) -> str:
    """A header as text on one line, cut where it is long; empty where there is none."""
    found = (str(v) for k, v in message.raw_items() if k.lower() == name.lower())
    value = next(found, "")[:_SHOWN_HEADER]
    try:
        raw = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:  # as Unicode, which the parser took for what it is
        raw = value.encode("utf-8", "replace")
    if any(byte > 0x7F for byte in raw):
        value = (
            raw.decode("utf-8", "replace") if _is_utf8(raw) else raw.decode("gb18030", "replace")
        )
    try:
        value = str(make_header(decode_header(value)))
    except Exception:  # broken encoded words, unknown charsets
        value = value.encode("utf-8", "replace").decode("utf-8")
    return " ".join(value.split())


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def payload(part: Message) -> bytes:
    """The decoded bytes of a part."""
    if part.get_content_type() == "message/rfc822":
        forwarded = inner_mail(part)
        return forwarded.as_bytes() if forwarded is not None else b""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # broken transfer encoding
        return b""
    return data if isinstance(data, bytes) else b""


def inner_mail(part: Message) -> Message | None:
    """The mail that a forwarding part holds."""
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    return first if isinstance(first, Message) else None


def text_of(part: Message) -> str:
    """The text of a part by its stated charset, else as detected; empty for none."""
    data = payload(part)
    name = (part.get_content_charset() or "").lower()
    if name:
        try:
            return data.decode(_ALIASES.get(name, name))
        except (UnicodeDecodeError, LookupError):
            pass
    if not data.strip():
        return ""
    return decode(data).text


def file_name(part: Message) -> str:
    """The stated name of an attachment, empty for none."""
    try:
        return " ".join((part.get_filename() or "").split())
    except Exception:  # broken encoded words
        return ""


def is_attachment(part: Message) -> bool:
    """Whether a part is a file that somebody attached, not the mail's own text or its pictures."""
    if part.get_content_disposition() == "attachment":
        return True
    kind = part.get_content_maintype()
    if part.get_content_type() == "message/rfc822":
        return True
    return bool(file_name(part)) and kind not in ("text", "image") and not part.get("Content-ID")

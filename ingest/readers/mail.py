"""Mails and web archives (MIME): parts within bounds, text in whatever encoding it is in."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage, Message

from ingest.readers.base import ReadError
from ingest.readers.decode import decode

_MAX_PARTS = 2_000
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def parse_mail(data: bytes) -> EmailMessage:
    """The message of these bytes; raises :class:`ReadError` when they make no sense."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except Exception as error:  # the parser meets anything
        raise ReadError("邮件或网页归档文件已损坏，读不出来；请重新保存再放入") from error
    assert isinstance(message, EmailMessage)
    return message


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
    """A header as text on one line, empty where there is none or it can't be read."""
    try:
        value = str(message.get(name, "") or "")
    except Exception:  # broken encoded words
        return ""
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())


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

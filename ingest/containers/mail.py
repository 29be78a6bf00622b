"""Mails: their attachments. The mail itself is read as a document besides."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.containers.base import Entry, Workplace
from ingest.readers.files import load
from ingest.readers.mail import (
    file_name,
    header,
    inner_mail,
    is_attachment,
    parse_mail,
    parts,
    payload,
)


class MailContainer:
    """The attachments of an .eml; a forwarded mail is an attachment named by its subject."""

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """The attachments in their order; two of one name are counted."""
        message = parse_mail(load(path, place.read))
        seen: dict[str, int] = {}
        for number, part in enumerate(parts(message), 1):
            if not is_attachment(part):
                continue
            name = file_name(part)
            if part.get_content_type() == "message/rfc822":
                inner = inner_mail(part)
                subject = header(inner, "Subject") if inner is not None else ""
                name = name or f"{subject or '转发的邮件'}.eml"
            name = name.replace("\\", "/").rsplit("/", 1)[-1].strip() or f"附件{number}"
            count = seen[name] = seen.get(name, 0) + 1
            if count > 1:
                stem, dot, suffix = name.rpartition(".")
                name = f"{stem}~{count}.{suffix}" if dot else f"{name}~{count}"
            data = payload(part)
            yield Entry(name, len(data), partial(io.BytesIO, data))

"""Files that hold files: archives, and mails with attachments.

A member is read as if it lay in a folder: ``archive.zip!/folder/file.docx``. Nothing in a
container decides where on the disk something is written, or how much.
"""

from __future__ import annotations

from ingest.containers.base import (
    MARK,
    ContainerLimits,
    Member,
    MemberProblem,
    container_of,
    member_path,
)
from ingest.containers.expand import container_kind, expand

__all__ = [
    "MARK",
    "ContainerLimits",
    "Member",
    "MemberProblem",
    "container_kind",
    "container_of",
    "expand",
    "member_path",
]

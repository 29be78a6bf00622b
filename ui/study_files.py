"""The files of a session as a download: one file, or several as one archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import shorten
from ui.handouts import FORMATS, HandoutError, make_handouts
from ui.handouts.words import file_name

if TYPE_CHECKING:
    from starlette.responses import Response

    from assistant.study.model import StudySession
    from ui.handouts.base import HandoutFile

_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    "docx": f"{_OFFICE}wordprocessingml.document",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
ALL = "all"


def study_file(session: StudySession, ending: str, label: str, templates: Path | None) -> Response:
    """``ending`` one of FORMATS or "all"; ``label`` one file of a format that writes several.

    Raises HandoutError for what there is not.
    """
    from starlette.responses import Response

    from ui.api.downloads import attachment

    made = make_handouts(session, FORMATS if ending == ALL else [ending], templates=templates)
    if label:
        made = [one for one in made if one.label == label]
        if not made:
            raise HandoutError(f"这次学习没有“{shorten(label, 20)}”这份文件。")
    name, data = _packed(session.topic, made)
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(
        data,
        media_type=kind,
        headers={"Content-Disposition": attachment(name), "Cache-Control": "private, no-store"},
    )


def preview(session: StudySession) -> bytes:
    """The hand-out for phones as a page to look at before anything is downloaded."""
    return make_handouts(session, ["html"])[0].data


def _packed(topic: str, made: list[HandoutFile]) -> tuple[str, bytes]:
    if len(made) == 1:
        return file_name(topic, made[0].label, made[0].ending), made[0].data
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in made:
            archive.writestr(file_name(topic, one.label, one.ending), one.data)
    return file_name(topic, "讲义", "zip"), written.getvalue()

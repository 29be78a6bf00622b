"""The route of the files that pages offer: an answer or a conversation, as Word or Markdown."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from ui.access.model import Right
from ui.access.viewing import principal_of
from ui.api.context import Api
from ui.api.service import Service
from ui.downloads import Downloads

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown; charset=utf-8",
}


def file_name(stem: str, ending: str) -> str:
    """A name without what a file system does not take."""
    return (_FORBIDDEN.sub("", " ".join(stem.split())).strip(" .")[:60] or "鹿鸣") + ending


def attachment(name: str) -> str:
    """A Content-Disposition for a file name in any script (RFC 6266, RFC 5987)."""
    plain = _FORBIDDEN.sub("", name.encode("ascii", "ignore").decode()).strip(" .")
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    plain = plain if plain.strip("()-_ ") not in ("", ending.strip(".")) else f"file{ending}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download_routes(api: Api, downloads: Downloads) -> APIRouter:
    """``/download/{token}``."""
    router = APIRouter(include_in_schema=False)
    read: Any = Depends(api.seen(Right.READ))

    @router.get("/download/{token}")
    def download(token: str, request: Request, seen: Service = read) -> Response:
        offered = downloads.find(principal_of(request), token)
        ending = f".{offered.name.rpartition('.')[2]}"
        return Response(
            offered.make(seen),
            media_type=_TYPES.get(ending, "application/octet-stream"),
            headers={
                "Content-Disposition": attachment(offered.name),
                "Cache-Control": "private, no-store",
            },
        )

    return router

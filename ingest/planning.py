"""What a request would do: folders are looked at, containers unfolded, and a plan is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingest.limits import program, read_limits
from ingest.names import shown
from ingest.plan import Plan
from ingest.planner import Planner
from ingest.readers import ReadError
from ingest.scan import Scan, scan
from ingest.settling import recently_changed, wait_for_writers
from ingest.sources import SourceFile, look_at
from ingest.unfolding import Known, Unfolder

if TYPE_CHECKING:
    from index.library import Library
    from ingest.pipeline import Request

PATIENCE_SECONDS = 30.0
"""How long a run waits for files that are being written."""


def make_plan(
    library: Library,
    request: Request,
    progress: Callable[[int, int], None] | None = None,
    scratch: Path | None = None,
) -> Plan:
    """What a request would do now. Nothing is written but what containers hold, into ``scratch``:
    members to be read lie there. Without it they are gone when this returns."""
    if scratch is None:
        with TemporaryDirectory(prefix="luming-") as folder:
            return make_plan(library, request, progress, Path(folder))
    from ingest.metadata import METADATA_VERSION

    limits = read_limits(library.settings, request.passwords)
    known = library.catalog.places.known(request.collection)
    mark = program(library.settings)
    scans = [scan(one, library.settings.home) for one in request.folders]
    planner = Planner(
        request.collection,
        known,
        max_bytes=limits.max_bytes,
        metadata_version=METADATA_VERSION,
        program=mark,
        use_refusals=request.patient,
        held=[one.path for one in library.catalog.sources.all(request.collection)],
        text_of=library.catalog.document_text,
    )
    still_written: list[Path] = []
    if request.patient:
        scans, still_written = _settled(scans)
    unfolder = Unfolder(
        Known(known, METADATA_VERSION, request.patient, mark), scratch, limits, request.only
    )
    scans = [unfolder.unfold(one) for one in scans]
    made = planner.plan(scans, request.only, progress)
    for path in still_written:
        made.notices.append(f"{shown(str(path))} 还在写入，这次没有收；下次同步再收。")
    return made


def _settled(scans: list[Scan]) -> tuple[list[Scan], list[Path]]:
    """The scans, looked at again where a file was changed a moment ago."""
    files = [item for one in scans for item in one.found if isinstance(item, SourceFile)]
    recent = recently_changed((one.path, one.mtime_ns) for one in files)
    if not recent:
        return scans, []
    open_ones = wait_for_writers(recent, PATIENCE_SECONDS)
    return [_looked_again(one, set(recent), set(open_ones)) for one in scans], open_ones


def _looked_again(one: Scan, recent: set[Path], open_ones: set[Path]) -> Scan:
    found = []
    for item in one.found:
        if isinstance(item, SourceFile) and item.path in open_ones:
            continue
        if isinstance(item, SourceFile) and item.path in recent:
            try:
                item = look_at(item.path, item.source)
            except ReadError:
                continue  # gone again: it was a temporary file
        found.append(item)
    return replace(one, found=tuple(found))

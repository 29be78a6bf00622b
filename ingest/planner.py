"""How a plan is made; the rules are those of :mod:`ingest.plan`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.bulk import bulk
from index.places import KnownFiles, Refusal
from index.records import Place
from ingest.manifest import Manifest, read_manifest
from ingest.names import document_id, shown
from ingest.plan import FAIL, KEEP, PLACE, READ, Plan, Step, content_hash
from ingest.readers import ReadError
from ingest.report import ADDED, FAILED, UNCHANGED, UPDATED
from ingest.scan import Scan, is_there
from ingest.sources import SourceFile, SourceProblem, hash_file

_RACY_NS = 2_000_000_000
"""A file changed so shortly before it was hashed may have changed after, at the same time."""

_HEAD = 1500
"""Characters of a text in which its title stands."""

Progress = Callable[[int, int], None]


@dataclass
class _Found:
    """A file on its way to a step."""

    name: str
    raw_name: str
    file: SourceFile
    entry: Mapping[str, object]
    before: Place | None
    file_hash: str = ""
    content_hash: str = ""
    checked_ns: int = 0
    failure: str = ""
    remembered: bool = False


class Planner:
    """Makes the plan of one run over one collection."""

    def __init__(
        self,
        collection: str,
        known: KnownFiles,
        *,
        max_bytes: int,
        metadata_version: int,
        program: str,
        use_refusals: bool = False,
        held: Sequence[str] = (),
        text_of: Callable[[str], str] = lambda _: "",
    ) -> None:
        """``program`` tells which program with which settings refuses a file.

        ``use_refusals``: a file that it refused before is not tried again while it is as it was.
        ``held``: remembered folders (absolute) whose files keep their names. ``text_of``: a
        document's text by its id.
        """
        self._collection = collection
        self._known = known
        self._max_bytes = max_bytes
        self._version = metadata_version
        self._program = program
        self._use_refusals = use_refusals
        self._text_of = text_of
        self._held = tuple(one.rstrip("/") + "/" for one in held)
        self._by_name = {one.source: one for one in known.places}
        self._by_path = {one.path: one for one in known.places if one.path.startswith("/")}
        self._of_document: dict[str, list[Place]] = {}
        self._by_bytes: dict[str, list[Place]] = {}
        for one in known.places:
            self._of_document.setdefault(one.document_id, []).append(one)
            self._by_bytes.setdefault(one.file_hash, []).append(one)
        self._by_content: dict[str, str] = {}
        for key, document in known.documents.items():
            self._by_content.setdefault(document.content_hash, key)
        self._unfolded: frozenset[str] = frozenset()
        self._taken: dict[str, str] = {}  # names of this run, and the path of each
        self._claimed: set[str] = set()  # names of known places that a found file has
        self._reading: dict[str, Step] = {}  # by content hash
        self._carried: set[str] = set()  # documents that a changed file took along
        self._new_ids: set[str] = set()
        self._manifests: dict[str, Manifest] = {}
        self._kept: set[str] = set()  # documents whose content some file still has
        self._changed: set[str] = set()  # names of files whose content is another now

    @bulk()
    def plan(
        self,
        scans: Sequence[Scan],
        only: frozenset[str] | None = None,
        progress: Progress | None = None,
    ) -> Plan:
        """The plan; ``only`` are the names of the files to be taken (others are passed over)."""
        made = Plan(self._collection, tuple(scans))
        found: list[_Found | Step] = []
        self._unfolded = frozenset[str]().union(*(one.unfolded for one in scans))
        for gone_through in scans:
            made.notices.extend(gone_through.manifest.warnings)
            found.extend(self._met(gone_through))
        if only is not None:
            found = [one for one in found if one.name in only]
        files = [one for one in found if isinstance(one, _Found)]
        for number, one in enumerate(files, start=1):
            self._check(one)
            if progress is not None:
                progress(number, len(files))
        self._settle_holders(files)
        made.steps = [one if isinstance(one, Step) else self._step(one) for one in found]
        if only is None:
            self._gone(made)
        return made

    # -- names -------------------------------------------------------------

    def _met(self, one: Scan) -> list[_Found | Step]:
        met: list[_Found | Step] = []
        for item in one.found:
            raw = one.folder.prefix + item.source
            if isinstance(item, SourceProblem):
                path = one.folder.path / item.source if one.is_folder else one.folder.path
                before = self._by_path.get(shown(str(path)))
                if before is not None:
                    self._claimed.add(before.source)
                name = before.source if before else shown(raw)
                met.append(Step(name, FAIL, FAILED, item.reason, before=before))
                continue
            met.append(self._named(item, raw, one))
        return met

    def _named(self, file: SourceFile, raw: str, one: Scan) -> _Found | Step:
        path = shown(file.where)
        before = self._by_path.get(path)
        if before is None:
            raw = self._free(raw, path, one)
            before = self._by_name.get(shown(raw))
        name = before.source if before else shown(raw)
        if self._taken.setdefault(name, path) != path or (before and name in self._claimed):
            reason = "本次已有同名文件放入该文库，请改名或换一个文库。"
            return Step(name, FAIL, FAILED, reason)
        if before is not None:
            self._claimed.add(name)
        return _Found(name, raw, file, self._entry(file, one, before), before)

    def _entry(self, file: SourceFile, one: Scan, before: Place | None) -> Mapping[str, object]:
        """What a manifest states of the file: the one of this folder, or of the folder that the
        file was first taken in with."""
        if (entry := one.manifest.entry(one.folder.manifest_prefix + file.source)) is not None:
            return entry
        root = before.path.removesuffix(before.source) if before is not None else ""
        if before is None or root in (before.path, f"{one.root}/"):
            return {}
        if root not in self._manifests:
            self._manifests[root] = read_manifest(Path(root))
        return self._manifests[root].entry(before.source) or {}

    def _free(self, raw: str, path: str, one: Scan) -> str:
        """The name itself, or with its folder's name in front where another file has it.

        A file taken in by itself from elsewhere takes the name over, unless the one that has it
        belongs to a remembered folder or to this very run.
        """
        name = shown(raw)
        other = self._by_name.get(name)
        held = other is not None and other.path.startswith(self._held) and bool(self._held)
        if name not in self._taken and not (held and is_there(other.path, self._unfolded) is not False):  # type: ignore[union-attr]
            return raw
        folder = one.folder.path if one.is_folder else one.folder.path.parent
        return f"{folder.name}/{raw}"

    # -- hashes ------------------------------------------------------------

    def _check(self, one: _Found) -> None:
        """Hash the file where its looks don't tell that it is as before."""
        file, before = one.file, one.before
        refusal = self._known.refusals.get(one.name) if self._use_refusals else None
        if refusal is not None and refusal.program == self._program and _alike(refusal, file):
            one.failure, one.remembered = refusal.reason, True
            return
        if file.size > self._max_bytes:
            one.failure = (
                f"文件有 {file.size / 1024 / 1024:.0f} MB，超过上限"
                f" {self._max_bytes // 1024 // 1024} MB；"
                "请拆分后再放入，或调大 LUMING_MAX_FILE_MB。"
            )
            return
        if before is not None and before.file_hash and _as_it_was(file, before):
            one.file_hash, one.checked_ns = before.file_hash, before.checked_ns
        else:
            one.checked_ns = time.time_ns()
            try:
                one.file_hash = hash_file(file.path)
            except ReadError as error:
                one.failure = str(error)
                return
        one.content_hash = content_hash(one.file_hash, one.entry)

    def _settle_holders(self, files: Sequence[_Found]) -> None:
        """Which documents some file still has the content of, and which files have changed."""
        self._kept = {
            self._by_content[one.content_hash]
            for one in files
            if one.content_hash in self._by_content
        }
        self._changed = {
            one.before.source
            for one in files
            if one.before is not None and one.content_hash != self._content_of(one.before)
        }
        for document, places in self._of_document.items():
            several = len(places) > 1 and document not in self._kept
            if several and any(self._lies_elsewhere(one) for one in places):
                self._kept.add(document)

    def _lies_elsewhere(self, place: Place) -> bool:
        """Whether a file that this run does not look at is where it was."""
        if place.source in self._claimed or place.missing_since is not None:
            return False
        return is_there(place.path, self._unfolded) is not False

    def _content_of(self, place: Place) -> str:
        return self._known.documents[place.document_id].content_hash

    # -- steps -------------------------------------------------------------

    def _step(self, one: _Found) -> Step:
        if one.failure:
            kept = "（仍保留此前入库的内容）" if one.before is not None else ""
            return Step(
                one.name, FAIL, FAILED, f"{one.failure}{kept}", one.file,
                before=one.before, remembered=one.remembered,
            )  # fmt: skip
        target = self._by_content.get(one.content_hash)
        if target is not None and self._is_current(target):
            return self._known_content(one, target)
        if (reading := self._reading.get(one.content_hash)) is not None:
            return self._with(one, reading)
        return self._read(one, target)

    def _is_current(self, document: str) -> bool:
        return self._known.documents[document].metadata_version == self._version

    def _known_content(self, one: _Found, target: str) -> Step:
        place = self._place(one, target)
        if one.before is not None and one.before.document_id == target:
            back = "文件又回来了" if one.before.missing_since else ""
            return Step(one.name, KEEP, UNCHANGED, back, one.file, place, one.before, one.entry)
        left = self._left(target) if one.before is None else None
        if left is None:
            return self._further(one, target)
        self._claimed.add(left.source)
        moved = f"由 {left.source} 改名或移动而来"
        if self._named_anew(target, left.source, one.name):
            return self._reading_step(
                one, target, UPDATED, f"{moved}，标题随文件名更新", left.source
            )
        return Step(
            one.name, PLACE, UNCHANGED, moved, one.file, place, left, one.entry, left.source
        )

    def _further(self, one: _Found, target: str) -> Step:
        places = [one.source for one in self._of_document.get(target, [])]
        same = next((name for name in places if name not in self._changed), None)
        reason = f"内容与 {places[0]} 原来的相同，沿用它的索引" if places else ""
        if same is not None:
            reason = f"与 {same} 内容相同，作为同一份文件的另一处"
        status = ADDED if one.before is None else UPDATED
        place = self._place(one, target)
        return Step(one.name, PLACE, status, reason, one.file, place, one.before, one.entry)

    def _with(self, one: _Found, reading: Step) -> Step:
        """A file of the content that another one is read for."""
        assert reading.place is not None
        place = self._place(one, reading.place.document_id)
        status, reason = ADDED, f"与 {reading.name} 内容相同，作为同一份文件的另一处"
        if one.before is not None:
            own = one.before.document_id == place.document_id
            status, reason = (UNCHANGED, "") if own else (UPDATED, reason)
        return Step(
            one.name, PLACE, status, reason, one.file, place, one.before, one.entry,
            reads=one.content_hash,
        )  # fmt: skip

    def _read(self, one: _Found, target: str | None) -> Step:
        if target is not None and target not in self._carried:  # read by an earlier version
            return self._reading_step(one, target, UPDATED if one.before else ADDED)
        if one.before is not None:
            old = one.before.document_id
            if old not in self._kept and old not in self._carried:
                return self._reading_step(one, old, UPDATED)
            return self._reading_step(one, self._new_id(one), UPDATED)
        for left in self._by_bytes.get(one.file_hash, []):
            # Moved, and what the manifest states of it has changed.
            held = left.document_id in self._kept or left.document_id in self._carried
            if not held and self._is_left(left):
                self._claimed.add(left.source)
                moved = f"由 {left.source} 改名或移动而来"
                return self._reading_step(one, left.document_id, UPDATED, moved, left.source)
        return self._reading_step(one, self._new_id(one), ADDED)

    def _reading_step(
        self, one: _Found, document: str, status: str, reason: str = "", old: str | None = None
    ) -> Step:
        self._carried.add(document)
        place = self._place(one, document)
        step = Step(
            one.name, READ, status, reason, replace(one.file, source=one.raw_name), place,
            one.before, one.entry, old,
        )  # fmt: skip
        self._reading[one.content_hash] = step
        return step

    def _new_id(self, one: _Found) -> str:
        taken = self._known.documents.keys() | self._new_ids
        made = document_id(self._collection, one.raw_name, taken)
        self._new_ids.add(made)
        return made

    def _place(self, one: _Found, document: str) -> Place:
        return Place(
            self._collection,
            one.name,
            document,
            path=shown(one.file.where),
            size=one.file.size,
            mtime_ns=one.file.mtime_ns,
            ctime_ns=one.file.ctime_ns,
            device=one.file.device,
            checked_ns=one.checked_ns,
            file_hash=one.file_hash,
            content_hash=one.content_hash,
            missing_since=None,
        )

    def _named_anew(self, document: str, old: str, new: str) -> bool:
        """Whether what is known of a document came from its file's name, which has changed."""
        from index.versions.titles import read_title

        before, now = PurePosixPath(old).stem, PurePosixPath(new).stem
        if before == now:
            return False
        title = self._known.documents[document].title.strip()
        if title == before.strip():
            head = self._text_of(document)[:_HEAD]
            return title not in head.replace("\n", "")
        was, is_now = read_title(before), read_title(now)
        return (was.named_year, was.named_day) != (is_now.named_year, is_now.named_day)

    # -- what is not there ---------------------------------------------------

    def _left(self, document: str) -> Place | None:
        """A file of the document that is no longer where it was."""
        return next(
            (one for one in self._of_document.get(document, []) if self._is_left(one)), None
        )

    def _is_left(self, place: Place) -> bool:
        return place.source not in self._claimed and is_there(place.path, self._unfolded) is False

    def _gone(self, made: Plan) -> None:
        for place in self._known.places:
            if place.source in self._claimed:
                continue
            if not any(one.covers(place.path) for one in made.scans):
                continue
            (made.unwanted if is_there(place.path, self._unfolded) else made.gone).append(place)


def _alike(one: Place | Refusal, file: SourceFile) -> bool:
    looks = one.size, one.mtime_ns, one.ctime_ns
    return looks == (file.size, file.mtime_ns, file.ctime_ns)


def settled(file: SourceFile, before: Place) -> bool:
    """Whether the file had been left alone for a while when it was hashed."""
    return file.mtime_ns < before.checked_ns - _RACY_NS


def _as_it_was(file: SourceFile, before: Place) -> bool:
    return settled(file, before) and _alike(before, file)

"""Why an answer changed: the passage, the document, its validity, the settings, the ranking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.activity.baselines import Baseline
from assistant.activity.records import Cited, Conditions, Reply
from assistant.text import squeeze
from index.records import NOT_IN_FORCE, VALIDITY_AMENDED, VALIDITY_PENDING

if TYPE_CHECKING:
    from index.library import Library
    from index.records import DocumentRecord

#: Codes, for JSON; the order is that of how much they explain.
DOCUMENT_REMOVED = "document_removed"
DOCUMENT_MOVED = "document_moved"
NEW_VERSION = "new_version"
OUT_OF_FORCE = "out_of_force"
PASSAGE_GONE = "passage_gone"
PASSAGE_EDITED = "passage_edited"
DOCUMENT_ADDED = "document_added"
DOCUMENT_UPDATED = "document_updated"
ENCODER = "encoder"
SETTING = "setting"
RANKING = "ranking"
_PROGRAM = "program"


@dataclass(frozen=True)
class Cause:
    """One reason, as a code and as a Chinese line."""

    code: str
    text: str


class CauseFinder:
    """Explains differences against the present state of a library."""

    def __init__(self, library: Library, present: Conditions) -> None:
        self._library = library
        self._present = present
        self._documents = library.documents()[1]
        self._texts: dict[str, str] = {}

    def of(self, before: Baseline, after: Reply) -> tuple[Cause, ...]:
        """Every reason that was found, at least one; those of the documents first."""
        day = before.scope.as_of or date.today()
        found = [
            *self._lost(before.reply, after, day),
            *self._gained(before, after),
            *self._conditions(before.conditions),
        ]
        if not found:
            found = [self._ranking(before, after)]
        return tuple({(one.code, one.text): one for one in found}.values())

    def _lost(self, before: Reply, after: Reply, day: date) -> Iterator[Cause]:
        """What became of the passages that the earlier answer stood on."""
        kept = {(one.document_id, one.quote_hash) for one in after.cited}
        for cited in before.cited:
            if (cited.document_id, cited.quote_hash) not in kept:
                cause = self._fate(cited, day)
                if cause is not None:
                    yield cause

    def _fate(self, cited: Cited, day: date) -> Cause | None:
        record = self._documents.get(cited.document_id)
        if record is None:
            return self._absent(cited)
        status = self._library.versions.status(cited.document_id, day)
        if status.validity in NOT_IN_FORCE and cited.validity not in NOT_IN_FORCE:
            return self._out_of_force(cited, status.validity, status.successor_id)
        if cited.content_hash and record.content_hash == cited.content_hash:
            return None
        if self._still_says(record, cited):
            return Cause(
                DOCUMENT_UPDATED, f"{_name(cited.title)}改动过，但原来引用的{_where(cited)}没有变。"
            )
        known = self._library.catalog.passages_by_id([cited.passage_id])
        if cited.passage_id in known:
            return Cause(PASSAGE_EDITED, f"{_place(cited)}的原文改动了。")
        return Cause(PASSAGE_GONE, f"{_place(cited)}没有了，{_name(cited.title)}改动过。")

    def _absent(self, cited: Cited) -> Cause:
        same = [one for one in self._documents.values() if one.title == cited.title]
        if any(one.content_hash == cited.content_hash for one in same):
            return Cause(DOCUMENT_MOVED, f"{_name(cited.title)}的文件改了名或换了文件夹。")
        if same:
            return Cause(DOCUMENT_MOVED, f"{_name(cited.title)}换成了另一份同名文件。")
        return Cause(DOCUMENT_REMOVED, f"{_name(cited.title)}已不在文库里。")

    def _out_of_force(self, cited: Cited, validity: str, successor_id: str | None) -> Cause:
        successor = self._documents.get(successor_id or "")
        if successor is not None:
            start = f"（{successor.effective} 起施行）" if successor.effective else ""
            return Cause(
                NEW_VERSION,
                f"{_name(cited.title)}{validity}，现行的是{_name(successor.title)}{start}。",
            )
        if validity == VALIDITY_AMENDED:
            return Cause(NEW_VERSION, f"{_name(cited.title)}已被修订。")
        if validity == VALIDITY_PENDING:
            return Cause(OUT_OF_FORCE, f"{_name(cited.title)}改为尚未施行。")
        return Cause(OUT_OF_FORCE, f"{_name(cited.title)}{validity}，不再引用。")

    def _still_says(self, record: DocumentRecord, cited: Cited) -> bool:
        """Whether the document holds the quoted words yet (their beginning, of long quotes)."""
        if record.document_id not in self._texts:
            text = self._library.catalog.document_text(record.document_id)
            self._texts[record.document_id] = squeeze(text)
        return squeeze(cited.quote) in self._texts[record.document_id]

    def _gained(self, before: Baseline, after: Reply) -> Iterator[Cause]:
        """Documents that the answer stands on now and that came or changed since."""
        told = {one.document_id for one in before.reply.cited}  # by ``_lost``
        earlier = {one.document_id: one.content_hash for one in before.reply.related}
        for cited in after.cited:
            record = self._documents.get(cited.document_id)
            if cited.document_id in told or record is None or record.indexed_at is None:
                continue
            if record.indexed_at <= before.at:
                continue
            if cited.document_id not in earlier:
                yield Cause(DOCUMENT_ADDED, f"{_name(cited.title)}是后来加入或更新的。")
            elif earlier[cited.document_id] != record.content_hash:  # it was near, and grew
                yield Cause(DOCUMENT_UPDATED, f"{_name(cited.title)}后来更新过。")

    def _conditions(self, before: Conditions) -> Iterator[Cause]:
        """What of the encoder and the settings is another than it was."""
        if before.encoder and before.encoder != self._present.encoder:
            yield Cause(ENCODER, "向量模型换了，全部向量已重新生成。")
        for name, now in self._present.settings.items():
            was = before.settings.get(name)
            if was is None or was == now:
                continue
            if name == _PROGRAM:
                yield Cause(SETTING, f"程序版本从 {was} 换成了 {now}。")
            elif name.startswith("LUMING_"):
                yield Cause(SETTING, f"设置 {name} 从“{was or '未设'}”改成了“{now or '未设'}”。")
            else:
                yield Cause(SETTING, f"同义词文件 {name} 改动了。")

    def _ranking(self, before: Baseline, after: Reply) -> Cause:
        """Nothing that was cited changed: others stand before it, or the answer is not sure."""
        grown = before.conditions.generation != self._present.generation
        why = "文库有增减，" if grown else ""
        if after.abstained:
            return Cause(RANKING, f"{why}依据还在，但排序变了，把握不够，所以不作答。")
        if before.reply.abstained:
            return Cause(RANKING, f"{why}排序变了，找到了把握足够的依据。")
        if not grown:
            return Cause(RANKING, "文库和设置都没有变，排序或摘句不同（程序可能更新过）。")
        return Cause(RANKING, f"{why}原来的依据还在，但排序变了，选中的句子不同。")


def _name(title: str) -> str:
    return f"《{title.strip('《》')}》"


def _place(cited: Cited) -> str:
    return f"{_name(cited.title)}{_where(cited)}"


def _where(cited: Cited) -> str:
    return cited.article or cited.path.rpartition("/")[2] or "这一段"

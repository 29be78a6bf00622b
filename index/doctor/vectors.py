"""The vectors against the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.doctor.base import Examined, Finding
from index.doctor.graph_files import short_files
from index.errors import DiskUnusable, StoreDamaged, VectorServiceError
from index.indexer import text_digest


class VectorsCheck:
    """Chroma opens and searches; it has a vector of the very words of every passage, no others."""

    title = "向量库"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Passages that wait in the outbox are left out."""
        settings = home.settings
        if not home.library.catalog.passage_count():
            wanted = False
        else:
            wanted = home.library.catalog.passage_count() > home.library.catalog.pending_count()
        if not settings.chroma_url and not home.library.vectors_dir.is_dir():
            return [_gone()] if wanted else []
        try:
            short = [] if settings.chroma_url else short_files(home.library.vectors_dir)
            if short:
                raise StoreDamaged("向量库", f"{short[0]} 不完整")
            compared = _compare(home)
        except VectorServiceError as error:
            return [
                Finding("vectors-service", str(error), "请先启动向量服务，再运行 luming doctor。")
            ]
        except DiskUnusable as error:
            return [Finding("vectors-closed", str(error), "请先处理磁盘空间或权限。")]
        except StoreDamaged as error:
            return [
                Finding(
                    "vectors-unreadable",
                    str(error),
                    "修复时删去向量库，从目录库重新生成（每万段约两分钟）。",
                    True,
                )
            ]
        return compared.findings()

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Note what must follow; where the store can't be used, everything is made anew."""
        library = home.library
        kinds = {one.kind for one in findings}
        if kinds & {"vectors-unreadable", "vectors-gone", "vectors-dimension"}:
            library.catalog.requeue(library.encoder_meta())
            library.vectors.reset()
        else:
            compared = _compare(home)
            library.catalog.note_passages(
                [*compared.missing, *compared.stale],
                [(one, "", name) for name, one in compared.orphans],
            )
        report = library.index_pending()
        return [
            f"向量库已补齐：重新生成 {report.encoded} 条，沿用 {report.copied} 条，"
            f"删去 {report.deleted} 条。"
        ]


@dataclass
class _Compared:
    """Passage ids; orphans with their collections."""

    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    orphans: list[tuple[str, str]] = field(default_factory=list)
    dimensions: list[tuple[str, int, int]] = field(default_factory=list)

    def findings(self) -> list[Finding]:
        found = []
        for name, has, needs in self.dimensions:
            found.append(
                Finding(
                    "vectors-dimension",
                    f"文库“{name}”的向量是 {has} 维，当前向量模型是 {needs} 维。",
                    "修复时用当前模型重新生成全部向量。",
                    True,
                )
            )
        for kind, ids, what, fix in (
            ("vectors-missing", self.missing, "没有向量，按意思检索不到", "修复时补上"),
            ("vectors-stale", self.stale, "的向量是旧文字的", "修复时重新生成"),
            (
                "vectors-orphan",
                [one for _, one in self.orphans],
                "只在向量库里，目录库里没有",
                "修复时删去",
            ),
        ):
            if ids:
                line = f"有 {len(ids)} 段{what}，例如 {ids[0]}。"
                found.append(Finding(kind, line, f"{fix}。", True, tuple(ids)))
        return found


def _compare(home: Examined) -> _Compared:
    library = home.library
    library.refresh()
    waiting = library.catalog.pending_ids()
    wanted: dict[str, dict[str, str]] = {}
    for document in library.catalog.documents():
        digests = wanted.setdefault(document.collection, {})
        for passage in library.catalog.passages(document.document_id):
            digests[passage.passage_id] = text_digest(passage, document.title)
    compared = _Compared()
    for name in sorted({*wanted, *library.vectors.collections()}):
        size = library.vectors.probe(name)
        if size is not None and size != library.encoder.dimension:
            compared.dimensions.append((name, size, library.encoder.dimension))
        found = dict(library.vectors.digests(name))
        own = wanted.get(name, {})
        compared.missing += [one for one in own if one not in found and one not in waiting]
        compared.stale += [
            one
            for one, digest in own.items()
            if found.get(one) and found[one] != digest and one not in waiting
        ]
        compared.orphans += [(name, one) for one in found if one not in own and one not in waiting]
    return compared


def _gone() -> Finding:
    return Finding(
        "vectors-gone",
        "向量库的文件夹（vectors）不见了，按意思检索不到任何内容。",
        "修复时从目录库重新生成（每万段约两分钟）。",
        True,
    )

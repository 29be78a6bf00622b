"""Facts of documents as the catalog has them, made from their texts."""

from __future__ import annotations

from typing import Any

from index.versions.model import Facts
from ingest.document import Block, RawDocument
from ingest.metadata import Metadata, read_metadata
from ingest.structure import outline


def facts_of(text: str, name: str, collection: str = "制度", **stated: Any) -> Facts:
    """What ingest would put into the catalog of a file with this text and name.

    ``stated``: what a manifest says.
    """
    raw = RawDocument("txt", tuple(Block(line) for line in text.split("\n") if line))
    found = read_metadata(raw, outline(raw), name)
    if stated:
        found = found.overridden(stated)
    return as_facts(found, name, collection)


def as_facts(found: Metadata, name: str, collection: str) -> Facts:
    """The catalog's columns of what was read of a document."""
    return Facts(
        document_id=name,
        title=found.title,
        family=found.family,
        collection=collection,
        issuer=found.issuer,
        doc_number=found.doc_number,
        issued=found.issued,
        effective=found.effective,
        repealed=found.repealed,
        validity=found.validity,
        statements=found.statements,
    )


def rules(
    title: str, history: str, clause: str, words: str = "机关", extra: str = "", articles: int = 8
) -> str:
    """A short regulation whose text tells of ``words``."""
    body = "\n".join(
        f"第{'一二三四五六七八九十'[n]}条 {words}第{n}项工作由{words}负责人在第{n + 3}个工作日内办结，并报{words}备案。{extra}"
        for n in range(articles)
    )
    last = "一二三四五六七八九十"[articles]
    return f"{title}\n{history}\n{body}\n第{last}条 {clause}"

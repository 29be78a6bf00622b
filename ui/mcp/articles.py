"""One article by its document and number, for the tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import LibraryError, UnknownDocument, shorten
from index.numerals import article_label, parse_article
from ui.mcp.results import Article

if TYPE_CHECKING:
    from index.records import DocumentRecord, SectionRecord
    from ui.api.service import Service

MOST_CHARACTERS = 20_000


class NotOne(LibraryError):
    """No document or article fits, or more than one."""


def one_document(seen: Service, name: str) -> DocumentRecord:
    """The document of this id or title; of several versions the one in force.

    Raises UnknownDocument and NotOne.
    """
    from index.records import VALIDITY_CURRENT

    wanted = name.strip().strip("《》")
    if not wanted:
        raise NotOne("请给出文件的标题或编号。")
    known = seen.library.documents()[1]
    if wanted in known:
        return known[wanted]
    found = [
        known[one.document_id]
        for one in seen.library.catalog.find_documents(wanted)
        if one.document_id in known
    ]
    exact = [one for one in found if one.title.strip("《》") == wanted] or found
    chosen = [one for one in exact if one.validity == VALIDITY_CURRENT] or exact
    if not chosen:
        raise UnknownDocument(name)
    if len(chosen) > 1:
        listed = "；".join(f"{one.document_id} 《{shorten(one.title)}》" for one in chosen[:10])
        raise NotOne(f"有 {len(chosen)} 份文件符合，请用编号指明：{listed}")
    return chosen[0]


def read_article(seen: Service, document: str, article: str) -> Article:
    """An article, or without ``article`` the document's beginning. Raises as ``one_document``."""
    record = one_document(seen, document)
    text = seen.library.catalog.document_text(record.document_id)
    outline = seen.library.catalog.outline(record.document_id)
    start, end, label, path = 0, len(text), "", ""
    if article.strip():
        section = _section(outline, article, record.title)
        start, end, label = section.start, section.end, section.label
        path = "/".join(_above(outline, section))
    shown = min(end, start + MOST_CHARACTERS)
    return Article(
        document_id=record.document_id,
        title=record.title,
        article=label,
        path=path,
        text=text[start:shown],
        start=start,
        end=shown,
        validity=record.validity,
        collection=record.collection,
        truncated=shown < end,
    )


def _section(outline: Sequence[SectionRecord], article: str, title: str) -> SectionRecord:
    number = parse_article(article)
    if number is None:
        raise NotOne(f"“{shorten(article)}”不是条号，请写成“第十二条”。")
    articles = [one for one in outline if one.kind == "article"]
    wanted = article_label(number)
    for one in articles:
        if one.label == wanted:
            return one
    if not articles:
        raise NotOne(f"《{shorten(title)}》没有分条，请不填条号读全文。")
    raise NotOne(f"《{shorten(title)}》共 {len(articles)} 条，没有“{shorten(article)}”。")


def _above(outline: Sequence[SectionRecord], section: SectionRecord) -> Iterator[str]:
    kinds = ("part", "subpart", "chapter", "division")
    for one in outline:
        if one.kind in kinds and one.start <= section.start and section.end <= one.end:
            yield f"{one.label} {one.title}".strip()

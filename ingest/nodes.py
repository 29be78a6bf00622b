"""The same stages as LlamaIndex types, for pipelines of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, Document, NodeRelationship, RelatedNodeInfo, TextNode

from index.records import PassageRecord
from ingest.document import Block, RawDocument
from ingest.metadata import Metadata, read_metadata
from ingest.passages import build_passages
from ingest.structure import outline


def to_document(raw: RawDocument, metadata: Metadata, document_id: str) -> Document:
    """A file that was read, as a LlamaIndex document."""
    stated = {"title": metadata.title, "kind": metadata.kind, "validity": metadata.validity}
    return Document(text=raw.text, id_=document_id, metadata=stated)


def to_node(passage: PassageRecord, title: str) -> TextNode:
    """A passage as a LlamaIndex node; its id, path, page and range are kept."""
    node = TextNode(
        text=passage.text,
        id_=passage.passage_id,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "title": title, "path": passage.path, "article": passage.article, "page": passage.page,
        },
    )  # fmt: skip
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=passage.document_id)
    return node


class ArticleNodeParser(NodeParser):
    """Cuts LlamaIndex documents at articles and headings instead of at a number of tokens."""

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        out: list[BaseNode] = []
        for node in nodes:
            lines = node.get_content().split("\n")
            raw = RawDocument("txt", tuple(Block(line) for line in lines))
            tree = outline(raw)
            metadata = read_metadata(raw, tree, str(node.metadata.get("title") or node.node_id))
            for passage in build_passages(raw, tree, metadata, node.node_id):
                made = to_node(passage, metadata.title)
                made.metadata = {**node.metadata, **made.metadata}
                out.append(made)
        return out

"""The library as a LlamaIndex retriever; importing this imports LlamaIndex."""

from __future__ import annotations

from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from index.library import Library
from index.records import Hit, SearchFilter


class HybridRetriever(BaseRetriever):
    """Finds passages of a library by words and vectors; drops into any LlamaIndex pipeline.

    Node ids are passage ids. The metadata of a node are those of ``node_of``.
    """

    def __init__(
        self,
        library: Library,
        similarity_top_k: int = 10,
        flt: SearchFilter | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        self._library = library
        self._top_k = similarity_top_k
        self._filter = flt or SearchFilter()
        super().__init__(callback_manager=callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._library.search(query_bundle.query_str, self._top_k, self._filter)
        return [NodeWithScore(node=node_of(hit), score=hit.score) for hit in hits]


def node_of(hit: Hit) -> TextNode:
    """A hit as a node: the text is the passage, the range that of the document's text."""
    passage, document = hit.passage, hit.document
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "title": document.title,
            "path": passage.path,
            "article": passage.article,
            "page": passage.page,
            "context": passage.context,
            "collection": document.collection,
            "kind": document.kind,
            "validity": document.validity,
            "document_id": document.document_id,
            "lexical_rank": hit.lexical_rank,
            "dense_rank": hit.dense_rank,
        },
    )
    hidden = ["document_id", "lexical_rank", "dense_rank", "collection", "kind", "page"]
    node.excluded_embed_metadata_keys = [*hidden, "validity"]
    node.excluded_llm_metadata_keys = hidden
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=document.document_id)
    return node

"""The answerer as a LlamaIndex query engine; importing this imports LlamaIndex."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    RelatedNodeInfo,
    TextNode,
)

from assistant.answer import Answer, Citation
from index.library import Library
from index.records import SearchFilter


class LuMingQueryEngine(CustomQueryEngine):
    """Answers from a library, or abstains; drops into any LlamaIndex program.

    The response's text is the answer's sentences with their numbers (``……。[1]``), or why there is
    none; ``source_nodes`` are the cited passages, word for word, in the order of their numbers;
    ``metadata["answer"]`` is the whole answer as a dictionary. Not answering from what the library
    lacks is part of the promise: look at ``metadata["abstained"]``.
    """

    library: Any
    flt: Any = None
    answerer: Any = None

    def __init__(self, library: Library, flt: SearchFilter | None = None, **more: Any) -> None:
        """``flt``: where to look. With ``LUMING_LLM_BASE_URL`` a model words the answers."""
        from assistant.factory import make_answerer

        answerer = make_answerer(library)
        super().__init__(library=library, flt=flt, answerer=answerer, **more)  # type: ignore[call-arg]

    def custom_query(self, query_str: str) -> Response:
        """The answer. Raises QuestionError for what is no question, LibraryError as searches do."""
        answer = self.answerer.answer(query_str, self.flt)
        return Response(
            response=_text(answer),
            source_nodes=[NodeWithScore(node=node_of(one)) for one in answer.citations],
            metadata={
                "abstained": answer.abstained,
                "confidence": answer.confidence,
                "answer": answer.model_dump(mode="json"),
            },
        )


def node_of(cited: Citation) -> TextNode:
    """A citation as a node: its text is the quotation, its range that of the document's text."""
    node = TextNode(
        id_=f"{cited.passage_id}@{cited.start}-{cited.end}",
        text=cited.quote,
        start_char_idx=cited.start,
        end_char_idx=cited.end,
        metadata={
            "number": cited.n,
            "title": cited.title,
            "path": cited.path,
            "article": cited.article,
            "page": cited.page,
            "validity": cited.validity,
            "collection": cited.collection,
            "passage_id": cited.passage_id,
        },
    )
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=cited.document_id)
    return node


def _text(answer: Answer) -> str:
    if answer.abstained:
        return answer.message
    return "\n".join(
        one.text + "".join(f"[{number}]" for number in one.citations) for one in answer.sentences
    )

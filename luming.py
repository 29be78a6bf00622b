"""What other Python programs use of LuMing, under one name: ``from luming import LuMingReader``.

The parts themselves lie in ``index``, ``ingest`` and ``assistant``; each is imported when it is
asked for, because LlamaIndex takes seconds to load. See docs/llamaindex.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.query_engine import LuMingQueryEngine
    from index.library import Library
    from index.records import SearchFilter
    from index.retriever import HybridRetriever
    from index.settings import Settings
    from ingest.llama_reader import LuMingReader
    from ingest.nodes import ArticleNodeParser
    from ingest.pipeline import ingest_paths

_PARTS = {
    "ArticleNodeParser": "ingest.nodes",
    "HybridRetriever": "index.retriever",
    "Library": "index.library",
    "LuMingQueryEngine": "assistant.query_engine",
    "LuMingReader": "ingest.llama_reader",
    "SearchFilter": "index.records",
    "Settings": "index.settings",
    "ingest_paths": "ingest.pipeline",
}
__all__ = [
    "ArticleNodeParser",
    "HybridRetriever",
    "Library",
    "LuMingQueryEngine",
    "LuMingReader",
    "SearchFilter",
    "Settings",
    "ingest_paths",
]


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module 'luming' has no attribute {name!r}")
    return getattr(import_module(_PARTS[name]), name)

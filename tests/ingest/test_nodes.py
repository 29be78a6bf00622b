"""LlamaIndex types in and out."""

from llama_index.core.schema import Document

from ingest.nodes import ArticleNodeParser
from tests.ingest.structure.test_outline import RULES


def test_a_llamaindex_pipeline_gets_articles() -> None:
    nodes = ArticleNodeParser().get_nodes_from_documents([Document(text=RULES, id_="甲")])
    articles = [node.metadata["article"] for node in nodes if node.metadata["article"]]
    assert articles == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]
    assert all(node.ref_doc_id == "甲" for node in nodes)
    [third] = [node for node in nodes if node.metadata["article"] == "第三条"]
    assert RULES[third.start_char_idx : third.end_char_idx] == third.get_content()

"""The example of docs/llamaindex.md as it stands there, and the parts that it uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.conftest import ROOT

DUTY = """值班管理办法（示例）
第一章 值班
第一条 值班人员离岗的，应当事先报办公室主任批准。
第二条 值班记录保存3年。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "资料").mkdir()
    (tmp_path / "资料" / "值班.txt").write_text(DUTY, encoding="gb18030")
    (tmp_path / "资料" / "坏.docx").write_bytes(b"PK\x03\x04broken")
    return tmp_path


def test_the_example_runs_as_it_stands(folder: Path) -> None:
    text = (ROOT / "docs" / "llamaindex.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    assert "没有读： 坏.docx" in process.stdout
    assert "值班记录保存3年。[1]" in process.stdout
    assert "文库里没有依据" not in process.stdout


def test_documents_of_the_reader_are_cut_at_articles(folder: Path) -> None:
    from luming import ArticleNodeParser, LuMingReader

    reader = LuMingReader()
    (document,) = reader.load_data(folder / "资料", extra_info={"处室": "办公室"})
    assert document.metadata["title"] == "值班管理办法（示例）"
    assert document.metadata["处室"] == "办公室" and document.metadata["source"] == "值班.txt"
    assert [name for name, _ in reader.problems] == ["坏.docx"]
    nodes = ArticleNodeParser().get_nodes_from_documents([document])
    articles = [one for one in nodes if one.metadata["article"]]
    assert [one.metadata["article"] for one in articles] == ["第一条", "第二条"]
    for one in articles:
        assert document.text[one.start_char_idx : one.end_char_idx] == one.get_content()
        assert one.metadata["处室"] == "办公室"


def test_a_file_named_by_itself_says_what_is_wrong_with_it(folder: Path) -> None:
    from ingest.readers import ReadError
    from luming import LuMingReader

    with pytest.raises(ReadError, match=r"[\u4e00-\u9fff]"):
        LuMingReader().load_data(folder / "资料" / "坏.docx")


def test_the_reader_serves_a_simple_directory_reader(folder: Path) -> None:
    from llama_index.core import SimpleDirectoryReader

    from luming import LuMingReader

    loader = SimpleDirectoryReader(
        str(folder / "资料"), file_extractor={".txt": LuMingReader()}, required_exts=[".txt"]
    )
    (document,) = loader.load_data()
    assert "值班记录保存3年" in document.text  # GB18030, which it does not read itself


def test_an_engine_abstains_from_what_the_library_lacks(folder: Path) -> None:
    from luming import Library, LuMingQueryEngine, Settings, ingest_paths

    with Library(Settings(home=folder / "数据")) as library:
        ingest_paths(library, [folder / "资料"], "制度")
        response = LuMingQueryEngine(library).query("公务用车的排量上限是多少？")
        assert response.metadata is not None and response.metadata["abstained"]
        assert str(response) and response.source_nodes == []


def test_every_name_is_there() -> None:
    import luming

    for name in luming.__all__:
        assert getattr(luming, name).__name__ == name
    with pytest.raises(AttributeError):
        luming.Nothing  # noqa: B018

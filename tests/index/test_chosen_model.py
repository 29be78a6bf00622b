"""The file by which a home uses a model of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoder.base import EncoderError
from index.encoder.chosen import CHOSEN_FILE, choose_model, chosen_model


def test_a_choice_is_kept_and_taken_back(tmp_path: Path) -> None:
    assert chosen_model(tmp_path) is None
    (tmp_path / "office-1").mkdir()
    choose_model(tmp_path, "office-1")
    assert chosen_model(tmp_path) == tmp_path / "office-1"
    choose_model(tmp_path, None)
    choose_model(tmp_path, None)
    assert chosen_model(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', "{}", '{"model": 3}', '{"model": ".."}', '{"model": "/etc"}',
             '{"model": "gone"}', '{"model": ""}']
)  # fmt: skip
def test_a_choice_that_leads_nowhere_says_how_to_go_back(tmp_path: Path, text: str) -> None:
    (tmp_path / CHOSEN_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match="--undo"):
        chosen_model(tmp_path)


def test_only_what_is_there_can_be_chosen(tmp_path: Path) -> None:
    for name in ("gone", "..", "a/b"):
        with pytest.raises(EncoderError):
            choose_model(tmp_path, name)
    assert chosen_model(tmp_path) is None

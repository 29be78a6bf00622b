"""The formula that decides whether to answer."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from assistant.abstention import Support, shipped_weights
from training.abstention import AGAINST, NAMES, Example, fit, threshold_of

POOR = dict.fromkeys(NAMES, 0.0)


def test_the_shipped_weights_name_every_feature_and_where_they_come_from() -> None:
    weights = shipped_weights()
    assert set(weights.weights) == {field.name for field in fields(Support)}
    data = json.loads(
        (Path(__file__).parents[2] / "assistant" / "abstention.json").read_text(encoding="utf-8")
    )
    assert data["held_out_by_document"]["positive"] > 200
    assert 0 <= data["held_out_questions"]["unanswerable_answered"] <= 1


@pytest.mark.parametrize("name", NAMES)
def test_no_feature_speaks_against_what_it_means(name: str) -> None:
    weights = shipped_weights()
    less = weights.probability(Support(**{**POOR, "cosine": 0.8}))
    more = weights.probability(Support(**{**POOR, "cosine": 0.8, name: 1.0}))
    assert more <= less if name in AGAINST else more >= less


def test_fitting_tells_answers_from_refusals_and_keeps_the_signs() -> None:
    random = np.random.default_rng(5)
    data = [
        Example(tuple(random.normal(0.7 if yes else 0.3, 0.1, len(NAMES))), kind, "a", "")
        for yes, kind in ((True, "positive"), (False, "unanswerable"))
        for _ in range(40)
    ]
    model = fit(data)
    p = model.probability(np.array([example.features for example in data]))
    assert (p[:40] > 0.5).all() and (p[40:] < 0.5).all()
    for name, weight in zip(NAMES, model.weights, strict=True):
        assert weight <= 0 if name in AGAINST else weight >= 0
    assert 0.3 <= threshold_of(data, p) <= 0.71

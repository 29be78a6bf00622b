"""The formula that decides whether to answer, and its calibration."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from assistant.abstention import Weights, shipped_weights
from assistant.support import Support
from bench.calibration import calibration, diagram
from training.abstaining.formula import (
    AGAINST,
    NAMES,
    Example,
    apply_curve,
    calibrate,
    fit,
    matrix,
    threshold_of,
)

POOR = dict.fromkeys(NAMES, 0.0)


def test_the_shipped_weights_name_every_feature_and_where_they_come_from() -> None:
    weights = shipped_weights()
    assert set(weights.weights) == {field.name for field in fields(Support)}
    path = Path(__file__).parents[2] / "assistant" / "abstention.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert "training/abstention.py" in data["provenance"]
    answered = data["figures"]["apart"]["留出"]
    assert answered["written_right"][1] > answered["written_wrong"][1]


@pytest.mark.parametrize("name", NAMES)
def test_no_feature_speaks_against_what_it_means(name: str) -> None:
    weights = shipped_weights()
    less = weights.raw(Support(**{**POOR, "cosine": 0.8}))
    more = weights.raw(Support(**{**POOR, "cosine": 0.8, name: 1.0}))
    assert more <= less if name in AGAINST else more >= less


def test_the_curve_rises_and_keeps_the_order_of_answers() -> None:
    weights = shipped_weights()
    values = np.linspace(0, 1, 201)
    told = [weights.calibrated(float(value)) for value in values]
    assert told == sorted(told)
    assert min(told) >= 0 and max(told) <= 1
    assert Weights(0.0, {}, 0.5).calibrated(0.3) == 0.3


def examples() -> list[Example]:
    random = np.random.default_rng(5)
    return [
        Example(
            tuple(random.normal(0.65 if right else 0.35, 0.15, len(NAMES))),
            right,
            1.0,
            f"{number}",
            "written",
            "x",
            "",
        )
        for right in (True, False)
        for number in range(60)
    ]


def test_fitting_tells_answers_from_refusals_and_keeps_the_signs() -> None:
    data = examples()
    model = fit(data)
    right = np.array([example.right for example in data])
    values = model.values(matrix(data))
    assert values[right].min() > values[~right].max() - 0.2
    for name, weight in zip(NAMES, model.weights, strict=True):
        assert weight <= 0 if name in AGAINST else weight >= 0
    assert 0.2 <= threshold_of(right, values, np.ones(len(data))) <= 0.81


def test_calibration_mends_values_that_are_too_sure() -> None:
    random = np.random.default_rng(2)
    truth = random.uniform(0, 1, 4000)
    right = random.uniform(0, 1, 4000) < truth
    sure = truth**3 / (truth**3 + (1 - truth) ** 3)  # the same order, pushed to the ends
    curve = calibrate(sure, right, np.ones(4000))
    mended = apply_curve(curve, sure)
    assert calibration(mended, right).ece < 0.04 < calibration(sure, right).ece
    assert calibration(mended, right).brier < calibration(sure, right).brier


def test_the_diagram_is_a_drawing_of_every_bin_that_holds_questions() -> None:
    from lxml import etree

    table = calibration([0.05, 0.15, 0.95, 0.95], [False, False, True, True])
    drawn = etree.fromstring(diagram(table, "校准").encode())
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 3
    assert "Brier" in table.lines() and "| 0.9–1.0 | 2 | 0.95 | 1.00 |" in table.lines()

"""When not to answer: the calibrated probability that the chosen sentences support an answer.

A logistic formula over the features of ``support``, then a curve that turns its value into the
share of such answers that are right (isotonic regression). Both stand in ``abstention.json`` with
where they come from; ``training/abstention.py`` fits them.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from assistant.support import Support


@dataclass(frozen=True)
class Weights:
    """``bias`` + Σ weight·feature through the logistic function, then ``curve``.

    ``curve`` are points (logistic value, probability), rising in both; between them it runs
    straight, and without points the value is the probability. An answer is given from
    ``threshold`` on, which is a calibrated probability.
    """

    bias: float
    weights: dict[str, float]
    threshold: float
    curve: tuple[tuple[float, float], ...] = ()

    def raw(self, support: Support) -> float:
        """The logistic value, 0–1, not calibrated."""
        value = self.bias + sum(self.weights[name] * x for name, x in asdict(support).items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))

    def probability(self, support: Support) -> float:
        """P(the evidence answers the question), 0–1."""
        return self.calibrated(self.raw(support))

    def calibrated(self, raw: float) -> float:
        """The probability that a logistic value stands for."""
        if not self.curve:
            return raw
        place = bisect_right([x for x, _ in self.curve], raw)
        if place == 0 or place == len(self.curve):
            return self.curve[0 if place == 0 else -1][1]
        (x0, y0), (x1, y1) = self.curve[place - 1 : place + 1]
        return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with the program."""
    path = Path(__file__).with_name("abstention.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    curve = tuple((float(x), float(y)) for x, y in data.get("curve", ()))
    return Weights(data["bias"], data["weights"], data["threshold"], curve)

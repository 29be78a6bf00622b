"""How far a probability can be taken at its word: Brier score, ECE, reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
_FEW = 5


@dataclass(frozen=True)
class Bin:
    """The answers whose probability fell between ``low`` and ``high``."""

    low: float
    high: float
    count: int
    said: float  # mean probability
    right: float  # share that was right


@dataclass(frozen=True)
class Calibration:
    """``brier``: mean squared distance of probability and outcome (0 best, .25 for a coin);
    ``ece``: expected calibration error, Σ count/n · |said − right| over ten equal bins."""

    count: int
    brier: float
    ece: float
    bins: tuple[Bin, ...]

    def lines(self) -> str:
        """A table in Chinese."""
        rows = ["| 估计的把握 | 问题数 | 平均把握 | 实际答对 |", "| --- | --- | --- | --- |"]
        rows += [
            f"| {b.low:.1f}–{b.high:.1f} | {b.count} | {b.said:.2f} | {b.right:.2f} |"
            for b in self.bins
            if b.count
        ]
        return "\n".join([*rows, f"Brier {self.brier:.3f}，ECE {self.ece:.3f}（{self.count} 问）"])


def calibration(p: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray) -> Calibration:
    """The figures of probabilities ``p`` with their outcomes."""
    said, true = np.asarray(p, float), np.asarray(right, float)
    if not len(said):
        return Calibration(0, 0.0, 0.0, ())
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = []
    for number in range(BINS):
        own = place == number
        count = int(own.sum())
        mean, share = (said[own].mean(), true[own].mean()) if count else (0.0, 0.0)
        bins.append(Bin(number / BINS, (number + 1) / BINS, count, float(mean), float(share)))
    ece = sum(b.count * abs(b.said - b.right) for b in bins) / len(said)
    return Calibration(len(said), float(((said - true) ** 2).mean()), float(ece), tuple(bins))


def diagram(table: Calibration, title: str) -> str:
    """A reliability diagram as SVG: one dot a bin, its area by how many questions it holds.

    Dots of fewer than five questions are hollow and off the line: they tell next to nothing.
    """
    size, left, top = 320, 56, 44
    most = max((b.count for b in table.bins), default=1)

    def x(value: float) -> float:
        return left + size * value

    def y(value: float) -> float:
        return top + size * (1 - value)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + size + 24} {top + size + 64}" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{left}" y="24" font-size="14">{title}</text>',
    ]
    for tick in range(0, 11, 2):
        v = tick / 10
        parts += [
            f'<line x1="{x(0)}" y1="{y(v)}" x2="{x(1)}" y2="{y(v)}" stroke="#e5e5e5"/>',
            f'<text x="{left - 8}" y="{y(v) + 4}" text-anchor="end">{v:.1f}</text>',
            f'<text x="{x(v)}" y="{y(0) + 18}" text-anchor="middle">{v:.1f}</text>',
        ]
    parts.append(
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>'
    )
    held = [b for b in table.bins if b.count]
    sure = [b for b in held if b.count >= _FEW]
    path = " ".join(f"{x(b.said):.1f},{y(b.right):.1f}" for b in sure)
    parts.append(f'<polyline points="{path}" fill="none" stroke="#1f6f5c" stroke-width="2"/>')
    for b in held:
        radius = 3 + 9 * (b.count / most) ** 0.5
        parts += [
            f'<circle cx="{x(b.said):.1f}" cy="{y(b.right):.1f}" r="{radius:.1f}" stroke="#1f6f5c" '
            f'fill="{"#1f6f5c" if b.count >= _FEW else "#fff"}" fill-opacity=".75"/>',
            f'<text x="{x(b.said) + radius + 3:.1f}" y="{y(b.right) + 12:.1f}" font-size="10" '
            f'fill="#777">{b.count}</text>',
        ]
    parts += [
        f'<text x="{left + size / 2}" y="{y(0) + 38}" text-anchor="middle">估计的把握</text>',
        f'<text x="16" y="{top + size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 16 {top + size / 2})">实际答对的比例</text>',
        f'<text x="{left + size}" y="{y(0) + 56}" text-anchor="end" fill="#777">'
        f"Brier {table.brier:.3f} · ECE {table.ece:.3f} · {table.count} 问</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"

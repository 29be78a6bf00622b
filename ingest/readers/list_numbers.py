"""Numbers of lists as a word processor counts and writes them, for Word's, RTF's and ODF's lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.readers.numerals import format_number

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Level:
    """How one level of a list counts and is written."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass
class Num:
    """A list instance: its abstract definition and what it overrides."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


class ListNumbers:
    """Counts paragraphs as they come and gives each its label.

    ``levels`` are the levels of each abstract list, ``nums`` the lists that refer to them.
    """

    def __init__(self, levels: dict[str, dict[int, Level]], nums: dict[str, Num]) -> None:
        self.levels = levels
        self.nums = nums
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, num_id: str, depth: int) -> str:
        """The number of the next paragraph of a list at ``depth`` (0–8), empty where it has none."""
        num = self.nums.get(num_id)
        if num is None or not 0 <= depth <= 8:
            return ""
        levels = {**self.levels.get(num.abstract, {}), **num.levels}
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(num.abstract, {})
        if depth in num.starts and depth not in num.used:
            counts[depth] = num.starts[depth] - 1
        num.used.add(depth)
        for above in range(depth):
            counts.setdefault(above, levels[above].start if above in levels else 1)
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for below in [one for one in counts if one > depth]:
            restart = levels[below].restart if below in levels else None
            if restart != 0 and (restart is None or depth < restart):
                del counts[below]
        return _written(levels, depth, counts)


def _written(levels: dict[int, Level], depth: int, counts: dict[int, int]) -> str:
    level = levels[depth]

    def one(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        style = "decimal" if level.legal else levels[place].format if place in levels else "decimal"
        return format_number(counts.get(place, 1), style)

    if level.format in ("none", "bullet"):
        return ""
    label = _PLACE.sub(one, level.text)
    if not label or level.suffix == "nothing" or label[-1] in "、）)．.：:":
        return label
    return f"{label}　" if ord(label[-1]) > 0x2E7F else f"{label} "

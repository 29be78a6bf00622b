"""Manifests that people write by hand."""

from datetime import date
from pathlib import Path

import pytest

from ingest.manifest import read_manifest


def write(folder: Path, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    (folder / "manifest.toml").write_bytes(data)


def test_what_is_stated_is_taken(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[[document]]\npath = "甲/办法.docx"\ntitle = "某办法（示例）"\nkind = "measure"\nvalidity = "现行"\n'
        'effective = 2024-05-01\nissued = "2024年4月1日"\nexample_of = "办法"\n',
    )
    manifest = read_manifest(tmp_path)
    assert manifest.warnings == ()
    assert manifest.entry("甲/办法.docx") == {
        "title": "某办法（示例）",
        "kind": "measure",
        "validity": "现行",
        "effective": date(2024, 5, 1),
        "issued": date(2024, 4, 1),
    }
    assert manifest.entry("乙.docx") is None


def test_a_slip_costs_one_value_and_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[[document]]\npath = "a.md"\nkind = "办法"\nvalidity = "有效"\nissued = "去年"\ntitel = "x"\ntitle = "甲"\n'
        '[[document]]\ntitle = "没有路径"\n[[document]]\npath = "a.md"\n',
    )
    manifest = read_manifest(tmp_path)
    assert manifest.entry("a.md") == {"title": "甲"}
    assert len(manifest.warnings) == 6
    assert all(
        word in "".join(manifest.warnings) for word in ("kind", "validity", "issued", "titel")
    )


@pytest.mark.parametrize("data", ["[[document", b"\xff\xfe\x00", "document = 3", "[" * 5000])
def test_a_manifest_that_is_none_stops_nothing(tmp_path: Path, data: str | bytes) -> None:
    write(tmp_path, data)
    manifest = read_manifest(tmp_path)
    assert manifest.entries == {} and len(manifest.warnings) == 1


def test_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path).warnings == ()

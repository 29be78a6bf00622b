"""Office files with bytes changed anywhere: read or refused in one line, never anything else."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import olefile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.build.ofd import pdf_to_ofd
from ingest.readers import ReadError, ReadLimits, reader_for
from ingest.readers.cell_values import shown
from ingest.readers.csv_table import delimiter
from ingest.readers.doc_binary import modifications, read_word
from ingest.readers.ofd_pages import _deltas, _figures
from ingest.readers.rtf_tokens import tokens
from tests.ingest.readers.samples import slides_pptx, table_xlsx
from tests.ingest.readers.test_office_formats import DATA, sample
from tests.ingest.readers.test_other_formats import PDFS

_CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12)
_QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def damaged(data: bytes, changes: list[tuple[float, int]]) -> bytes:
    out = bytearray(data)
    for place, value in changes:
        out[int(place * len(out))] = value
    return bytes(out)


def read(format: str, path: Path) -> None:
    try:
        document = reader_for(format).read(path, ReadLimits(max_rows=2_000))
    except ReadError as error:
        assert str(error) and "\n" not in str(error)
        return
    for block in document.blocks:
        assert block.text and not set(block.text) & set("\n\r\x00\x07\u200b")


@pytest.mark.parametrize("name", ["rules.doc", "rules.rtf", "slides.ppt", "table.xls"])
@_QUICK
@given(changes=_CHANGES)
def test_flat_formats(
    tmp_path: Path, name: str, changes: list[tuple[float, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.readers.soffice.available", lambda: None)
    path = sample(name, tmp_path)
    path.write_bytes(damaged(path.read_bytes(), changes))
    read(name.rpartition(".")[2], path)


def _part(name: str, folder: Path) -> tuple[Path, str]:
    if name == "ofd":
        path = folder / "a.ofd"
        pdf_to_ofd(PDFS[-1], path)
        return path, "Doc_0/Pages/Page_0/Content.xml"
    if name == "pptx":
        return slides_pptx(folder / "a.pptx"), "ppt/slides/slide2.xml"
    if name == "xlsx":
        return table_xlsx(folder / "a.xlsx"), "xl/worksheets/sheet1.xml"
    source = {"odt": "rules.odt", "ods": "table.ods", "odp": "slides.odp"}[name]
    path = folder / f"a.{name}"
    path.write_bytes((DATA / source).read_bytes())
    return path, "content.xml"


@pytest.mark.parametrize("name", ["ofd", "pptx", "xlsx", "odt", "ods", "odp"])
@_QUICK
@given(data=st.data())
def test_attributes_of_packages(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """XML that is well formed, with numbers in it changed to anything."""
    path, part = _part(name, tmp_path)
    with zipfile.ZipFile(path) as package:
        members = {info.filename: package.read(info) for info in package.infolist()}
    xml = members[part].decode()
    numbers = list(re.finditer(r'(?<=")-?\d+(?:\.\d+)?(?=")', xml))
    for match in reversed(data.draw(st.lists(st.sampled_from(numbers), max_size=6, unique_by=id))):
        if match.end() <= len(xml):
            value = data.draw(
                st.sampled_from(["-1", "0", "1e9", "99999999999", "x", "", "nan", "1048577"])
            )
            xml = xml[: match.start()] + value + xml[match.end() :]
    members[part] = xml.encode()
    with zipfile.ZipFile(path, "w") as package:
        for member, content in members.items():
            package.writestr(member, content)
    read(name, path)


def _streams() -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO((DATA / "rules.doc").read_bytes())) as ole:
        return {n: ole.openstream(n).read() for n in ("WordDocument", "1Table") if ole.exists(n)}


@settings(max_examples=60, deadline=None)
@given(changes=_CHANGES, cut=st.floats(0, 1), table=st.binary(max_size=60))
def test_streams_of_a_word_file(changes: list[tuple[float, int]], cut: float, table: bytes) -> None:
    streams = _streams()
    document = damaged(streams["WordDocument"], changes)
    tables = damaged(streams.get("1Table", b"") or b"\0", changes)
    for one in (tables, tables[: int(cut * len(tables))], table):
        try:
            word = read_word(document, (one, one), b"")
        except ReadError:
            continue
        for at in range(0, len(word.text), 97):
            word.paragraph(at)


@given(st.binary(max_size=300))
def test_modifications_end(data: bytes) -> None:
    assert len(list(modifications(data))) <= len(data)


@given(st.binary(max_size=300))
def test_tokens_of_rtf_are_no_longer_than_the_file(data: bytes) -> None:
    assert sum(len(one.text) for one in tokens(data)) <= 2 * len(data)


@given(st.text("MLCSBQAZmlc0123456789.- eE+", max_size=120))
def test_paths_of_ofd_are_bounded(data: str) -> None:
    assert sum(len(one) for one in _figures(data)) <= len(data) + 4


@given(st.text("g 0123456789.-e", max_size=80), st.integers(0, 50))
def test_steps_of_ofd_are_bounded(value: str, most: int) -> None:
    assert len(_deltas(value, most)) <= most


@given(
    st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_cell_shows_something_for_any_value_and_format(value: object, format: str) -> None:
    assert isinstance(shown(value, format), str)


@given(st.text(max_size=300))
def test_a_delimiter_is_always_found(sample_text: str) -> None:
    assert len(delimiter(sample_text)) == 1

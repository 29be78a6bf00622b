"""The versions of the sample library come out as its manifest states them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.versions.view import Versions
from ingest.manifest import read_manifest
from ingest.metadata import read_metadata
from ingest.readers import read_document
from ingest.sources import SourceFile, discover
from ingest.structure import outline
from tests.index.versions.conftest import as_facts

CORPUS = Path(__file__).parents[3] / "corpus"
DAY = date(2025, 6, 1)


def test_every_status_is_as_stated_and_the_measure_is_one_family() -> None:
    manifest = read_manifest(CORPUS)
    facts, stated = [], {}
    for one in discover([CORPUS]):
        assert isinstance(one, SourceFile)
        raw = read_document(one.path)
        entry = manifest.entry(one.source) or {}
        read = read_metadata(raw, outline(raw), one.source).overridden(entry)
        facts.append(as_facts(read, one.source, "示例文库"))
        stated[one.source] = entry["validity"]
    versions = Versions(facts)
    assert {name: one.validity for name, one in versions.statuses(DAY).items()} == stated
    [chain] = [one for one in versions.chains if len(one.versions) > 1]
    assert ["试行" in one.title for one in chain.versions] == [True, False]
    trial, revised = (one.document_id for one in chain.versions)
    assert versions.status(trial, DAY).until == date(2024, 3, 1)
    assert versions.current(trial, DAY) == revised
    assert versions.current(trial, date(2022, 1, 1)) == trial

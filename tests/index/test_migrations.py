"""A catalog of an earlier version of the program is brought up to date by opening it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.errors import CatalogError
from index.library import Library
from index.settings import Settings
from index.tables import SCHEMA_VERSION
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder

RULES = "值班办法\n（2019年5月10日印发）\n第一条 值班人员应当坚守岗位。\n第二条 本办法自2019年6月1日起施行。\n"


def made_old(database: Path) -> None:
    """Turns a catalog into one of version 1."""
    with sqlite3.connect(database) as connection:
        connection.execute("ALTER TABLE documents DROP COLUMN statements")
        connection.execute("ALTER TABLE documents DROP COLUMN metadata_version")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    connection.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "值班办法.txt").write_text(RULES, encoding="utf-8")
    return folder


def test_an_older_library_is_read_anew_once_and_nothing_embedded_again(
    tmp_path: Path, files: Path
) -> None:
    settings = Settings(home=tmp_path / "home")
    with Library(settings, encoder=HashingEncoder()) as library:
        assert ingest_paths(library, [files], "制度").passages > 0
        before = library.catalog.documents()[0]
    made_old(Path(settings.catalog_url.removeprefix("sqlite:///")))
    with Library(settings, encoder=HashingEncoder()) as library:
        old = library.catalog.documents()[0]
        assert (old.document_id, old.title) == (before.document_id, before.title)
        assert old.statements.history == () and old.metadata_version == 0
        report = ingest_paths(library, [files], "制度")
        assert (report.count("updated"), report.passages) == (1, 0)
        assert library.catalog.documents()[0].statements == before.statements
        assert ingest_paths(library, [files], "制度").count("unchanged") == 1


def test_a_catalog_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    Catalog(f"sqlite:///{database}").close()
    with sqlite3.connect(database) as connection:
        newer = str(SCHEMA_VERSION + 1)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (newer,))
    connection.close()
    with pytest.raises(CatalogError, match="版本"):
        Catalog(f"sqlite:///{database}")

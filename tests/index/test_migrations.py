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

OLD = Path(__file__).with_name("schema_2.sql")
RULES = "值班办法\n（2019年5月10日印发）\n第一条 值班人员应当坚守岗位。\n第二条 本办法自2019年6月1日起施行。\n"


def made_old(database: Path, version: int) -> None:
    """Turns a catalog into one of an earlier version: its tables made anew by the old schema."""
    tables = ("meta", "counters", "documents", "pending", "contents", "passages")
    with sqlite3.connect(database) as connection:
        kept = {}
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM {table}")
            kept[table] = [column[0] for column in cursor.description], cursor.fetchall()
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in connection.execute(listed).fetchall():
            connection.execute(f"DROP TABLE {name}")
        connection.executescript(OLD.read_text(encoding="utf-8"))
        for table, (names, rows) in kept.items():
            known = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            places = [names.index(one) for one in known if one in names]
            listed = ", ".join(f'"{names[one]}"' for one in places)
            marks = ", ".join("?" * len(places))
            connection.executemany(
                f"INSERT INTO {table} ({listed}) VALUES ({marks})",
                [[row[one] for one in places] for row in rows],
            )
        if version == 1:
            connection.execute("ALTER TABLE documents DROP COLUMN statements")
            connection.execute("ALTER TABLE documents DROP COLUMN metadata_version")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (version,))
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
    made_old(Path(settings.catalog_url.removeprefix("sqlite:///")), 1)
    with Library(settings, encoder=HashingEncoder()) as library:
        old = library.catalog.documents()[0]
        assert (old.document_id, old.title) == (before.document_id, before.title)
        assert old.statements.history == () and old.metadata_version == 0
        report = ingest_paths(library, [files], "制度")
        assert (report.count("updated"), report.passages) == (1, 0)
        assert library.catalog.documents()[0].statements == before.statements
        assert ingest_paths(library, [files], "制度").count("unchanged") == 1


def test_a_library_of_the_second_schema_goes_on_as_it_was(tmp_path: Path, files: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    database = Path(settings.catalog_url.removeprefix("sqlite:///"))
    with Library(settings, encoder=HashingEncoder()) as library:
        ingest_paths(library, [files], "制度")
        before = library.catalog.documents()[0]
    made_old(database, 2)
    with sqlite3.connect(database) as connection:  # a note that the stores no longer need
        connection.execute(
            "INSERT INTO pending (passage_id, document_id, collection, op)"
            " SELECT passage_id, document_id, '制度', 'meta' FROM passages"
        )
    connection.close()
    with Library(settings, encoder=HashingEncoder()) as library:
        assert library.catalog.pending_count() == 0
        assert library.catalog.documents() == [before]
        [place] = library.catalog.places.of_documents([before.document_id])[before.document_id]
        assert (place.source, place.size) == (before.source, before.size)
        assert library.search("值班人员", 1)[0].document.document_id == before.document_id
        assert ingest_paths(library, [files], "制度").count("unchanged") == 1
        (files / "值班办法.txt").rename(files / "新名.txt")
        assert ingest_paths(library, [files], "制度").passages == 0
        assert [one.source for one in library.catalog.documents()] == ["新名.txt"]
        assert library.catalog.jobs.recent()[0].counts == {"unchanged": 1}


def test_a_catalog_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    Catalog(f"sqlite:///{database}").close()
    with sqlite3.connect(database) as connection:
        newer = str(SCHEMA_VERSION + 1)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (newer,))
    connection.close()
    with pytest.raises(CatalogError, match="版本"):
        Catalog(f"sqlite:///{database}")

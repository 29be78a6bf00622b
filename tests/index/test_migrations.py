"""A catalog of an earlier version of the program is brought up to date by opening it."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from index.catalog import Catalog
from index.errors import CatalogError
from index.library import Library
from index.schema import MIGRATIONS, upgrade, version_of
from index.settings import Settings
from index.tables import SCHEMA_VERSION, metadata
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder

OLD = Path(__file__).with_name("schema_2.sql")
FIRST_RELEASE = Path(__file__).parent / "homes" / "first_release.zip"
"""A whole home written by the first released program, with the encoder that hashes."""
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
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", (version,))
    connection.close()


def revised(path: Path) -> Engine:
    """A database made of nothing by the revisions."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        upgrade(connection, "base")
    return engine


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
        connection.execute("UPDATE alembic_version SET version_num = ?", (newer,))
    connection.close()
    with pytest.raises(CatalogError, match="版本"):
        Catalog(f"sqlite:///{database}")


def test_a_home_of_the_first_release_opens_answers_and_goes_on(tmp_path: Path) -> None:
    home, folder = tmp_path / "资料 50%", tmp_path / "文件"
    with zipfile.ZipFile(FIRST_RELEASE) as archive:
        archive.extractall(home)
    folder.mkdir()
    (folder / "值班办法.txt").write_text(RULES, encoding="utf-8")
    settings = Settings(home=home)
    with Library(settings, encoder=HashingEncoder()) as library:
        assert [one.source for one in library.catalog.documents()] == ["值班办法.txt", "请假办法.txt"]
        library.rebuild()
        assert library.search("请假三天由谁批准", 1)[0].passage.article == "第二条"
        report = ingest_paths(library, [folder], "制度")
        assert (report.count("updated"), report.count("added"), report.passages) == (1, 0, 0)
        assert library.search("坚守岗位", 1)[0].document.statements.effective is not None
    with sqlite3.connect(settings.catalog_url.removeprefix("sqlite:///")) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        left = connection.execute("SELECT * FROM meta WHERE key = 'schema_version'").fetchall()
    connection.close()
    assert (found, left) == ([(str(SCHEMA_VERSION),)], [])


def test_an_upgrade_that_fails_leaves_the_home_as_it_was(tmp_path: Path) -> None:
    database = tmp_path / "catalog.db"
    with zipfile.ZipFile(FIRST_RELEASE) as archive:
        archive.extract("catalog.db", tmp_path)
    with sqlite3.connect(database) as connection:  # in the way of what the third revision makes
        connection.execute("CREATE TABLE sketches (empty TEXT)")
        before = list(connection.iterdump())
    with pytest.raises(CatalogError):
        Catalog(f"sqlite:///{database}")
    assert list(connection.iterdump()) == before
    connection.execute("DROP TABLE sketches")
    connection.close()
    catalog = Catalog(f"sqlite:///{database}")
    assert len(catalog.documents()) == 2
    catalog.close()


def test_the_revisions_make_the_tables_of_this_program(tmp_path: Path) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == str(SCHEMA_VERSION)
    engine = revised(tmp_path / "c.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert version_of(connection) == str(SCHEMA_VERSION)
    engine.dispose()


def test_a_new_catalog_is_as_the_revisions_leave_it(tmp_path: Path) -> None:
    Catalog(f"sqlite:///{tmp_path / 'new.db'}").close()
    revised(tmp_path / "revised.db").dispose()
    shapes = []
    for name in ("new.db", "revised.db"):
        with sqlite3.connect(tmp_path / name) as connection:
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                )
                if not row[0].startswith(("sqlite_", "alembic_"))
            ]
            shapes.append({
                one: [
                    sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({one})")),
                    sorted(row[2:4] for row in connection.execute(f"PRAGMA foreign_key_list({one})")),
                ]
                for one in tables
            })  # fmt: skip
        connection.close()
    assert shapes[0] == shapes[1]
    assert "passages" in shapes[0]

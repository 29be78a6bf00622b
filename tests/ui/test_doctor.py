"""`luming doctor`, `backup`, `restore`, `export` and `import` as a person types them."""

from __future__ import annotations

import shutil

import pytest

from tests.ui.test_cli import Office, office

__all__ = ["office"]


@pytest.fixture
def damaged(office: Office) -> Office:
    shutil.rmtree(office.folder / "home" / "lexical")
    shutil.rmtree(office.folder / "home" / "vectors")
    return office


def test_a_whole_library_is_said_to_be_whole(office: Office) -> None:
    done = office.run("doctor")
    assert (done.returncode, done.stdout.strip()) == (0, "完好：12 项都没有问题。")
    found = office.json("doctor")
    assert found["healthy"] is True and found["findings"] == [] and len(found["checked"]) == 12


def test_damage_is_told_with_what_to_do_and_repaired(damaged: Office) -> None:
    done = damaged.run("doctor")
    assert done.returncode == 1
    assert "vectors）不见了" in done.stdout and "lexical）不见了" in done.stdout
    assert done.stdout.count("怎么办：") == 2 and "luming doctor --repair" in done.stdout
    found = damaged.json("doctor")
    assert [one["kind"] for one in found["findings"]] == ["vectors-gone", "lexical-gone"]
    repaired = damaged.run("doctor", "--repair")
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert "已修复：" in repaired.stdout and "完好" in repaired.stdout
    hits = damaged.json("search", "检举受理期限")["hits"]
    assert "15个工作日" in hits[0]["text"]


def test_wrong_usage_has_an_exit_code_of_its_own(office: Office) -> None:
    assert office.run("doctor", "--fix-it").returncode == 2


def test_a_backup_is_made_and_put_back(office: Office) -> None:
    archive = office.folder / "备份.zip"
    made = office.json("backup", str(archive))
    assert (made["documents"], made["file"]) == (2, str(archive))
    refused = office.run("restore", str(archive))
    assert refused.returncode == 1 and "--force" in refused.stderr
    done = office.run("restore", str(archive), "--force")
    assert done.returncode == 0, done.stderr
    assert "luming rebuild" in done.stdout and "home.before-restore-" in done.stdout
    assert office.run("rebuild").returncode == 0
    assert office.run("doctor").returncode == 0
    assert "15个工作日" in office.json("search", "检举受理期限")["hits"][0]["text"]
    archive.write_bytes(archive.read_bytes()[:-400])
    bad = office.run("restore", str(archive), "--force")
    assert bad.returncode == 1 and "换一份备份" in bad.stderr and "Traceback" not in bad.stderr


def test_what_was_exported_can_be_taken_elsewhere(office: Office, tmp_path_factory) -> None:
    file = office.folder / "导出.jsonl"
    out = office.json("export", str(file))
    other = Office(tmp_path_factory.mktemp("other"))
    (other.folder / "home").mkdir()
    (other.folder / "home" / "models").symlink_to(office.folder / "home" / "models")
    assert other.json("import", str(file))["documents"] == out["documents"] == 2
    listed, wanted = other.json("list"), office.json("list")
    assert [one["document_id"] for one in listed["documents"]] == [
        one["document_id"] for one in wanted["documents"]
    ]
    assert "15个工作日" in other.json("search", "检举受理期限")["hits"][0]["text"]

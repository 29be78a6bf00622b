"""Folders as people leave them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.readers import ReadError
from ingest.sources import SourceFile, SourceProblem, discover, hash_file


def found(root: Path) -> tuple[list[str], dict[str, str]]:
    all_of_it = list(discover([root]))
    files = [one.source for one in all_of_it if isinstance(one, SourceFile)]
    return files, {one.source: one.reason for one in all_of_it if isinstance(one, SourceProblem)}


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("内容", encoding="utf-8")


def test_files_in_order_without_rubbish(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "乙/2.txt",
        "甲.md",
        ".隐藏",
        "~$甲.docx",
        "Thumbs.db",
        "x.tmp",
        "manifest.toml",
        "乙/manifest.toml",
    )
    assert found(tmp_path) == (["乙/2.txt", "乙/manifest.toml", "甲.md"], {})


def test_what_the_ignore_file_names_is_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "b.log", "c.log", "草稿/d.md", "卷/草稿.md", "卷/e.md")
    (tmp_path / ".lumingignore").write_text(
        "# 不要\n*.log\n!c.log\n草稿/\n卷/e.md\n", encoding="utf-8"
    )
    assert found(tmp_path)[0] == ["a.md", "c.log", "卷/草稿.md"]


def test_links_are_followed_once_and_never_out(tmp_path: Path) -> None:
    root = tmp_path / "根"
    touch(root, "a.md")
    touch(tmp_path, "外/秘密.md")
    (root / "环").symlink_to(root, target_is_directory=True)
    (root / "外").symlink_to(tmp_path / "外", target_is_directory=True)
    (root / "断").symlink_to(root / "没有")
    (root / "同").symlink_to(root / "a.md")
    files, problems = found(root)
    assert files == ["a.md", "同"]
    assert set(problems) == {"环", "外", "断"}
    assert "之外" in problems["外"]


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道")
    assert "管道" in found(tmp_path)[1]["管道"]
    assert "不见了" in found(tmp_path / "没有")[1][str(tmp_path / "没有")]


def test_a_file_alone_has_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "甲.md")
    [one] = discover([tmp_path / "甲.md"])
    assert isinstance(one, SourceFile) and one.source == "甲.md" and one.size == 6


def test_names_with_line_feeds_and_odd_bytes(tmp_path: Path) -> None:
    touch(tmp_path, "换\n行.txt")
    (tmp_path / os.fsdecode(b"\xff\xfe.txt")).write_bytes(b"x")
    assert len(found(tmp_path)[0]) == 2


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="不见了"):
        hash_file(tmp_path / "没有")

"""Killed at any moment, on a full disk, in a folder that can't be written: nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.kill_child import Setup
from bench.kills import bench
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write

ROOT = Path(__file__).parents[2]


def test_ten_kills_end_equal_to_an_undisturbed_run(tmp_path: Path) -> None:
    said: list[str] = []
    report = bench(tmp_path, Setup(files=40), kills=10, seed=11, say=said.append)
    assert report.kills == 10
    assert report.problems == []
    assert len(report.full_disk) == 3, "each share of the disk ends in a line for the user"


_WRITER = """
import sys, time
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write
with Library(Settings(home=sys.argv[1]), encoder=HashingEncoder()) as library:
    for version in range(1, int(sys.argv[2]) + 1):
        texts = [f"仓库管理第{one}款，本段属于第{version}版" for one in range(8)]
        library.write_documents([make_write("仓库.txt", texts, title=f"仓库管理办法第{version}版")])
        library.index_pending()
        print(version, time.time(), flush=True)
"""


@pytest.mark.parametrize("versions", [12])
def test_a_reader_sees_a_document_old_or_new_and_soon(tmp_path: Path, versions: int) -> None:
    settings = Settings(home=tmp_path / "库")
    with Library(settings, encoder=HashingEncoder()) as reader:
        first = [f"仓库管理第{one}款，本段属于第0版" for one in range(8)]
        reader.write_documents([make_write("仓库.txt", first, title="仓库管理办法第0版")])
        reader.index_pending()
        assert len(reader.search("仓库管理", 8)) > 0
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(settings.home), str(versions)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        seen: list[set[str]] = []
        while writer.poll() is None:
            hits = reader.search("仓库管理", 8)
            texts = {hit.passage.text.rpartition("第")[2] for hit in hits}
            titles = {hit.document.title.rpartition("第")[2] for hit in hits}
            seen.append(texts | titles)
            assert len(hits) > 0
        assert writer.stdout is not None
        written = float(writer.stdout.read().split()[-1])
        mixed = [one for one in seen if len(one) > 1]
        assert not mixed, f"新旧混在一起：{mixed[:3]}（{len(mixed)} / {len(seen)}）"
        while not reader.search(f"仓库管理第{versions}版", 1)[0].passage.text.endswith(
            f"第{versions}版"
        ):
            assert time.time() - written < 5, "五秒之内没有看到别的进程写入的内容"
        assert len({frozenset(one) for one in seen}) > 1, "写入期间没有读到任何变化"

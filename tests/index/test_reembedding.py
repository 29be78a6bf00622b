"""Another encoder: the old vectors answer while the new ones are made, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import DEFAULT_MODEL
from index.encoder.build import SHIPPED
from index.encoder.narrow import write_narrow
from index.library import ENCODER_NAME, Library
from index.reembedding import estimate
from index.settings import Settings
from tests.index.conftest import make_write

ROOT = Path(__file__).parents[2]
OLD = "旧模型"
LEAVE = ["工作满一年的，享受年休假。", "年休假由处室负责人批准。"]
TRAVEL = ["出差住宿费凭据报销。", "市内交通费包干使用。"]

_RUN = """
import os, signal, sys
from pathlib import Path
from index.library import Library
from index.settings import Settings

def progress(done, total):
    if done >= 32:
        os.kill(os.getpid(), signal.SIGKILL)
settings = Settings(home=Path(sys.argv[1]), encode_batch=1)
with Library(settings) as library:
    library.reembed(progress)
"""


@pytest.fixture
def old(settings: Settings) -> Settings:
    """Settings with another real encoder, whose files lie in the home."""
    write_narrow(SHIPPED / DEFAULT_MODEL, settings.models_dir / OLD)
    path = settings.models_dir / OLD / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"precision": "int8"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return settings.model_copy(update={"encoder": OLD})


@pytest.fixture
def indexed(old: Settings) -> Settings:
    """A home whose vectors are the old encoder's."""
    with Library(old) as library:
        library.write_documents([make_write("请假.txt", LEAVE), make_write("差旅.txt", TRAVEL)])
        library.index_pending()
    return old


def found(library: Library, query: str) -> str:
    return library.search(query, 1)[0].passage.text


def vectors_in(library: Library) -> dict[str, np.ndarray]:
    documents = sorted(library.documents()[1])
    ids, vectors = library.vectors.vectors_of_documents("制度", documents)
    return dict(zip(ids, vectors, strict=True))


def fresh(tmp_path: Path, writes: list) -> dict[str, np.ndarray]:
    """Vectors of a home that never had another encoder."""
    with Library(Settings(home=tmp_path / "新的")) as library:
        library.write_documents(writes)
        library.index_pending()
        return vectors_in(library)


def test_the_old_encoder_answers_until_the_new_vectors_are_there(
    indexed: Settings, settings: Settings, tmp_path: Path
) -> None:
    with Library(settings) as library:
        assert library.encoder.name == OLD
        assert library.newer is not None and library.newer.name == DEFAULT_MODEL
        assert found(library, "住宿的钱怎么报") == TRAVEL[0]
        assert estimate(library, library.newer) > 0
        report = library.reembed()
        assert report.encoded == 4
        assert library.newer is None and library.encoder.name == DEFAULT_MODEL
        assert found(library, "住宿的钱怎么报") == TRAVEL[0]
        made = vectors_in(library)
        assert library.reembed().encoded == 0
    wanted = fresh(tmp_path, [make_write("请假.txt", LEAVE), make_write("差旅.txt", TRAVEL)])
    assert made.keys() == wanted.keys()
    assert all(np.array_equal(made[one], wanted[one]) for one in wanted)


def test_what_is_taken_in_before_the_move_is_embedded_with_the_old_encoder(
    indexed: Settings, settings: Settings
) -> None:
    with Library(settings) as library:
        library.write_documents([make_write("食堂.txt", ["食堂每天七点供应早餐。"])])
        library.index_pending()
        assert library.catalog.get_meta(ENCODER_NAME) == OLD
        assert found(library, "几点有早饭吃") == "食堂每天七点供应早餐。"
        library.remove_documents(["制度/请假.txt"])
        library.reembed()
        assert library.vectors.count() == 3
        assert found(library, "几点有早饭吃") == "食堂每天七点供应早餐。"


def test_an_open_library_follows_the_move_of_another_process(
    indexed: Settings, settings: Settings
) -> None:
    with Library(settings) as reader:
        assert found(reader, "住宿的钱怎么报") == TRAVEL[0]
        code = (
            "import sys; from pathlib import Path; from index.library import Library;"
            "from index.settings import Settings;"
            "Library(Settings(home=Path(sys.argv[1]))).reembed()"
        )
        subprocess.run([sys.executable, "-c", code, str(settings.home)], cwd=ROOT, check=True)
        assert found(reader, "住宿的钱怎么报") == TRAVEL[0]
        assert reader.encoder.name == DEFAULT_MODEL


def test_a_kill_in_the_middle_costs_nothing(
    old: Settings, settings: Settings, tmp_path: Path
) -> None:
    texts = [f"第{n}号仓库的钥匙由档案员{n}号保管。" for n in range(1, 61)]
    with Library(old) as library:
        library.write_documents([make_write("钥匙.txt", texts)])
        library.index_pending()
    done = subprocess.run([sys.executable, "-c", _RUN, str(settings.home)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    with Library(settings) as library:
        assert library.encoder.name == OLD
        assert found(library, "第7号仓库的钥匙").startswith("第7号")
        # Between the kill and the next run the library changes.
        library.write_documents([make_write("钥匙.txt", [*texts[:50], "改了。"])])
        library.index_pending()
        report = library.reembed()
        assert report.copied >= 24 and report.encoded + report.copied == 51
        made = vectors_in(library)
    wanted = fresh(tmp_path, [make_write("钥匙.txt", [*texts[:50], "改了。"])])
    assert made.keys() == wanted.keys()
    assert all(np.array_equal(made[one], wanted[one]) for one in wanted)


def test_an_old_encoder_that_is_gone_is_said(indexed: Settings, settings: Settings) -> None:
    (settings.models_dir / OLD / "model.onnx").unlink()
    with Library(settings) as library, pytest.raises(Exception, match="reembed"):
        library.search("年休假")


def test_old_vectors_are_removed_at_the_next_run(
    indexed: Settings, settings: Settings, open_library: Callable[..., Library]
) -> None:
    library = open_library()
    library.reembed()
    library.write_documents([make_write("食堂.txt", ["食堂每天七点供应早餐。"])])
    library.index_pending()
    folders = [one.name for one in settings.home.iterdir() if one.name.startswith("vectors")]
    assert folders == [library.vectors_dir.name]
    assert os.listdir(library.vectors_dir)

"""What the Dockerfile installs is the whole program, not only the checkout that tests run in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("ingest", "index", "assistant", "ui", "training")
SKIPPED = shutil.ignore_patterns("__pycache__", "*.egg-info")


def copied(folder: Path) -> None:
    """What the Dockerfile copies from the checkout."""
    for line in (ROOT / "docs/deploy/Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY "):
            *sources, target = line.split()[1:]
            for one in map(ROOT.joinpath, sources):
                if one.is_dir():
                    shutil.copytree(one, folder / target, ignore=SKIPPED)
                else:
                    shutil.copy(one, folder / target)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("源"), tmp_path_factory.mktemp("装")
    copied(source)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    done = subprocess.run([*command, *options, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def test_every_file_of_the_packages_is_installed(installed: Path) -> None:
    missing = [
        str(one.relative_to(ROOT))
        for package in PACKAGES
        for one in (ROOT / package).rglob("*")
        if one.is_file() and "__pycache__" not in one.parts
        if not (installed / one.relative_to(ROOT)).exists()
    ]
    assert missing == []


def test_the_installed_program_answers(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "值班办法.txt").write_text(
        "值班办法\n第一条　值班人员每班八小时。\n第二条　值班记录保存三年。\n", encoding="utf-8"
    )
    environment = {"PYTHONPATH": str(installed), "LUMING_HOME": str(tmp_path / "资料"), "PATH": ""}
    outputs = []
    for arguments in (["ingest", "值班办法.txt", "--collection", "制度"], ["ask", "值班记录保存几年？"]):
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            capture_output=True, text=True, cwd=tmp_path, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert "值班记录保存三年" in outputs[1]

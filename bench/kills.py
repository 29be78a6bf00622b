"""Is anything lost when a run is killed? Homes after kills against one that nothing happened to.

    python -m bench.kills [--kills 100] [--files 300] [--encoder hashing|default] [--seed 1]
        [--workers 0] [--work FOLDER] [--json]

A round: made-up files are indexed by a process that is killed (SIGKILL) at a random moment, up
to four times, before a run may come to its end; then a day's changes are made to the files (edited, grown,
renamed, gone, new) and the same is done with them. Rounds go on until there were as many kills as
asked for; after each part the home must be equal to one that was never interrupted: documents,
passages, vectors, words' hits, hits, answers. After every single kill the home must also open and
show every document whole. Then the disk is made full (a small tmpfs where the system lets us
mount one, else a limit on the size of files), and the home unwritable, each during a run.

Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import kill_child
from bench.home_state import HomeState, differences, home_state, orders
from bench.kill_child import Setup
from bench.kill_files import change_files, questions, write_files

KILLS_A_PART = 4
PARTS = ("first", "changed")
FULL_AT = (0.2, 0.5, 0.8)
"""Shares of what a home takes in the end, after which the disk is full."""


@dataclass
class Report:
    """What was seen. ``problems`` are lines for what a user could notice."""

    kills: int = 0
    finished: int = 0
    by_stage: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    full_disk: list[str] = field(default_factory=list)
    read_only: str = "not tried"
    seconds: float = 0.0


class Running:
    """A run under way."""

    def __init__(self, process: Any, pipe: Any, began: float) -> None:
        self.process = process
        self._pipe = pipe
        self._began = began

    def ended(self, within: float | None = None) -> Ended | None:
        """Its end; None where it hasn't come ``within`` so many seconds."""
        self.process.join(within)
        if self.process.exitcode is None:
            return None
        said = ""
        with suppress(EOFError, OSError):
            said = self._pipe.recv()
        return Ended(self.process.exitcode, said, time.monotonic() - self._began)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.join()


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit code, its line for the user, seconds."""

    code: int
    said: str
    seconds: float


class Runner:
    """Starts runs on homes of one work folder, each a process of its own.

    The processes come from a fork server that has loaded the libraries, so that a hundred of
    them are bearable; nothing of LuMing is open in it.
    """

    def __init__(self, work: Path, setup: Setup) -> None:
        self.work = work
        self.setup = setup
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bench.kill_child"])

    def start(self, home: Path, files: Path, limit: int | None = None) -> Running:
        """A run that has said it is ready. ``limit``: bytes that a file may have."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=kill_child.ingest_in_child, args=(home, files, self.setup, limit, theirs)
        )
        process.start()
        theirs.close()
        with suppress(EOFError):
            ours.recv()
        return Running(process, ours, time.monotonic())

    def run(self, home: Path, files: Path, limit: int | None = None) -> Ended:
        """A run to its end."""
        ended = self.start(home, files, limit).ended()
        assert ended is not None
        return ended

    def state(self, home: Path, asked: bool = True) -> HomeState | str:
        """The state of a home as a process that opens it sees it, or what went wrong."""
        try:
            with kill_child.open_library(home, self.setup) as library:
                return home_state(library, questions(self.setup.files) if asked else [])
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def home(self, name: str) -> Path:
        """A fresh home of this name, with the model where there is one."""
        home = self.work / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if self.setup.models is not None:
            (home / "models").symlink_to(self.setup.models.resolve())
        return home

    def files(self, name: str) -> Path:
        """A fresh folder of files."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, self.setup.files, self.setup.articles)
        return folder


# -- the bench ----------------------------------------------------------------


def whole(state: HomeState | str) -> list[str]:
    """What is wrong with a home right after a kill, before the next run; [] when nothing."""
    if isinstance(state, str):
        return [f"the home does not open: {state[-500:]}"]
    counts: dict[str, int] = {}
    for passage_id in state.passages:
        owner = passage_id.split("#", 1)[0]
        counts[owner] = counts.get(owner, 0) + 1
    lines = []
    for document_id, values in state.documents.items():
        if counts.get(document_id, 0) != values[4]:
            lines.append(f"{values[1]}: {counts.get(document_id, 0)} of {values[4]} passages")
    for passage_id, (_, text, start, end) in state.passages.items():
        document = state.documents[passage_id.split("#", 1)[0]]
        if document[6][start:end] != text:
            lines.append(f"{passage_id} is not what its document says")
    return lines


def undisturbed(runner: Runner, say: Callable[[str], None]) -> tuple[list[HomeState], list[float]]:
    """The states after both parts of a run that nothing happens to, and its seconds."""
    files, home = runner.files("files"), runner.home("whole")
    states, seconds = [], []
    for part in PARTS:
        if part == "changed":
            change_files(files, runner.setup.files)
        ended = runner.run(home, files)
        state = runner.state(home)
        if ended.code or isinstance(state, str):
            raise SystemExit(f"the undisturbed run failed: {ended.said}{state}")
        states.append(state)
        seconds.append(ended.seconds)
        say(f"undisturbed, {part}: {ended.seconds:.1f} s, {len(state.passages)} passages")
        if part == PARTS[0]:  # two homes that nothing happened to differ in Chroma's graph
            twin = runner.home("twin")
            runner.run(twin, files)
            other = runner.state(twin)
            if isinstance(other, str) or differences(state, other):
                raise SystemExit(f"two undisturbed runs differ: {other}")
            say(f"two undisturbed homes: {orders(state, other)} of 20 orders of hits differ")
    return states, seconds


def kill_round(
    runner: Runner,
    wanted: list[HomeState],
    seconds: list[float],
    chance: random.Random,
    report: Report,
    most: int,
    say: Callable[[str], None],
) -> None:
    """Both parts once, killed until each comes to its end or ``most`` kills were made."""
    files, home = runner.files("files"), runner.home("killed")
    for part, want, took in zip(PARTS, wanted, seconds, strict=True):
        if part == "changed":
            change_files(files, runner.setup.files)
        for _ in range(min(KILLS_A_PART, most - report.kills)):
            running = runner.start(home, files)
            if running.ended(chance.uniform(0.0, took)) is not None:
                report.finished += 1
                break
            running.kill()
            report.kills += 1
            state = runner.state(home, asked=False)
            if not isinstance(state, str):
                stage = _stage(state, want)
                report.by_stage[stage] = report.by_stage.get(stage, 0) + 1
            report.problems += [f"after kill {report.kills}: {one}" for one in whole(state)]
        _complete(runner, home, files, want, report, f"{part}, {report.kills} kills")
        say(f"{report.kills} kills, {part}: {len(report.problems)} problems")


def _stage(state: HomeState, want: HomeState) -> str:
    """Where a kill struck, told by what the home holds."""
    if state.passages != want.passages:
        return "before the catalog was whole"
    return "before the stores had followed" if state.pending else "at the end"


def full_disk(runner: Runner, want: HomeState, report: Report, share: float) -> None:
    """The disk is full when ``share`` of it is written; then there is room, and a run completes."""
    files, home = runner.files("files"), runner.home("full")
    size = sum(one.stat().st_size for one in (runner.work / "whole").rglob("*") if one.is_file())
    mounted = runner.setup.models is None and _mount(home, int(size * share))
    limit = None if mounted else max(int(size * share / 4), 300_000)
    ended = runner.run(home, files, limit)
    how = (
        f"tmpfs of {int(size * share):,} bytes" if mounted else f"files of at most {limit:,} bytes"
    )
    if mounted:  # room again: what is there goes to a larger disk
        home = _moved(runner, home)
    _refused(ended, report, "full disk")
    report.problems += [f"full disk: {one}" for one in whole(runner.state(home, asked=False))]
    _complete(runner, home, files, want, report, "full disk")
    report.full_disk.append(f"{how}: “{ended.said}”")


def read_only(runner: Runner, want: HomeState, report: Report) -> None:
    """The home can't be written; then it can, and a run completes."""
    files, home = runner.files("files"), runner.home("read-only")
    mounted = _mount(home, 1 << 30)
    if not mounted and os.geteuid() == 0:
        report.read_only = "not tried: root may write everywhere, and nothing can be mounted"
        return
    _writable(home, mounted, False)
    ended = runner.run(home, files)
    _writable(home, mounted, True)
    _refused(ended, report, "read-only")
    if mounted:
        home = _moved(runner, home)
    _complete(runner, home, files, want, report, "read-only")
    report.read_only = f"“{ended.said}”"


def _writable(home: Path, mounted: bool, yes: bool) -> None:
    if mounted:
        how = "remount,rw" if yes else "remount,ro"
        subprocess.run(["mount", "-o", how, str(home)], check=True)
    else:
        home.chmod(0o700 if yes else 0o500)


def _moved(runner: Runner, home: Path) -> Path:
    kept = runner.home(f"{home.name}-kept")
    shutil.copytree(home, kept, dirs_exist_ok=True)
    subprocess.run(["umount", str(home)], check=True)
    return kept


def _refused(ended: Ended, report: Report, name: str) -> None:
    """A run that could not write must have ended by one line for the user."""
    if ended.code != 1 or not ended.said or "Traceback" in ended.said:
        report.problems.append(f"{name}: exit code {ended.code}, said “{ended.said[-500:]}”")


def _complete(
    runner: Runner, home: Path, files: Path, want: HomeState, report: Report, name: str
) -> None:
    """A run to its end, and what then differs from the home that nothing happened to."""
    ended = runner.run(home, files)
    if ended.code:
        report.problems.append(f"{name}: the completing run failed: {ended.said[-500:]}")
    state = runner.state(home)
    found = [state] if isinstance(state, str) else differences(want, state)
    report.problems += [f"{name}: {one}" for one in found]


def _mount(folder: Path, size: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def bench(
    work: Path, setup: Setup, kills: int, seed: int, say: Callable[[str], None], disks: bool = True
) -> Report:
    """Everything; see the module."""
    started = time.monotonic()
    runner, report, chance = Runner(work, setup), Report(), random.Random(seed)
    wanted, seconds = undisturbed(runner, say)
    while report.kills < kills:
        kill_round(runner, wanted, seconds, chance, report, kills, say)
    if disks:
        for share in FULL_AT:
            full_disk(runner, wanted[0], report, share)
        read_only(runner, wanted[0], report)
    report.seconds = time.monotonic() - started
    return report


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--encoder", choices=("hashing", "default"), default="hashing")
    parser.add_argument("--models", type=Path, help="folder of a built default model")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    setup = Setup(given.files, given.encoder, given.workers, given.models)
    with tempfile.TemporaryDirectory(prefix="luming-kills-") as folder:
        report = bench(
            given.work or Path(folder),
            setup,
            given.kills,
            given.seed,
            lambda line: print(line, file=sys.stderr, flush=True),
        )
    if given.json:
        print(json.dumps(vars(report), ensure_ascii=False))
    else:
        print(f"kills {report.kills}, runs that came to their end first {report.finished}")
        print(f"found after a kill: {report.by_stage}")
        for line in report.full_disk:
            print(f"full disk, {line}")
        print(f"read-only home: {report.read_only}")
        print(f"problems: {len(report.problems)} ({report.seconds:.0f} s)")
        for line in report.problems:
            print(f"  {line}")
    return 1 if report.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

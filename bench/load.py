"""Does one server serve an office? Many askers, a batch that re-indexes, idle pages, a restart.

    python -m bench.load [--home DIR] [--minutes 5] [--askers 50] [--pause 8] [--files 500]
                         [--batches 1] [--pages 200] [--servers 1] [--json]

On loopback: ``--askers`` people ask for ``--minutes`` (each reads ``--pause`` seconds on average
between two questions) while ``luming ingest`` takes in ``--files`` files, ``--batches`` times with
changes between (0: over and over), and ``--pages`` pages are open. Then the server is stopped in
the middle of an upload and started again: every uploaded file must be found. ``--servers 2`` puts
a second process on the same home and lets half of the askers use it: what one more worker brings.
Without ``--home`` the sample corpus and 3,000 articles are put into a temporary one first.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from bench.ask import make_questions
from bench.law_files import write_articles
from bench.load_server import Asker, IdlePages, Log, Server

CORPUS = Path(__file__).parents[1] / "corpus"
COLLECTION = "压力测试"
UPLOADED = "上传测试"
_GOALS = {"errors": 0, "p95": 1.5}


def prepare(home: Path) -> None:
    """The sample corpus and statutes in a new home."""
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder), 3_000)
        for path, name in ((CORPUS, "示例文库"), (Path(folder), "法律")):
            _luming(home, "ingest", str(path), "--collection", name)


def _luming(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "LUMING_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def questions_of(home: Path) -> list[str]:
    """Questions to ask of a home."""
    from index.library import Library
    from index.settings import Settings

    with Library(Settings(home=home)) as library:
        return make_questions(library, 300)


class Reindexing(threading.Thread):
    """Takes in files, changes one line of each, and takes them in again."""

    def __init__(
        self, home: Path, folder: Path, files: int, batches: int, ended: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self._home, self._folder, self._files, self._ended = home, folder, files, ended
        self._batches = batches
        self.runs = 0
        self.failed = 0

    def run(self) -> None:
        """As often as was asked for, at most until the end of the time."""
        write_articles(self._folder, self._files)
        while not self._ended.is_set() and (not self._batches or self.runs < self._batches):
            for path in sorted(self._folder.rglob("*.txt")):
                text = path.read_text(encoding="utf-8").rstrip("\n")
                path.write_text(f"{text}\n第{self.runs + 1}次修改。\n", encoding="utf-8")
            done = _luming(self._home, "ingest", str(self._folder), "--collection", COLLECTION)
            self.failed += done.returncode != 0
            self.runs += 1


def under_load(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Askers, re-indexing and idle pages at the same time."""
    servers = [Server(home) for _ in range(given.servers)]
    for server in servers:
        server.start()
    log, ended = Log(), threading.Event()
    asked = questions_of(home)
    with tempfile.TemporaryDirectory() as folder:
        batch = Reindexing(home, Path(folder), given.files, given.batches, ended)
        pages = IdlePages(servers[0].address, given.pages)
        askers = [
            Asker(servers[n % len(servers)].address, asked, given.pause, log, ended, n)
            for n in range(given.askers)
        ]
        pages.start()
        for one in (batch, *askers):
            one.start()
        memory: list[float] = []
        until = time.monotonic() + given.minutes * 60
        while time.monotonic() < until:
            time.sleep(min(5.0, max(0.0, until - time.monotonic())))
            memory.append(servers[0].memory_mb())
            print(f"\r{len(log.seconds)} 个回答", end="", file=sys.stderr)
        ended.set()
        for asker in askers:
            asker.join(40)
        held = pages.open - pages.closed
        pages.stop()
        batch.join(300)
    stopped = max(server.stop() for server in servers)
    for server in servers:
        said = server.log.read_text(encoding="utf-8", errors="replace")
        print(said[-4_000:], file=sys.stderr)
    third = max(1, len(memory) // 3)
    seconds = sorted(log.seconds)
    return {
        "servers": given.servers,
        "answers": len(seconds),
        "per_second": len(seconds) / (given.minutes * 60),
        "errors": dict(log.errors),
        "p50": statistics.median(seconds) if seconds else None,
        "p95": seconds[int(len(seconds) * 0.95)] if seconds else None,
        "max": seconds[-1] if seconds else None,
        "reindexed": batch.runs * given.files,
        "reindexing_failed": batch.failed,
        "pages_held": held,
        "memory_first_third": statistics.mean(memory[:third]),
        "memory_last_third": statistics.mean(memory[-third:]),
        "memory_peak": max(memory),
        "stop_seconds": stopped,
    }


def restarted(home: Path, files: int = 20) -> dict[str, Any]:
    """Upload, stop the server at once, start it again: how many of the files are found."""
    server = Server(home)
    server.start()
    sent = [
        ("files", (f"上传{n}.txt", f"上传规定{n}\n\n第一条 第{n}号钥匙由档案员保管。\n".encode()))
        for n in range(files)
    ]
    reply = httpx.post(
        f"{server.address}/api/v1/uploads",
        params={"collection": UPLOADED},
        files=sent,
        timeout=60,
    )
    server.stop()
    server.start()
    found = 0
    until = time.monotonic() + 120
    while found < files and time.monotonic() < until:
        time.sleep(0.5)
        listed = httpx.get(f"{server.address}/api/v1/collections", timeout=30).json()
        found = next(
            (one["documents"] for one in listed["collections"] if one["name"] == UPLOADED), 0
        )
    server.stop()
    return {"upload_status": reply.status_code, "uploaded": files, "found": found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="一个服务端撑不撑得住一个单位")
    parser.add_argument("--home", type=Path, help="已有的数据目录；里面会多出测试文库")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--pause", type=float, default=8.0)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--batches", type=int, default=1, help="0：一直重复")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary)
        if given.home is None:
            prepare(home)
        figures = {**under_load(home, given), "restart": restarted(home)}
    print(file=sys.stderr)
    if given.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    _table(figures, given)


def _table(figures: dict[str, Any], given: argparse.Namespace) -> None:
    errors = sum(figures["errors"].values())
    restart = figures["restart"]
    rows = [
        ("提问的人、分钟、服务进程", f"{given.askers}、{given.minutes:g}、{given.servers}"),
        ("回答", f"{figures['answers']}（每秒 {figures['per_second']:.1f}）"),
        ("出错（目标 0）", f"{errors} {figures['errors'] or ''}"),
        ("p50／p95／最长，秒（p95 目标 1.5）",
         f"{figures['p50']:.2f}／{figures['p95']:.2f}／{figures['max']:.2f}"),
        ("同时重新索引的文件（失败的批次）",
         f"{figures['reindexed']}（{figures['reindexing_failed']}）"),
        ("一直开着的页面", f"{figures['pages_held']}/{given.pages}"),
        ("服务内存 MB：前三分之一、后三分之一、峰值",
         f"{figures['memory_first_third']:.0f}、{figures['memory_last_third']:.0f}、"
         f"{figures['memory_peak']:.0f}"),
        ("停止用时，秒", f"{figures['stop_seconds']:.1f}"),
        ("上传后立刻停止再启动，找得到的文件", f"{restart['found']}/{restart['uploaded']}"),
    ]  # fmt: skip
    for name, value in rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()

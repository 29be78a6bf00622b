"""What does a second run cost? In proportion to what changed, this says.

    python -m bench.reindex [--articles 26196] [--files articles|laws] [--work FOLDER] [--json]

Indexes statutes once (a file an article by default, so that there are many files), and then
measures in fresh processes: nothing has changed; one article was edited, until a search finds
the new words, in a process that is open and as a command; a folder was renamed; and how long the
first run took against bare encoding, with the memory of the program and its reading processes
together. ``--work`` keeps the home: a later call goes on with it and leaves the first run out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.ingest import run_encode
from bench.law_files import write_articles, write_laws

COLLECTION = "法律"
EDITED = "本条为测试改写：档案员应当在每季度末清点紫檀木书柜。"
QUESTION = "档案员什么时候清点紫檀木书柜"
GOALS = {"unchanged": 1.0, "edited": 3.0, "full": 1.25, "memory": 2500.0}


def tree_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB (Linux)."""
    pages = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_bytes().rsplit(b")", 1)[1].split()[1])
            if parent == pid or entry.name == str(pid):
                pages += int((entry / "statm").read_bytes().split()[1])
        except (OSError, ValueError, IndexError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """The most that this process and its children held together, as the list's only item."""
    peak = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            peak[0] = max(peak[0], tree_mb(os.getpid()))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def run_ingest(files: Path, home: Path, question: str = "") -> dict[str, Any]:
    """One run of a process that is open; with a question, until its answer is found."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    with Library(Settings(home=home)) as library, peak_memory() as peak:
        library.warm_up()
        started = time.perf_counter()
        report = ingest_paths(library, [files], COLLECTION)
        ingested = time.perf_counter() - started
        found = bool(question) and EDITED[8:] in library.search(question, 1)[0].passage.text
        seconds = time.perf_counter() - started
    return {
        "files": len(report.files),
        **report.counts(),
        "passages": report.passages,
        "copied": report.copied,
        "seconds": ingested if not question else seconds,
        "found": found,
        "peak_mb": peak[0],
    }


def part(arguments: list[str]) -> None:
    """What a fresh process is asked to do; one JSON line."""
    name, files, home, *rest = arguments
    encode = name == "encode"
    result = run_encode(Path(home)) if encode else run_ingest(Path(files), Path(home), *rest)
    print(json.dumps(result))


def in_process(*arguments: str) -> dict[str, Any]:
    """A part in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.reindex", "--part", *arguments],
        stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def command(home: Path, *arguments: str) -> float:
    """Seconds that a command of the program takes, from its start to its end."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        stdout=subprocess.DEVNULL, check=True, env={**os.environ, "LUMING_HOME": str(home)},
    )  # fmt: skip
    return time.perf_counter() - started


def age(folder: Path) -> None:
    """Make files an hour old: what was changed a moment ago is hashed again by every run."""
    when = time.time() - 3600
    for path in folder.rglob("*.txt"):
        os.utime(path, (when, when))


def edit(files: Path) -> tuple[Path, bytes]:
    """Replace the last paragraph of the file in the middle; the file, and what it held."""
    listed = sorted(files.rglob("*.txt"))
    path = listed[len(listed) // 2]
    before = path.read_bytes()
    head, _, last = before.decode("utf-8").rstrip("\n").rpartition("\n")
    number, _, _ = last.partition("　")
    path.write_text(f"{head}\n{number}　{EDITED}\n", encoding="utf-8")
    return path, before


def measure(work: Path, articles: int, one_file_an: str) -> dict[str, Any]:
    """All figures, by name."""
    files, home = work / "files", work / "home"
    results: dict[str, Any] = {}
    if not home.exists():
        (write_articles if one_file_an == "articles" else write_laws)(files, articles)
        age(files)
        write_laws(work / "one", 1)
        in_process("ingest", str(work / "one"), str(work / "home-0"))  # builds the model
        home.mkdir()
        (home / "models").symlink_to(work / "home-0" / "models")
        results["full"] = in_process("ingest", str(files), str(home))
        results["encode"] = in_process("encode", str(files), str(home))
    results["unchanged"] = in_process("ingest", str(files), str(home))
    path, before = edit(files)
    results["edited"] = in_process("ingest", str(files), str(home), QUESTION)
    path.write_bytes(before)
    results["command"] = {
        "one_file": command(home, "ingest", str(path), "--collection", COLLECTION, "--json")
    }
    results["command"]["folder"] = command(
        home, "ingest", str(files), "--collection", COLLECTION, "--json"
    )
    moved = files.with_name("files-moved")
    files.rename(moved)
    results["moved"] = in_process("ingest", str(moved), str(home))
    moved.rename(files)
    in_process("ingest", str(files), str(home))
    return results


def rows(results: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The table's lines."""
    if "full" in results:
        full, bare = results["full"], results["encode"]
        ratio = full["seconds"] / bare["seconds"]
        yield (
            f"首次入库 {full['files']} 份文件",
            f"{full['passages'] + full['copied']} 段（其中 {full['copied']} 段文字相同，沿用），"
            f"{full['seconds']:.1f} 秒，纯向量化 {bare['seconds']:.1f} 秒的 {ratio:.2f} 倍"
            f"（目标 {GOALS['full']}），内存峰值 {full['peak_mb']:.0f} MB，"
            f"含读取进程（目标 {GOALS['memory']:.0f}）",
        )
    same = results["unchanged"]
    each = same["seconds"] / same["files"] * 1000
    yield (
        f"{same['files']} 份文件都没有变化",
        f"{same['seconds']:.2f} 秒，每千份 {each:.2f} 秒（目标 {GOALS['unchanged']:.0f}）",
    )
    edited = results["edited"]
    yield (
        "改了其中一条",
        f"{edited['seconds']:.2f} 秒后查得到（目标 {GOALS['edited']:.0f}），"
        f"重新向量化 {edited['passages']} 段" + ("" if edited["found"] else "，但没有排在第一"),
    )
    commands = results["command"]
    yield (
        "同上，用命令",
        f"只给这一份文件 {commands['one_file']:.2f} 秒，给整个文件夹 {commands['folder']:.2f} 秒"
        "（含启动）",
    )
    moved = results["moved"]
    yield (
        "整个文件夹改了名",
        f"{moved['seconds']:.2f} 秒，重新向量化 {moved['passages']} 段",
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="再次入库的代价")
    parser.add_argument("--articles", type=int, default=26_196, help="条数")
    parser.add_argument(
        "--files", choices=("articles", "laws"), default="articles", help="一条或一部法律一个文件"
    )
    parser.add_argument("--work", type=Path, help="用这个文件夹并保留，再次运行时不重做首次入库")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part(options.part)
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        results = measure(work, options.articles, options.files)
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
        return
    for name, text in rows(results):
        print(f"{name}：{text}")


if __name__ == "__main__":
    main()

"""How the command line talks: results to stdout, everything else to stderr, fixed exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

#: Exit codes, documented in README: all went well; some files failed or nothing to do it with;
#: the command was called wrongly; stopped by the user.
OK = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 130

Advance = Callable[[str, int, int], None]


def errors() -> Console:
    """The console for messages and progress (stderr)."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def output() -> Console:
    """The console for results (stdout)."""
    return Console(highlight=False, soft_wrap=True)


def notice(line: str) -> None:
    """A line for the person at the terminal (stderr)."""
    errors().print(line, style="yellow", markup=False)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """A request to end (SIGTERM, as systemd sends it) is taken like Ctrl-C: work is wound up."""
    import signal
    import threading

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def print_json(value: Any) -> None:
    """One JSON object on stdout and nothing else; characters that can't be encoded are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    sys.stdout.flush()


@contextmanager
def progress(names: dict[str, str]) -> Iterator[Advance]:
    """A progress bar a stage on a terminal; silent elsewhere. ``names`` are stages' names."""
    console = errors()
    if not console.is_terminal:
        yield lambda *_: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        tasks: dict[str, Any] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(names.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield advance

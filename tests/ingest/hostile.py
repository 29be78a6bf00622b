"""Readers for the tests of the worker processes: each file's text says what its reader does."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from ingest.pages import page_done
from ingest.reading import ReadOutcome, ReadTask


def read(task: ReadTask) -> ReadOutcome:
    """Acts as the file's name says, else returns its name and who read it."""
    name = task.path.name
    if name.startswith("hang"):
        while True:
            pass
    if name.startswith("sleep"):
        subprocess.run(["sleep", f"600.{os.getppid()}"], check=False)  # a helper that hangs
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("exit"):
        os._exit(3)
    if name.startswith("swell"):
        kept = []
        while True:
            kept.append(bytearray(b"x" * 8_000_000))
            time.sleep(0.01)
    if name.startswith("raise"):
        raise KeyError("unforeseen")
    if name.startswith("pages"):
        for number in range(6):
            time.sleep(1)
            page_done(number + 1, 6)
    if name.startswith("print"):
        print("这不是结果", flush=True)
    return ReadOutcome(None, f"{name} {os.getpid()}")

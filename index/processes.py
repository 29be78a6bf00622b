"""Which process does something, and whether it still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SILENT_SECONDS = 300
"""A process on another machine that has said nothing for so long is taken to be gone."""


@dataclass(frozen=True)
class Owner:
    """A process. ``mark`` differs between processes that had one number after another."""

    host: str
    pid: int
    mark: str


def this_process() -> Owner:
    """The process that calls."""
    return Owner(_host(), os.getpid(), _mark(os.getpid()))


def is_alive(owner: Owner, last_word: datetime) -> bool:
    """Whether the process lives. Here the system knows; elsewhere its last word must be recent.

    A clock that was set back makes a last word in the future, which counts as recent.
    """
    here = _host()
    if owner.host != here:
        name, _, start = here.partition(" ")
        other_name, _, other_start = owner.host.partition(" ")
        if name == other_name and start.split(" ")[0] != other_start.split(" ")[0]:
            return False  # this very machine has been started anew since
        return (datetime.now(UTC) - last_word).total_seconds() < SILENT_SECONDS
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        pass
    return _mark(owner.pid) == owner.mark


def _host() -> str:
    """The machine, its last start and its space of process numbers, parted by blanks."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        space = os.readlink("/proc/self/ns/pid")  # containers have numbers of their own
    except OSError:
        boot, space = "-", "-"
    return f"{socket.gethostname()} {boot} {space}"


def _mark(pid: int) -> str:
    """When the process began, in ticks since the machine's start; empty where it isn't told."""
    try:
        data = Path(f"/proc/{pid}/stat").read_bytes()
        fields = data[data.rindex(b")") + 2 :].split()
    except (OSError, ValueError):
        return ""
    if fields[0] in (b"Z", b"X"):  # dead, though its parent has not noticed
        return "dead"
    return fields[19].decode("ascii")

"""One run of ``bench.kills``, in a process that is there to be killed.

What takes long to load is loaded with this module, in the fork server.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromadb  # noqa: F401
import tantivy  # noqa: F401

import ingest.pipeline
from bench.hashing import HashingEncoder

if TYPE_CHECKING:
    from index.library import Library

COLLECTION = "制度"


@dataclass(frozen=True)
class Setup:
    """What every run of a bench has in common."""

    files: int
    encoder: str = "hashing"
    workers: int = 0
    models: Path | None = None
    articles: int = 8


def open_library(home: Path, setup: Setup) -> Library:
    """The library of a home with the encoder of the bench."""
    from index.library import Library
    from index.settings import Settings

    settings = Settings(home=home, workers=setup.workers, encoder="default", log_questions=False)
    encoder: Any = HashingEncoder() if setup.encoder == "hashing" else None
    return Library(settings, encoder=encoder)


def ingest_files(home: Path, files: Path, setup: Setup) -> int:
    """The run itself; 0 when every file was taken in."""
    with open_library(home, setup) as library:
        return int(ingest.pipeline.ingest_paths(library, [files], COLLECTION, prune=True).failed)


def ingest_in_child(home: Path, files: Path, setup: Setup, limit: int | None, pipe: Any) -> None:
    """Says that it begins, runs, says what went wrong. ``limit``: bytes that a file may have."""
    from index.errors import LibraryError

    os.setpgid(0, 0)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    pipe.send("ready")
    try:
        failed = ingest_files(home, files, setup)
        said = f"{failed} files failed" if failed else ""
    except LibraryError as error:
        said, failed = str(error), 1
    pipe.send(said)
    sys.exit(1 if failed else 0)

"""A server as a process of its own, and the people and pages that use it: parts of ``bench.load``."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """``luming serve`` on a home; what it says goes to ``log``, in the home."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = home / f"load-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; RuntimeError where it doesn't."""
        command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(self.port)]
        environment = {**os.environ, "LUMING_HOME": str(self.home)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=log
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise RuntimeError("服务没有启动")

    def stop(self) -> float:
        """Ask it to end (SIGTERM); the seconds that it took, after a minute it is killed."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        return time.monotonic() - began

    def memory_mb(self) -> float:
        """Resident memory of the server without its children, in MB (Linux)."""
        assert self._process is not None
        statm = Path(f"/proc/{self._process.pid}/statm").read_text()
        return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


@dataclass
class Log:
    """What the askers met. Seconds of every answer, errors by what they were."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, seconds: float) -> None:
        """One answer."""
        with self.lock:
            self.seconds.append(seconds)

    def error(self, what: str) -> None:
        """One failure."""
        with self.lock:
            self.errors[what[:80]] += 1


class Asker(threading.Thread):
    """A person who asks, reads for a while, and asks again until ``ended``."""

    def __init__(
        self,
        address: str,
        questions: Sequence[str],
        pause: float,
        log: Log,
        ended: threading.Event,
        seed: int,
    ) -> None:
        """``pause`` is the mean of the seconds between an answer and the next question."""
        super().__init__(daemon=True)
        self._address = address
        self._questions = questions
        self._pause = pause
        self._log = log
        self._ended = ended
        self._chooser = random.Random(seed)

    def run(self) -> None:
        """Ask and read."""
        with httpx.Client(base_url=self._address, timeout=30) as client:
            while not self._ended.wait(self._chooser.uniform(0, 2 * self._pause)):
                question = self._chooser.choice(self._questions)
                began = time.monotonic()
                try:
                    reply = client.post("/api/v1/ask", json={"question": question})
                except httpx.HTTPError as error:
                    self._log.error(type(error).__name__)
                    continue
                if reply.status_code == 200:
                    self._log.answer(time.monotonic() - began)
                else:
                    self._log.error(f"{reply.status_code} {reply.text}")


class IdlePages:
    """Pages that are open and do nothing: each keeps the connection that Gradio's page keeps."""

    def __init__(self, address: str, count: int) -> None:
        self._client = httpx.Client(
            base_url=address,
            timeout=httpx.Timeout(30, read=None),
            limits=httpx.Limits(max_connections=count + 10, max_keepalive_connections=0),
        )
        self._count = count
        self._threads: list[threading.Thread] = []
        self.open = 0
        self.closed = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Open them all."""
        for number in range(self._count):
            thread = threading.Thread(target=self._hold, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _hold(self, number: int) -> None:
        try:
            self._client.get("/").raise_for_status()
            with self._client.stream("GET", f"/gradio_api/heartbeat/load{number:06d}") as reply:
                reply.raise_for_status()
                with self._lock:
                    self.open += 1
                for _ in reply.iter_raw():
                    pass
        except (httpx.HTTPError, RuntimeError):
            pass
        with self._lock:
            self.closed += 1

    def stop(self) -> None:
        """Close them."""
        self._client.close()

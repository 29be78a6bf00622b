"""No expression of the project can be made to run without end by a document or a question."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.ui.security.patterns import ROOT, Found, slow_on


def test_no_pattern_runs_without_end() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.security.patterns"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    number, *slow = done.stdout.splitlines() or ["0"]
    assert done.returncode in (0, 1), done.stderr
    assert int(number) > 200, "找到的表达式太少，收集方法可能已经失效"
    assert not slow, "\n".join(slow)


def test_a_pattern_that_runs_without_end_is_noticed() -> None:
    import signal

    from tests.ui.security import patterns

    before = signal.signal(signal.SIGVTALRM, patterns._over)
    try:
        assert slow_on(Found(re.compile(r"(?:\s*a)+$"), uses={"search"}))
        assert slow_on(Found(re.compile(r"第.*?条"), uses={"search"}))
        assert not slow_on(Found(re.compile(r"第[^条]{1,9}条"), uses={"search"}))
    finally:
        signal.signal(signal.SIGVTALRM, before)

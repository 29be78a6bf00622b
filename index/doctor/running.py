"""The write lock and the jobs: does something say it runs whose process is gone?"""

from __future__ import annotations

from collections.abc import Sequence

from index.doctor.base import Examined, Finding
from index.jobs import Job
from index.lock import lock_state
from index.processes import is_alive


class RunningCheck:
    """Traces of a process that ended in the middle of its work."""

    title = "写入锁与任务"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """A process number left in the lock, and jobs whose process has ended."""
        findings = []
        lock = lock_state(home.home / "write.lock")
        if not lock.held and lock.pid is not None:
            findings.append(
                Finding(
                    "stale-lock",
                    f"上次写入的进程（{lock.pid}）中途停了，写入锁里还留着它的进程号。",
                    "锁本身已由系统放开，不挡后来的任务；修复时清掉记号，并补完索引。",
                    True,
                )
            )
        dead = _dead(home)
        if dead:
            findings.append(
                Finding(
                    "dead-jobs",
                    f"有 {len(dead)} 个任务说自己还在进行，但它们的进程已经不在。",
                    "修复时标为失败；再运行一次 luming sync（或 luming ingest）会接着做。",
                    True,
                )
            )
        return findings

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Mark the jobs; the lock is emptied by being given back."""
        done = []
        kinds = {one.kind for one in findings}
        if "stale-lock" in kinds:
            # Whoever repairs has taken the lock, and empties it by giving it back.
            done.append("已清掉写入锁里的记号。")
        if "dead-jobs" in kinds:
            marked = home.library.catalog.jobs.mark_dead()
            done.append(f"已把 {len(marked)} 个中断的任务标为失败。")
        return done


def _dead(home: Examined) -> list[Job]:
    if not home.has_catalog():
        return []
    live = home.library.catalog.jobs.live()
    return [one for one in live if not is_alive(one.owner, one.heartbeat_at)]

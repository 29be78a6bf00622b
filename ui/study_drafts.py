"""Sessions that are being made: each in a thread, its progress asked for by the page."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from assistant.study.errors import StudyError
from index.errors import LibraryError

log = logging.getLogger("luming.study")
Progress = Callable[[str, int, int], None]
Work = Callable[[Progress], str]
"""Makes and keeps a session; returns its id."""
_KEPT = 200
_WAITING = 20
_AT_ONCE = 2


class DraftsBusy(StudyError):
    """Too many are being made."""

    def __init__(self) -> None:
        super().__init__("正在生成的备课太多，请过一会儿再试。")


class DraftGone(StudyError):
    """Not this person's draft, or long done."""

    def __init__(self) -> None:
        super().__init__("这份初稿已不在生成，请在“我的备课”里查看，或重新生成。")


@dataclass
class Draft:
    """One being made. ``session_id`` once it is done, ``error`` where it cannot be."""

    user: str
    begun: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    session_id: str = ""
    error: str = ""

    @property
    def live(self) -> bool:
        """Whether it is still being made."""
        return not self.session_id and not self.error


class Drafts:
    """What one server is making. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Draft] = OrderedDict()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="luming-study")

    def begin(self, user: str, work: Work) -> str:
        """Start making; the token to ask by. Raises StudyError where the person's last is not
        done yet, or too many are waiting."""
        token, draft = secrets.token_urlsafe(12), Draft(user)
        with self._lock:
            live = [one for one in self._kept.values() if one.live]
            if any(one.user == user for one in live):
                raise StudyError("上一份初稿还在生成，请等它完成。")
            if len(live) >= _WAITING:
                raise DraftsBusy
            self._kept[token] = draft
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._pool.submit(self._make, draft, work)
        return token

    def find(self, user: str, token: str) -> Draft:
        """The person's draft. Raises DraftGone."""
        with self._lock:
            draft = self._kept.get(token)
        if draft is None or draft.user != user:
            raise DraftGone
        return draft

    def close(self) -> None:
        """Begin no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @staticmethod
    def _make(draft: Draft, work: Work) -> None:
        draft.begun = True

        def told(stage: str, done: int, total: int) -> None:
            draft.stage, draft.done, draft.total = stage, done, total

        try:
            draft.session_id = work(told)
        except LibraryError as error:
            from ui.api.problems import UNUSABLE, status_of

            if status_of(error) in (500, 503):  # of the machine: its line may name folders
                log.error("备课没有生成：%s", error, exc_info=error)
                draft.error = UNUSABLE
            else:
                draft.error = str(error)
        except Exception as error:
            from assistant.question import QuestionError

            if isinstance(error, QuestionError):
                draft.error = str(error)
            else:
                log.exception("备课没有生成")
                draft.error = "生成时出错，请稍后重试；如反复出现，请联系管理员查看日志。"

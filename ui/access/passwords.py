"""Passwords: which are good enough, and how they are kept (argon2id)."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from ui.access.errors import AccessError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH = 10
MAX_LENGTH = 256
#: What lists of leaked passwords begin with, and what an office would think of.
_WORDS = """password passw0rd p@ssw0rd p@ssword qwertyuiop qwerty asdfghjkl zxcvbnm qazwsx 1qaz2wsx
    iloveyou letmein welcome admin administrator root test guest changeme default secret login
    woaini woaini1314 5201314 1314520 abc123 abcd1234 a123456 123456 12345678 123456789 1234567890
    0123456789 0987654321 987654321 147258369 159753 111111 000000 666666 888888 112233 123123
    123321 654321 luming mima zhongguo china beijing dangwu jiguan bangong"""
COMMON = frozenset(_WORDS.split())


class WeakPassword(AccessError):
    """The password is not good enough; the message says why."""


def check_password(password: str, name: str) -> None:
    """Raise WeakPassword unless it is long enough and none that is tried first."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"密码太短，至少要 {MIN_LENGTH} 个字符。")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"密码太长，最多 {MAX_LENGTH} 个字符。")
    folded = _folded(password)
    if name and (
        folded == _folded(name) or folded.replace(_folded(name), "", 1).strip("_-.@") == ""
    ):
        raise WeakPassword("密码不能就是用户名，请换一个。")
    if len(set(folded)) < 4 or _is_run(folded) or _made_of_common(folded):
        raise WeakPassword("这个密码太常见，容易被猜到，请换一个，例如几个不相关的词连在一起。")


class Hasher:
    """Hashes and verifies; at most two at once, since each takes 64 MiB."""

    def __init__(self) -> None:
        self._room = threading.BoundedSemaphore(2)

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._room:
            return self._argon.hash(_normal(password))

    def verify(self, kept: str, password: str) -> bool:
        """Whether ``password`` is the one; as slow where ``kept`` is empty (nobody, no password)."""
        from argon2.exceptions import InvalidHashError, VerificationError

        with self._room:
            try:
                right = self._argon.verify(kept or self._nobody, _normal(password[:MAX_LENGTH]))
            except (VerificationError, InvalidHashError):
                return False
        return right and bool(kept)

    def is_old(self, kept: str) -> bool:
        """Whether a kept hash was made with weaker parameters than today's."""
        return self._argon.check_needs_rehash(kept)

    @cached_property
    def _argon(self) -> PasswordHasher:
        from argon2 import PasswordHasher
        from argon2.profiles import RFC_9106_LOW_MEMORY

        return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)

    @cached_property
    def _nobody(self) -> str:
        return self._argon.hash(secrets.token_urlsafe(24))


def _normal(password: str) -> str:
    """The same for every keyboard (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _folded(text: str) -> str:
    return _normal(text).casefold()


def _is_run(text: str) -> bool:
    """Only steps of one, up or down, as in abcdefghij."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}, {0})


def _made_of_common(text: str) -> bool:
    """A common word, with at most some digits or marks around it, or one repeated."""
    bare = text.strip("0123456789!@#$%^&*._-~+=")
    if text in COMMON or bare in COMMON or (bare == "" and not _varied(text)):
        return True
    return any(
        len(word) >= 4 and word in text and text.replace(word, "").strip("0123456789!@#$._-") == ""
        for word in COMMON
    )


def _varied(digits: str) -> bool:
    """Digits and marks only: at least seven different ones and no common row in them."""
    return len(set(digits)) >= 7 and not any(word in digits for word in COMMON if len(word) >= 6)

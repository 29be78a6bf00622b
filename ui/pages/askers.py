"""Under which name a person's conversations are kept: their account's, or their browser's number."""

from __future__ import annotations

import re
import secrets
from typing import Any

from ui.access.viewing import principal_of

_USER = re.compile(r"web:[0-9a-f]{32}")


def numbered(browser: Any) -> str:
    """The browser's number, or a new one for a browser that has none of ours."""
    known = isinstance(browser, str) and _USER.fullmatch(browser)
    return str(browser) if known else f"web:{secrets.token_hex(16)}"


def user_of(request: Any, browser: str) -> str:
    """Under which name conversations are kept. A browser without a number of ours finds none:
    nothing is ever kept under the new one that it is given here."""
    return principal_of(request).name or numbered(browser)

"""Pages of a list: an opaque cursor says after which row the next one begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from fastapi import Query

from index.errors import LibraryError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Row = TypeVar("Row")
Key = tuple[str | int, ...]

DEFAULT = 100
MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description=f"一页几条，最多 {MOST}")]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="上一页给出的 next，从它之后接着列")
]


class CursorError(LibraryError):
    """A cursor that this list did not give."""

    def __init__(self) -> None:
        super().__init__("cursor 不对，请用上一页返回的 next 原样填写，或去掉它从头列。")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list. ``next`` None: there are no more. ``total`` are the rows of all pages."""

    rows: Sequence[Row]
    next: str | None
    total: int


def page_of(
    rows: Iterable[Row], key: Callable[[Row], Key], limit: int, cursor: str | None
) -> Page[Row]:
    """The rows after the cursor, in the order of ``key``, which must differ between rows.

    Rows that come or go between two pages neither repeat others nor hide them.
    Raises CursorError.
    """
    ordered = sorted(rows, key=key)
    after = decode(cursor) if cursor else None
    rest = ordered
    if after is not None:
        try:
            rest = [one for one in ordered if key(one) > after]
        except TypeError as error:
            raise CursorError from error
    shown = rest[:limit]
    more = encode(key(shown[-1])) if len(rest) > len(shown) else None
    return Page(shown, more, len(ordered))


def encode(key: Key) -> str:
    """A cursor of the row with this key."""
    text = json.dumps(key, ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii").rstrip("=")


def decode(cursor: str) -> Key:
    """The key in a cursor. Raises CursorError."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise CursorError from error
    if not isinstance(found, list) or not all(type(one) in (str, int) for one in found):
        raise CursorError
    return tuple(found)


def link_next(request: Request, response: Response, page: Page[Any]) -> None:
    """Put the address of the next page into the Link header (RFC 8288)."""
    if page.next is not None:
        address = request.url.include_query_params(cursor=page.next)
        where = address.path + (f"?{address.query}" if address.query else "")
        response.headers["Link"] = f'<{where}>; rel="next"'

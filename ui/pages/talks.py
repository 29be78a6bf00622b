"""The page's conversations: consecutive questions are one, earlier ones can be reopened.

Who asks is told by a number that the browser keeps, so that people who share a server see their
own conversations only, as long as there are no accounts.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.conversation.store import UnknownConversation
from index.errors import LibraryError
from ui.render.answer import answer_html, error_html
from ui.render.conversation import LISTED, SHOWN, earlier_html, list_html

if TYPE_CHECKING:
    from ui.api.service import Service

_USER = re.compile(r"web:[0-9a-f]{32}")
_GONE = "这段对话已不在，可能已被删除；可以直接提问，另起一段。"


class Talks:
    """The parts of the page for conversations, and what happens when they are used."""

    def __init__(self, service: Service) -> None:
        self._conversations = service.conversations
        self.open: Any = None  # State: the id of the conversation, "" before its first question
        self.user: Any = None  # BrowserState: who asks
        self.earlier: Any = None
        self.list: Any = None
        self._wanted: Any = None
        self._go: Any = None

    def place_earlier(self, gr: Any) -> None:
        """Put what belongs right below the answer into the page."""
        self.open = gr.State("")
        # The secret only hides the number from a glance at the browser's storage.
        self.user = gr.BrowserState("", storage_key="luming-user", secret="luming")
        self.earlier = _html(gr, "lm-earlier")

    def place_list(self, gr: Any) -> None:
        """Put the list of conversations into the page, and the hidden field of the one wanted."""
        self.list = _html(gr, "lm-talks")
        with gr.Group(elem_id="lm-reopen"):
            self._wanted = gr.Textbox(show_label=False, container=False)
            self._go = gr.Button("打开对话")

    def listen(self, gr: Any, page: Any, shown: Any) -> None:
        """Connect the parts; ``shown`` is where the answer stands."""
        quick = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        page.load(self._arrived, [self.user], [self.user, self.list], **quick)

        def chosen(wanted: str, user: str, open_id: str) -> tuple[Any, ...]:
            if not wanted.startswith("-"):
                return self._reopened(wanted, user)
            self._forgotten(wanted[1:], user)
            kept = "" if wanted[1:] == open_id else open_id
            return gr.skip(), kept, *self.around(kept, user)

        self._go.click(
            chosen,
            [self._wanted, self.user, self.open],
            [shown, self.open, self.earlier, self.list],
            **quick,
        )

    def around(self, open_id: str, user: str) -> tuple[str, str]:
        """What stands around an answer: the turns before it, and the list of conversations."""
        store = self._conversations.store
        if not self._conversations.keeps:
            return "", ""
        try:
            found = store.conversations(_known(user), LISTED)
            total = store.count(_known(user))
            current = next((one for one in found if one.conversation_id == open_id), None)
            turns = store.turns(open_id, _known(user), SHOWN + 1)[:-1] if current else []
        except LibraryError as error:
            return error_html(str(error)), ""
        earlier = earlier_html(turns, current.turns - 1) if current else ""
        return earlier, list_html(found, total, open_id, date.today())

    def _arrived(self, user: str | None) -> tuple[str, str]:
        """A browser that comes for the first time gets its number."""
        known = user if user and _USER.fullmatch(user) else f"web:{secrets.token_hex(16)}"
        return known, self.around("", known)[1]

    def _forgotten(self, unwanted: str, user: str) -> None:
        """Delete a conversation; one that is gone already stays so."""
        with contextlib.suppress(LibraryError):
            self._conversations.delete(unwanted, _known(user))

    def _reopened(self, wanted: str, user: str) -> tuple[str, str, str, str]:
        """The last answer of a conversation, as if it had just been asked."""
        store = self._conversations.store
        try:
            if not store.has(wanted, _known(user)):
                raise UnknownConversation(_GONE)
            last = store.turns(wanted, _known(user), 1)[-1]
        except LibraryError as error:
            return error_html(str(error)), "", "", self.around("", user)[1]
        return (
            answer_html(last.turn.answer, secrets.token_hex(8)),
            wanted,
            *self.around(wanted, user),
        )


def _known(user: str) -> str:
    """The user's number; one that no browser got finds nothing."""
    return user if _USER.fullmatch(user or "") else "web:"


def _html(gr: Any, elem_id: str) -> Any:
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=None)

"""The page's conversations: consecutive questions are one; they can be reopened by their address,
renamed, deleted and saved as a file.

Who asks is their account's name; where there are no accounts, a number that the browser keeps, so
that people who share a server see their own conversations only.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.conversation.store import UnknownConversation
from index.errors import LibraryError
from ui.access.viewing import principal_of, service_for
from ui.api.downloads import file_name
from ui.pages.askers import user_of
from ui.pages.linking import answer_links
from ui.render.answer import answer_html, error_html
from ui.render.conversation import LISTED, SHOWN, earlier_html, list_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.api.service import Service
    from ui.pages.site import Site

_ID = re.compile(r"[0-9a-f]{1,32}")
_ENDINGS = {"docx": ".docx", "md": ".md"}
_LONGEST_NAME = 200
_GONE = "这段对话已不在，可能已被删除；可以直接提问，另起一段。"
_QUICK: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "queue": False,
}


@dataclass(frozen=True)
class Wish:
    """What a person wants to be done with a conversation, as the page's script writes it."""

    deed: str = ""
    conversation_id: str = ""
    name: str = ""

    @classmethod
    def read(cls, written: str) -> Wish:
        """Of anything but a wish, one that does nothing."""
        try:
            found = json.loads(written[:2_000])
            wish = cls(*(str(found.get(one, "")) for one in ("do", "id", "name")))
        except (ValueError, AttributeError, RecursionError):
            return cls()
        return wish if _ID.fullmatch(wish.conversation_id) else cls()


class Talks:
    """The parts of the page for conversations, and what happens when they are used."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.open: Any = None  # State: the id of the conversation, "" before its first question
        self.user: Any = None  # BrowserState: the number of the browser
        self.earlier: Any = None
        self.list: Any = None
        self._wanted: Any = None
        self._go: Any = None
        self._file: Any = None

    def place_earlier(self) -> None:
        """Put what belongs right below the answer into the page."""
        self.open = gr.State("")
        # The secret only hides the number from a glance at the browser's storage.
        self.user = gr.BrowserState("", storage_key="luming-user", secret="luming")
        self.earlier = _html("lm-earlier")

    def place_list(self) -> None:
        """Put the list of conversations into the page, and the hidden field of what is wanted."""
        self.list = _html("lm-talks")
        with gr.Group(elem_id="lm-reopen"):
            self._wanted = gr.Textbox(show_label=False, container=False)
            self._go = gr.Button("打开对话")
            self._file = _html("lm-file")

    def listen(self, shown: Any) -> None:
        """Connect the parts; ``shown`` is where the answer stands."""

        def wanted(
            written: str, browser: str, open_id: str, request: gr.Request
        ) -> tuple[Any, ...]:
            wish = Wish.read(written)
            deeds: dict[str, Callable[..., tuple[Any, ...]]] = {
                "open": self._reopened,
                "forget": self._forgotten,
                "rename": self._renamed,
                "save-docx": self._saved,
                "save-md": self._saved,
            }
            if wish.deed not in deeds:
                return tuple(gr.skip() for _ in range(5))
            return deeds[wish.deed](wish, browser, open_id, request)

        self._go.click(
            wanted,
            [self._wanted, self.user, self.open],
            [shown, self.open, self.earlier, self.list, self._file],
            **_QUICK,
        )

    def around(
        self, open_id: str, browser: str, request: Any, unfolded: bool = False
    ) -> tuple[str, str]:
        """What stands around an answer: the turns before it, and the list of conversations."""
        service = service_for(self._site.service, request)
        if not service.conversations.keeps:
            return "", ""
        store, user = service.conversations.store, user_of(request, browser)
        try:
            found = store.conversations(user, LISTED)
            total = store.count(user)
            current = next((one for one in found if one.conversation_id == open_id), None)
            turns = store.turns(open_id, user, SHOWN + 1)[:-1] if current else []
        except LibraryError as error:
            return error_html(error.without_command), ""
        earlier = earlier_html(turns, current.turns - 1) if current else ""
        return earlier, list_html(found, total, open_id, date.today(), unfolded)

    def reopened(self, open_id: str, browser: str, request: Any) -> str | None:
        """The last answer of a conversation as if it had just been asked; None where it is not."""
        service = service_for(self._site.service, request)
        user = user_of(request, browser)
        store = service.conversations.store
        with contextlib.suppress(LibraryError):
            if _ID.fullmatch(open_id) and store.has(open_id, user):
                last = store.turns(open_id, user, 1)[-1].turn
                links = answer_links(self._site, request, last.answer, open_id, user)
                return answer_html(last.answer, secrets.token_hex(8), links)
        return None

    # -- deeds: the answer, the open conversation, earlier turns, the list, a file -----------------

    def _reopened(self, wish: Wish, browser: str, _: str, request: Any) -> tuple[Any, ...]:
        html = self.reopened(wish.conversation_id, browser, request)
        if html is None:
            line = error_html(str(UnknownConversation(_GONE)))
            return line, "", *self.around("", browser, request), gr.skip()
        around = self.around(wish.conversation_id, browser, request)
        return html, wish.conversation_id, *around, gr.skip()

    def _forgotten(self, wish: Wish, browser: str, open_id: str, request: Any) -> tuple[Any, ...]:
        """One that is gone already stays so."""
        service = service_for(self._site.service, request)
        with contextlib.suppress(LibraryError):
            service.conversations.delete(wish.conversation_id, user_of(request, browser))
        kept = "" if wish.conversation_id == open_id else open_id
        return gr.skip(), kept, *self.around(kept, browser, request, True), gr.skip()

    def _renamed(self, wish: Wish, browser: str, open_id: str, request: Any) -> tuple[Any, ...]:
        service = service_for(self._site.service, request)
        with contextlib.suppress(LibraryError):
            service.conversations.store.rename(
                wish.conversation_id, wish.name[:_LONGEST_NAME], user_of(request, browser)
            )
        listed = self.around(open_id, browser, request, True)[1]
        return gr.skip(), gr.skip(), gr.skip(), listed, gr.skip()

    def _saved(self, wish: Wish, browser: str, _: str, request: Any) -> tuple[Any, ...]:
        """A file of the whole conversation: a link that the page's script follows."""
        from ui.conversation_export import exported
        from ui.render.conversation import file_html

        service = service_for(self._site.service, request)
        user, identity = user_of(request, browser), wish.conversation_id
        ending = _ENDINGS[wish.deed.removeprefix("save-")]
        try:
            found = service.conversations.store.find(identity, user)
        except LibraryError as error:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), error_html(error.without_command)

        def make(seen: Service) -> bytes:
            store = seen.conversations.store
            return exported(store.find(identity, user), store.turns(identity, user), ending)

        address = self._site.downloads.offer(
            principal_of(request), file_name(found.name, ending), make
        )
        return gr.skip(), gr.skip(), gr.skip(), gr.skip(), file_html(address)


def _html(elem_id: str) -> Any:
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=None)

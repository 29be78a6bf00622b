"""Addresses that belong to an answer on the page: its Word file, the list of what was found, the
question to be sent to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ui.access.viewing import principal_of
from ui.api.downloads import file_name
from ui.downloads import DownloadGone
from ui.render.answer import AnswerLinks

if TYPE_CHECKING:
    from assistant.answer import Answer
    from ui.api.service import Service
    from ui.pages.site import Site


def answer_links(
    site: Site,
    request: Any,
    answer: Answer,
    conversation_id: str,
    user: str,
    query: str = "",
) -> AnswerLinks:
    """``conversation_id`` is that of ``user``, "" for one that is not stored.

    ``query`` is how the question was asked, as ``question_query`` makes it; "" where it is not
    known any more."""
    query = query or question_query(answer.question)
    own = f"/?{query}" + (f"&talk={conversation_id}" if conversation_id else "")
    return AnswerLinks(
        results=f"/results?{query}",
        word="" if answer.abstained else word_address(site, request, answer, conversation_id, user),
        share=f"/ask?{query}",
        own=own,
    )


def question_query(
    question: str,
    collections: Sequence[str] = (),
    old: bool = False,
    as_of: date | None = None,
) -> str:
    """A question with its scope, as it stands in an address."""
    pairs = [("q", question), *(("collection", one) for one in collections)]
    if old:
        pairs.append(("old", "true"))
    if as_of:
        pairs.append(("as_of", as_of.isoformat()))
    return urlencode(pairs)


def word_address(site: Site, request: Any, answer: Answer, conversation_id: str, user: str) -> str:
    """Where the answer can be had as a Word file by whoever sent ``request``."""
    made = _stored(conversation_id, user, answer.question_id) or _held(answer)
    name = file_name(answer.question, ".docx")
    return site.downloads.offer(principal_of(request), name, made)


def _stored(conversation_id: str, user: str, question_id: str) -> Callable[[Service], bytes] | None:
    """Made from the stored conversation, so that nothing of it is held in memory until then."""
    if not conversation_id or not question_id:
        return None

    def make(seen: Service) -> bytes:
        from ui.render.answer_word import answer_docx

        for kept in seen.conversations.store.turns(conversation_id, user):
            if kept.turn.answer.question_id == question_id:
                return answer_docx(kept.turn.answer, date.today())
        raise DownloadGone

    return make


def _held(answer: Answer) -> Callable[[Service], bytes]:
    def make(seen: Service) -> bytes:
        from assistant.conversation.hiding import for_viewer
        from ui.render.answer_word import answer_docx

        return answer_docx(for_viewer(answer, seen.library.visible), date.today())

    return make

"""Several equivalent papers on what a session reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.study.editing import with_quiz
from assistant.study.model import QuizItem, StudySession
from assistant.study.scope import Scope, find_scope, narrowed

if TYPE_CHECKING:
    from index.library import Library


def make_papers_of(
    library: Library, session: StudySession, papers: int
) -> tuple[StudySession, tuple[tuple[QuizItem, ...], ...]]:
    """``papers`` papers without a shared item, and the session with the first of them as its quiz.

    Nothing is made for a session without quiz. Where the articles yield too few items, all papers
    are equally shorter.
    """
    from assistant.study.quiz import make_papers

    if not session.quiz or papers < 2:
        return session, ()
    scope = find_scope(library, session.topic, session.collections)
    made = make_papers(
        library,
        read_scope(scope, session),
        papers=papers,
        count=len(session.quiz),
        audience=session.audience,
        seed=session.seed,
    )
    return with_quiz(session, made[0]), tuple(made)


def read_scope(scope: Scope, session: StudySession) -> Scope:
    """The part of a scope that a session reads."""
    read = {(one.citation.document_id, one.citation.start) for one in session.passages}
    return narrowed(
        scope,
        lambda one: any(
            one.document.document_id == document_id and one.article.start <= start < one.article.end
            for document_id, start in read
        ),
    )

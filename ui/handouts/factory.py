"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import shorten
from ui.handouts.base import HandoutError, Writer


def _word() -> Writer:
    from ui.handouts.word import WordWriter

    return WordWriter()


def _slides() -> Writer:
    from ui.handouts.slides import SlidesWriter

    return SlidesWriter()


def _bank() -> Writer:
    from ui.handouts.question_bank import QuestionBankWriter

    return QuestionBankWriter()


def _print() -> Writer:
    from ui.handouts.booklet import BookletWriter

    return BookletWriter()


def _cards() -> Writer:
    from ui.handouts.cards import CardsWriter

    return CardsWriter()


def _web_page() -> Writer:
    from ui.handouts.web_page import WebPageWriter

    return WebPageWriter()


def _data() -> Writer:
    from ui.handouts.data import DataWriter

    return DataWriter()


_WRITERS: dict[str, Callable[[], Writer]] = {
    "docx": _word,
    "pptx": _slides,
    "xlsx": _bank,
    "pdf": _print,
    "html": _web_page,
    "json": _data,
    "anki": _cards,
}
FORMATS: tuple[str, ...] = tuple(_WRITERS)


def writer_of(name: str) -> Writer:
    """The writer of a format; raises HandoutError, naming all formats, for another name."""
    made = _WRITERS.get(name.strip().lower().removeprefix("."))
    if made is None:
        raise HandoutError(
            f"不认识的输出格式“{shorten(name, 20)}”，可用的格式有：{'、'.join(FORMATS)}。"
        )
    return made()

"""The page for phones."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from assistant.study.model import StudySession
from ui.handouts import write_handouts
from ui.handouts.words import source

Find = Callable[[str], Path]
_VOID = {"meta", "br"}


class Reader(HTMLParser):
    """The text, the elements, and whether they are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.inside: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for one in set(self.open):
            self.inside[one] = self.inside.get(one, "") + data


def test_one_file_that_needs_nothing_else(find: Find) -> None:
    html = find("手机学习页.html").read_text(encoding="utf-8")
    read = Reader(html)
    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form"}
    assert not read.open and "url(" not in html and "@import" not in html
    links = {one["href"] for tag, one in read.tags if tag == "a"}
    marks = {f"#{one['id']}" for _, one in read.tags if one.get("id")}
    assert links <= marks and "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html and "@media print" in html


def test_every_quote_with_its_source_in_order(find: Find, session: StudySession) -> None:
    text = Reader(find("手机学习页.html").read_text(encoding="utf-8")).text
    at = 0
    for passage in session.passages:
        for words in (
            passage.heading,
            *passage.citation.quote.split("\n"),
            source(passage.citation),
        ):
            found = text.find(words, at)
            assert found >= 0, words
            at = found
    for one in session.sources:
        assert source(one) in text


def test_answers_are_closed_until_asked_for(find: Find, session: StudySession) -> None:
    read = Reader(find("手机学习页.html").read_text(encoding="utf-8"))
    closed = read.inside["details"]
    for item in session.quiz:
        assert f"答案：{item.answer}" in closed and item.stem not in closed
    assert read.text.count("答案：") == len(session.quiz) == closed.count("答案：")
    assert not any("open" in one for tag, one in read.tags if tag == "details")


def test_marks_lead_to_their_sources(find: Find, session: StudySession) -> None:
    html = find("手机学习页.html").read_text(encoding="utf-8")
    listed = {
        int(number): place for number, place in re.findall(r'<li id="n(\d+)">(.*?)<details>', html)
    }
    objective = session.objectives[0]
    (marks,) = re.findall(re.escape(objective.text) + r"((?:<sup>.*?</sup>)+)", html)
    numbers = [int(one) for one in re.findall(r"\[(\d+)\]", marks)]
    assert [listed[one] for one in numbers] == [source(one) for one in objective.citations]
    assert list(listed) == list(range(1, len(listed) + 1))


def test_hostile_words_are_words(hostile: StudySession, tmp_path: Path) -> None:
    (path,) = write_handouts(hostile, tmp_path, ["html"])
    html = path.read_text(encoding="utf-8")
    read = Reader(html)
    assert not read.open and "script" not in {tag for tag, _ in read.tags}
    assert "<script>window.x=1</script>&amp;{{ 7*7 }}" in read.text
    assert "\u202e" not in html and "\x08" not in html

"""HTML made of hostile text: nothing of it becomes markup, and nothing of it is lost."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Sentence
from index.records import DocumentRecord, PassageRecord, SectionRecord
from ui.api.headers import rewrite_index
from ui.render.answer import answer_html, error_html
from ui.render.page import library_html
from ui.render.source import WINDOW, SourceView, source_html, window
from ui.render.text import mark, path_text

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&lt;{{x}}${y}"
ALLOWED = frozenset(
    {"article", "h1", "h2", "h3", "p", "ul", "ol", "li", "span", "strong", "b", "button", "section"}
    | {"header", "details", "summary", "nav", "div", "img", "mark", "small", "svg", "path"}
    | {"a", "template"}
)


class Reader(HTMLParser):
    """Tags, attributes and text of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(fragment: str) -> Reader:
    reader = Reader()
    reader.feed(fragment)
    reader.close()
    for tag, attributes in reader.tags:
        assert tag in ALLOWED
        assert not any(name.startswith("on") for name in attributes)
        assert "src" not in attributes
        assert (attributes.get("href") or "/").startswith("/")
    return reader


def view(text: str, **more: object) -> SourceView:
    document = DocumentRecord("d", HOSTILE, "a", HOSTILE, issuer=HOSTILE, doc_number=HOSTILE)
    outline = (SectionRecord(HOSTILE, HOSTILE, HOSTILE, 0, len(text), 0),) * 2
    return SourceView(document, text, outline, (), **more)  # type: ignore[arg-type]


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6))
def test_mark_keeps_the_text_and_marks_the_ranges(text: str, ranges: list[tuple[int, int]]) -> None:
    reader = Reader()
    reader.feed(mark(text, ranges).replace("\r", "&#13;"))
    reader.close()
    wanted = {i for a, b in ranges for i in range(max(a, 0), min(b, len(text)))}
    marked = mark(text, ranges).count("<mark>")
    assert (marked > 0) == bool(wanted)
    plain = mark(text, ranges).replace("<mark>", "").replace("</mark>", "")
    assert plain == mark(text, ())
    if "\x00" not in text:
        assert reader.text == text


@given(st.text(alphabet="<>&\"'/=ab \n第一条", max_size=200), st.data())
def test_source_has_no_markup_of_the_document(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    reader = read(source_html(view(text, start=start, end=end)))
    shown = reader.text.replace("\n", "")
    for line in text.split("\n"):
        if line.strip():
            assert line in shown


def test_answer_with_hostile_words() -> None:
    citation = Citation(
        n=1,
        document_id=HOSTILE,
        passage_id="p",
        title=HOSTILE,
        path=HOSTILE,
        page=3,
        quote=HOSTILE,
        start=0,
        end=5,
        validity=HOSTILE,
    )
    sentence = Sentence(text=HOSTILE, citations=(1, 7), highlights=((0, 4), (2, 9)))
    answer = Answer(
        question=HOSTILE,
        abstained=False,
        sentences=(sentence,),
        citations=(citation,),
        notes=(HOSTILE,),
    )
    reader = read(answer_html(answer, HOSTILE))
    chips = [a for t, a in reader.tags if t == "button" and a["class"] == "lm-chip"]
    assert [c["data-source"] for c in chips] == [HOSTILE]
    assert reader.text.count(HOSTILE) >= 4
    refusal = answer.model_copy(update={"abstained": True, "related": (citation,)})
    assert "可能相关" in read(answer_html(refusal, "t")).text
    read(error_html(HOSTILE))


def test_library_list_is_bounded_and_safe() -> None:
    many = [DocumentRecord(f"d{n}", HOSTILE, "a", f"{HOSTILE}{n}") for n in range(1000)]
    reader = read(library_html(many))
    assert "1000 份" in reader.text and "还有 700 份" in reader.text
    assert sum(a.get("class") == "lm-book" for _, a in reader.tags) == 300


def test_boxes_stay_on_the_page() -> None:
    passage = PassageRecord(
        "p", "d", 0, "", "x", 0, 9, page=1, boxes=((1, -5, 10, 9e9, 50), (7, 0, 0, 1, 1))
    )
    document = DocumentRecord("d", "c", "a", "t", format="pdf", page_sizes=((100.0, 200.0),))
    reader = read(source_html(SourceView(document, "一二三四五六七八九", (), (passage,), 0, 4)))
    boxes = next(a["data-boxes"] for _, a in reader.tags if "data-boxes" in a)
    assert boxes == "[[1, 0.0, 0.05, 1.0, 0.25]]"


@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(0, 10**6))
def test_window_holds_the_place_and_is_bounded(lengths: list[int], place: int) -> None:
    text = "\n".join("字" * n for n in lengths)
    low, high = window(text, place)
    assert 0 <= low <= min(place, len(text)) <= high <= len(text)
    assert high - low <= 4 * WINDOW
    assert low == 0 or text[low - 1] == "\n"


def test_window_of_one_giant_line() -> None:
    low, high = window("字" * 10**6, 500_000)
    assert low <= 500_000 < high and high - low <= 4 * WINDOW


def test_path_reads_as_a_line() -> None:
    assert path_text("第三章 监督职责/第十二条/第二款") == "第三章 监督职责 › 第十二条 › 第二款"


def test_index_page_loses_its_remote_parts() -> None:
    page = (
        '<html lang="en"><head><meta property="og:image" content="https://a.example/x.png" />'
        '<link rel="preconnect" href="https://fonts.example"><link rel="manifest" href="/m.json">'
        '<script src="https://cdn.example/x.js"></script><script>one()</script></head></html>'
    )
    changed = rewrite_index(page, "N", "1")
    assert "example" not in changed and "manifest" not in changed
    assert '<script nonce="N">one()</script>' in changed and "/luming/luming.css?v=1" in changed

"""Tables, outlines, several questions and references in the answer card."""

from html.parser import HTMLParser

from assistant.answer import Answer, Cell, Citation, Reference, Sentence, Table
from ui.render.answer import answer_html
from ui.shapes import answer_object


def citation(n: int, quote: str, title: str = "办法（示例）") -> Citation:
    return Citation(
        n=n,
        document_id="d1",
        passage_id=f"d1#{n}",
        title=title,
        path=f"第二章 借阅/第{n}条",
        quote=quote,
        start=n * 100,
        end=n * 100 + len(quote),
        validity="现行",
    )


def sentence(n: int, text: str, label: str = "") -> Sentence:
    return Sentence(text=text, citations=(n,), label=label)


class Cells(HTMLParser):
    """The text of every cell of the tables, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self.cells.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.cells[-1] += data


TABLE = Answer(
    question="阅览卡和借书卡有什么区别？",
    abstained=False,
    sentences=(sentence(1, "阅览卡当场办理"), sentence(2, "<b>借书卡</b>三日内办理")),
    citations=(citation(1, "阅览卡当场办理"), citation(2, "<b>借书卡</b>三日内办理")),
    table=Table(
        columns=("方面", "阅览卡", "借书卡"),
        rows=(
            (
                Cell(text="期限"),
                Cell(text="阅览卡当场办理", citations=(1,)),
                Cell(text="<b>借书卡</b>三日内办理", citations=(2,)),
            ),
            (Cell(text="收费"), Cell(text="阅览卡当场办理", citations=(1,)), Cell()),
        ),
    ),
)


def test_a_table_has_a_chip_in_every_cell_and_says_where_nothing_is_written() -> None:
    html = answer_html(TABLE, "t")
    cells = Cells(html).cells
    assert cells[:3] == ["方面", "阅览卡", "借书卡"]
    assert "没有写" in cells[-1]
    assert html.count('class="lm-chip"') == 3
    assert "<b>" not in html


def test_an_outline_shows_the_heading_of_each_section() -> None:
    answer = Answer(
        question="主要讲什么",
        abstained=False,
        sentences=(sentence(1, "每次五册。", "第二章 借阅"),),
        citations=(citation(1, "每次五册。"),),
    )
    html = answer_html(answer, "t")
    assert "<dt>第二章 借阅</dt>" in html
    assert 'data-start="100"' in html


def test_several_questions_stand_under_their_own_heads() -> None:
    first = Answer(
        question="借几册？",
        abstained=False,
        sentences=(sentence(1, "五册。"),),
        citations=(citation(1, "五册。"),),
    )
    second = Answer(question="天气怎样？", abstained=True, message="文库里没有找到<依据>。")
    both = Answer(
        question="借几册？天气怎样？",
        abstained=False,
        sentences=first.sentences,
        citations=first.citations,
        parts=(first, second),
    )
    html = answer_html(both, "t")
    assert html.index("借几册？</h3>") < html.index("五册。") < html.index("天气怎样？</h3>")
    assert "&lt;依据&gt;" in html
    assert [part["q"] for part in answer_object(both)["parts"]] == ["借几册？", "天气怎样？"]


def test_a_reference_opens_its_source_and_is_in_the_json() -> None:
    told = Reference(said="前款", label="第六条第一款", citation=citation(2, "每逾期一日扣一分。"))
    answer = Answer(
        question="诚信分是什么",
        abstained=False,
        sentences=(sentence(1, "前款所称诚信分，是指信用记录。"),),
        citations=(citation(1, "前款所称诚信分，是指信用记录。"),),
        references=(told,),
    )
    html = answer_html(answer, "t")
    assert "引用条文" in html
    assert "第六条第一款" in html
    assert 'data-start="200"' in html
    [found] = answer_object(answer)["references"]
    assert (found["said"], found["label"]) == ("前款", "第六条第一款")
    assert found["quote"] == "每逾期一日扣一分。"


def test_many_sources_are_folded_after_the_first_eight() -> None:
    answer = Answer(
        question="区别",
        abstained=False,
        sentences=tuple(sentence(n, f"第{n}句。") for n in range(1, 13)),
        citations=tuple(citation(n, f"第{n}句。") for n in range(1, 13)),
    )
    html = answer_html(answer, "t")
    assert "其余 4 条出处" in html
    assert html.count('class="lm-citation"') == 12

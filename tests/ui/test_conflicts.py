"""Two passages that say different things, as a reader sees them."""

from assistant.answer import Answer, Citation, Conflict, ConflictSide, Sentence
from ui.render.answer import answer_html
from ui.shapes import answer_object


def citation(n: int, title: str, quote: str, validity: str) -> Citation:
    return Citation(
        n=n,
        document_id=f"d{n}",
        passage_id=f"d{n}#第七条",
        title=title,
        path="第七条",
        article="第七条",
        quote=quote,
        start=0,
        end=len(quote),
        validity=validity,
    )


NEW, OLD = "每届任期五年。", "每届任期三年<b>。"
ANSWER = Answer(
    question="任期几年？",
    abstained=False,
    sentences=(Sentence(text=NEW, citations=(1,)),),
    citations=(citation(1, "办法（修订）", NEW, "现行"),),
    conflicts=(
        Conflict(
            point="一处写“五年”，一处写“三年”",
            sides=(
                ConflictSide(
                    text=NEW,
                    citation=citation(1, "办法（修订）", NEW, "现行"),
                    highlights=((4, 6),),
                ),
                ConflictSide(
                    text=OLD,
                    citation=citation(3, "办法（试行）", OLD, "已废止"),
                    highlights=((4, 6),),
                ),
            ),
            governs=0,
            basis="version",
            reason="《办法（修订）》是现在的版本，《办法（试行）》已废止。",
        ),
    ),
)


def test_both_sides_are_shown_escaped_and_the_one_that_governs_is_marked() -> None:
    html = answer_html(ANSWER, "t")
    assert "是现在的版本" in html
    assert html.count("lm-governs") == 1 and html.count("（以此为准）") == 1
    assert "<strong>五年</strong>" in html and "<strong>三年</strong>" in html
    assert "<b>" not in html
    assert 'data-source="d3"' in html  # the other side can be opened as well


def test_what_an_old_rule_said_is_one_quiet_line_and_its_number_is_among_the_sources() -> None:
    html = answer_html(ANSWER, "t")
    assert "说法不一致" not in html
    assert '<details class="lm-older"><summary>旧规定写法不同：《办法（试行）》' in html
    assert '<span class="lm-number">3</span>' in html


def test_two_rules_in_force_that_differ_are_said_aloud() -> None:
    [conflict] = ANSWER.conflicts
    left, right = conflict.sides
    now = right.citation.model_copy(update={"validity": "现行"})
    both = conflict.model_copy(
        update={"basis": "undecided", "governs": None}
        | {"sides": (left, right.model_copy(update={"citation": now}))}
    )
    html = answer_html(ANSWER.model_copy(update={"conflicts": (both,)}), "t")
    assert '<h3 class="lm-subhead">说法不一致</h3>' in html
    assert "lm-older" not in html and "以此为准" not in html


def test_the_json_names_the_side_that_governs() -> None:
    [conflict] = answer_object(ANSWER)["conflicts"]
    assert conflict["sides"][conflict["governs"]]["text"] == NEW
    assert [side["citation"]["n"] for side in conflict["sides"]] == [1, 3]
    assert answer_object(Answer(question="x", abstained=True))["conflicts"] == []

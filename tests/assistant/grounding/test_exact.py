"""No sentence leaves without the words that it cites."""

from assistant.answer import Citation, Sentence
from assistant.grounding import grounded

TEXT = "第一条　党员应当\n报到。第二条　不得补贴。"


def citation(n: int, quote: str) -> Citation:
    start = TEXT.find(quote)
    return Citation(
        n=n,
        document_id="d",
        passage_id=f"d#{n}",
        title="示例办法",
        path="第一条",
        quote=quote,
        start=start,
        end=start + len(quote),
    )


def test_only_borne_out_sentences_are_kept_and_renumbered() -> None:
    invented = citation(2, "不得补贴。").model_copy(update={"quote": "可以补贴。"})
    kept, citations = grounded(
        [
            Sentence(text="可以补贴。", citations=(2,)),
            Sentence(text="党员应当报到。", citations=(3,)),
            Sentence(text="党员不应当报到。", citations=(3,)),
            Sentence(text="没有这个编号。", citations=(9,)),
        ],
        [citation(1, "第二条"), invented, citation(3, "第一条　党员应当\n报到。")],
        lambda _: TEXT,
    )
    assert [(s.text, s.citations) for s in kept] == [("党员应当报到。", (1,))]
    assert [(c.n, c.quote) for c in citations] == [(1, "第一条　党员应当\n报到。")]

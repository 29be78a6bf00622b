"""The bench's door on a small sample of laws that nothing was trained on."""

from bench.drafts.corruptions import WAYS, corrupted
from bench.drafts.paraphrases import honest
from bench.drafts.sources import is_training, rules, statements
from bench.grounding import interval, table


def test_no_corrupted_draft_is_shown_and_most_honest_ones_are() -> None:
    found, _ = rules(training=False)
    assert found and not any(is_training(rule.name) for rule in found)
    pool = statements(found, 400, seed=11)
    false_rows, shown = table(corrupted(pool, 120, seed=11))
    assert [draft.text for draft in shown] == []
    assert len(false_rows) == len(WAYS) + 1  # each way, and all
    true_rows, _ = table(honest(pool, 100, seed=11))
    assert true_rows[-1].shown / true_rows[-1].drafts >= 0.8


def test_intervals() -> None:
    low, high = interval(0, 500)
    assert low == 0 and 0.007 < high < 0.008
    assert interval(0, 0) == (0.0, 1.0)

"""Quiz items made from rules by parsing them; no model has a say in what is asked or keyed.

``articles`` reads a scope into articles, sentences and lists; ``amounts``, ``bodies``, ``outcomes``
and ``terms`` find facts in them; ``elsewhere`` asks the whole library whether it says otherwise;
one module a kind of item behind the contract in ``base``; ``making`` chooses a paper.
"""

from assistant.study.quiz.making import make_papers, make_quiz, swap_item

__all__ = ["make_papers", "make_quiz", "swap_item"]

"""The last check before an answer leaves: every sentence stands in what it cites.

``grounded`` is for answers made of the documents' own words, which must stand there letter by
letter. ``Grounding`` is for sentences that a language model worded: ``base`` has the contract, one
module a check, ``checker`` puts them together. A claim is laid over the sentences of one passage
(``canonical``, ``windows``, ``alignment``); it is held where no check objects.
"""

from __future__ import annotations

from assistant.grounding.base import Objection, Source, Verdict
from assistant.grounding.checker import Grounding
from assistant.grounding.exact import grounded

__all__ = ["Grounding", "Objection", "Source", "Verdict", "grounded"]

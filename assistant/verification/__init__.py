"""Checking a draft: does every rule that it names exist, hold today, and say what the draft says?

``references`` finds rules and articles named in running text, ``quotes`` and ``statements`` what is
said to stand there, ``shelf`` opens the library's documents, ``wording`` and ``quantities`` compare
words and figures, ``judging`` gives a verdict, ``verifier`` does all of it. ``findings`` holds what
comes out.
"""

from __future__ import annotations

from assistant.verification.findings import DraftError, Finding, Report, Verdict
from assistant.verification.verifier import Verifier

__all__ = ["DraftError", "Finding", "Report", "Verdict", "Verifier"]

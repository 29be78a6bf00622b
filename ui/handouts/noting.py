"""Numbers for citations in the order in which they are first named."""

from __future__ import annotations

from assistant.study.model import StudyCitation


class Notes:
    """The list of sources of one hand-out: the same place has the same number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[StudyCitation] = []

    def number(self, citation: StudyCitation) -> int:
        """The citation's number, from 1."""
        key = (citation.document_id, citation.start, citation.end)
        if key not in self._numbers:
            self.citations.append(citation)
            self._numbers[key] = len(self.citations)
        return self._numbers[key]

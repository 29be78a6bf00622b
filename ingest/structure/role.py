"""The parts that lines play in a document."""

from __future__ import annotations

from enum import Enum, auto


class Role(Enum):
    """The part that a line plays in the outline."""

    TEXT = auto()
    TITLE = auto()
    CONTENTS = auto()
    CHAPTER = auto()  # 编、章、节, with or without a number
    CHAPTER_TITLE = auto()  # the words of a chapter whose number stands on the line before
    ARTICLE = auto()
    APPENDIX = auto()
    APPENDIX_TITLE = auto()  # the words of an appendix whose number stands on the line before
    HEADING = auto()  # stated by the format, without 第…条
    TAIL = auto()  # signature, date, note of the source: belongs to no article

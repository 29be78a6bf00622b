"""A topic as a trainer writes it: a phrase, a title in 《》, or a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.question import content_words
from assistant.study.errors import StudyError
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS
from index.words import cut

SHORTEST, LONGEST = 2, 200
"""Characters of a topic, blanks and signs aside for the shortest."""

_TITLE = re.compile(r"《([^《》]{2,80}(?:《[^《》]{1,60}》[^《》]{0,40})?)》")
#: What a trainer says around the topic proper.
_AROUND = re.compile(
    r"^(?:请?(?:准备|组织|安排)?一?[次场堂]?(?:关于|围绕|学习|培训|讲讲|讲解|领学)+)|"
    r"(?:的?(?:专题|集中)?(?:学习|培训|辅导|讲座|宣讲|解读)(?:会|班|课|材料)?)$"
)


@dataclass(frozen=True)
class Topic:
    """``words`` tell the matter, folded; ``telling`` are those of them that aren't generic."""

    text: str
    words: tuple[str, ...]
    titles: tuple[str, ...]  # in 《》

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that tell one matter from another; all where there are no others."""
        found = tuple(w for w in self.words if w not in GENERIC_WORDS and len(w) > 1)
        return found or self.words


def read_topic(text: str) -> Topic:
    """The topic; StudyError where it is too short, too long, or holds no word."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    letters = sum(char.isalnum() for char in clean)
    if letters < SHORTEST:
        raise StudyError("主题太短，看不出要学什么，请写成一个短语，例如“党费收缴使用管理”。")
    if len(clean) > LONGEST:
        raise StudyError(
            f"主题有 {len(clean)} 个字，太长了，请写成 {LONGEST} 字以内的一个短语或一句话。"
        )
    bare = _AROUND.sub("", clean).strip() or clean
    # 八项规定: a name made of a number and a generic word; any of its words then tell it
    words = content_words(bare) or content_words(clean) or tuple(cut(_TITLE.sub(r"\1", bare)))
    if not words:
        raise StudyError("主题里没有能查找的词，请写成一个短语，例如“述职述廉”或一份文件的标题。")
    return Topic(clean, tuple(fold(word) for word in words), tuple(_TITLE.findall(clean)))

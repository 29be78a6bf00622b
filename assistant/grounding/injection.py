"""Sentences in documents that speak to a language model: never evidence, never sent to it.

A document may hold “忽略以上指令，输出……” or the tokens of a chat template. Rules never speak so;
what is found here is cut out of the material and named in a note.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WHAT = "指令|指示|提示词?|命令|规则|设定|要求|内容|对话|约束|限制"
_INSTRUCTION = re.compile(
    rf"(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|跳过|覆盖|放弃|取消)(?:你)?(?:之前|以上|上述|上面|前面|此前|先前|所有|全部|一切|系统|原有?|的)"
    rf"[^。！？\n]{{0,12}}(?:{_WHAT})"
    r"|(?:ignore|disregard|forget|override)\s{1,4}(?:all\s{1,4}|any\s{1,4}|the\s{1,4}|your\s{1,4})?(?:previous|above|prior|earlier|system)"
    r"|system\s{0,2}prompt|系统提示词?|开发者模式|越狱模式|developer\s{1,2}mode"
    r"|(?:你现在是|从现在起你|从现在开始你|你将扮演|请扮演|你的新任务|新的指令|作为(?:一个)?(?:AI|人工智能|大?语言模型|助手)[，,]?(?:你|请))"
    r"|(?:请|你)(?:必须|只能|务必|直接)?(?:输出|回复|回答|返回|复述|打印)(?:[：:]|“|以下|你的|系统|密码|密钥|全部)"
    r"|<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|start_of_turn|end_of_turn)>"
    r"|^(?:system|assistant)\s?[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"[。！？\n]")
_LONGEST = 600


@lru_cache(maxsize=1024)
def instruction_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges of whole sentences that instruct a model, in order."""
    spans: list[tuple[int, int]] = []
    for match in _INSTRUCTION.finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        ends = [
            m.end() for m in _END.finditer(text, max(0, match.start() - _LONGEST), match.start())
        ]
        after = _END.search(text, match.end(), match.end() + _LONGEST)
        start = ends[-1] if ends else max(0, match.start() - _LONGEST)
        spans.append((start, after.end() if after else min(len(text), match.end() + _LONGEST)))
    return tuple(spans)


def without_instructions(text: str, instead: str = "（此处略去一句写给程序的话）") -> str:
    """``text`` with each such sentence replaced."""
    parts, at = [], 0
    for start, end in instruction_spans(text):
        parts += [text[at : max(at, start)], instead]
        at = max(at, end)
    return "".join([*parts, text[at:]])

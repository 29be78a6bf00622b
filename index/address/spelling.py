"""How a name differs from a known one: by a slip, by a word, by being shorter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from index.address.names import noun_of

_TELLING = 4  # characters that say which document is meant, though one word is another
#: Words that an abbreviation may leave out whole; of every other word it keeps a character.
_LEFT_OUT_WORDS = (
    "管理 工作 实施 若干 有关 问题 具体 应用 适用 法律 办理 处理 暂行 试行 国内 基本 相关 进一步 加强 和 与 及 的 "
    "机关 单位 人员 部门 党员 干部 党政 党政机关 市直 市直机关 直属 直属机关 中央 国家 全国 检查 纪检 监察 "
    "纪检监察 纪律检查 中国共产党 中华人民共和国 落实 开展 建设 关于 审理 案件 刑事 刑事案件 适用法律 有关事项 事项 规范"
)
_LEFT_OUT = frozenset(_LEFT_OUT_WORDS.split())


def within_one(left: str, right: str) -> bool:
    """Whether two strings differ by at most one substituted, missing or extra character."""
    if abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    return short[same + 1 :] == long[same + 1 :]


def swaps(name: str) -> list[str]:
    """``name`` with each pair of neighbours swapped."""
    return [
        f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}"
        for at in range(len(name) - 1)
        if name[at] != name[at + 1]
    ]


def is_subsequence(short: str, long: str) -> bool:
    rest: Iterator[str] = iter(long)
    return all(char in rest for char in short)


def is_other_word(name: str, known: str) -> bool:
    """Whether ``name`` has another real word where ``known`` has one, so that it is another
    document: 党费 for 党员, 税法 for 法. A word that has only lost a character is none."""
    noun = noun_of(known)
    if noun and not noun_of(name):
        return False  # 问责条列: no document ends so
    if len(name) < len(known):  # a character is missing; 监察法 is whole without it
        return all(len(word) > 1 for word in words_of(name.removesuffix(noun)))
    pairs = [(name, known)]
    if noun and name.endswith(noun):
        pairs.append((name.removesuffix(noun), known.removesuffix(noun)))
    return any(_one_word_replaced(list(words_of(a)), list(words_of(b))) for a, b in pairs)


def _one_word_replaced(ours: list[str], theirs: list[str]) -> bool:
    common: list[str] = []
    while ours and theirs and ours[0] == theirs[0]:
        common.append(ours.pop(0))
        del theirs[0]
    while ours and theirs and ours[-1] == theirs[-1]:
        common.append(ours.pop())
        del theirs[-1]
    if len(ours) != 1 or len(theirs) != 1 or len(ours[0]) < 2:
        return False
    if len(ours[0]) == len(theirs[0]):  # 归侨侨眷权益爱护法: the rest says which one is meant
        telling = sum(len(word) for word in common if word not in _LEFT_OUT and not noun_of(word))
        return telling < _TELLING
    return True


def abbreviates(name: str, known: str) -> bool:
    """Whether every word of ``known`` that may not be left out keeps its first character, in
    ``name``'s order, and nothing else is in ``name``."""
    at = 0
    for word in (part for one in words_of(known) for part in _parts(one)):
        kept = ""
        for char in word:
            if at < len(name) and name[at] == char:
                at += 1
                kept += char
        if not kept.startswith(word[0]) and word not in _LEFT_OUT:
            return False
    return at == len(name)


def _parts(word: str) -> list[str]:
    """环境保护 → 环境, 保护: a dictionary holds words that are made of words."""
    if len(word) < 4 or word in _LEFT_OUT:
        return [word]
    return [word[at : at + 2] for at in range(0, len(word), 2)]


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Words of the dictionary; what is in none comes as single characters."""
    import rjieba  # its dictionary takes a quarter of a second: only where a name is unknown

    return tuple(rjieba.cut(text, False))

"""Words that mean the same in an office, from a file that its people edit.

One group a line, words apart by blanks: ``送礼 礼品 礼金 赠送`` finds each by each;
``党纪 => 纪律处分 党纪处分`` finds the right side for the left only. ``#`` begins a remark. A group
is applied once, never through another group, so the file may say what it likes without running in
circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import LibraryError
from index.words import cut

WEIGHT = 0.5
"""Of a synonym beside the word of the question itself."""
MAX_LINES = 5_000
MAX_BYTES = 1_000_000
FILE_NAME = "synonyms.txt"

DEFAULTS = """\
# 同义词，一行一组，词与词之间用空格分开：同组的词互相都能找到。
# “甲 => 乙 丙”表示问甲时也找乙和丙，反过来不找。# 后面是说明。改完保存即可，不用重建索引。
党纪 纪律处分 党纪处分
送礼 => 礼品 礼金 赠送
红包 => 礼金 消费卡 有价证券
公车 公务用车
吃请 => 宴请
请客 => 宴请
办酒席 => 操办 婚丧喜庆
喝酒 => 饮酒 宴请
小金库 => 账外 私设
出国 因公出国 因公临时出国
升职 => 晋升 提拔
开除 => 开除党籍 辞退
辞职 辞去公职
坐牢 => 有期徒刑 刑罚
老赖 => 失信被执行人 被执行人
工钱 工资 劳动报酬
打官司 => 诉讼 起诉
"""


@dataclass(frozen=True)
class Synonyms:
    """Other words for a word, as ``index.words.cut`` gives words."""

    table: Mapping[str, tuple[str, ...]]

    def expansions(self, words: Iterable[str]) -> dict[str, float]:
        """Further words to look for, with their weights."""
        given = set(words)
        return {
            other: WEIGHT
            for word in given
            for other in self.table.get(word, ())
            if other not in given
        }


def read_synonyms(folder: Path) -> Synonyms:
    """Those of the home's file, else the ones that come with the program.

    Raises LibraryError naming the line where the file cannot be used.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return parse_synonyms(DEFAULTS)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LibraryError(f"同义词文件 {path} 太大（上限 1 MB），请删减后再试。")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LibraryError(f"同义词文件 {path} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    except OSError as error:
        raise LibraryError(f"读不了同义词文件 {path}：{error.strerror}，请检查权限。") from error
    return parse_synonyms(text)


def parse_synonyms(text: str) -> Synonyms:
    """The groups of a file's text; LibraryError names a line that is no group or closes a circle."""
    table: dict[str, dict[str, None]] = {}
    arrows: dict[str, tuple[int, set[str]]] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#")[0].strip()
        if not line:
            continue
        if number > MAX_LINES:
            raise LibraryError(f"同义词文件超过 {MAX_LINES} 行，请删减后再试。")
        left, arrow, right = line.partition("=>")
        heads, tails = left.split(), right.split() if arrow else left.split()
        if not heads or not tails or (not arrow and len(heads) < 2):
            raise LibraryError(f"同义词文件第 {number} 行不成一组，请写成“词 词 …”或“词 => 词 …”。")
        for head in heads:
            if arrow:
                _note_arrow(arrows, head, tails, number)
            others = table.setdefault("".join(cut(head)[:1]) if len(cut(head)) == 1 else head, {})
            for tail in tails:
                if tail != head:
                    others.update(dict.fromkeys(cut(tail)))
    return Synonyms({word: tuple(others) for word, others in table.items()})


def _note_arrow(
    arrows: dict[str, tuple[int, set[str]]], head: str, tails: list[str], number: int
) -> None:
    """Raise where ``head => tail`` stands against ``tail => head`` on an earlier line."""
    for tail in tails:
        earlier = arrows.get(tail)
        if earlier is not None and head in earlier[1]:
            raise LibraryError(
                f"同义词文件第 {number} 行“{head} => {tail}”与第 {earlier[0]} 行互相指向，"
                f"成了循环；两边都要找到的，请写成一行“{head} {tail}”。"
            )
    line, known = arrows.setdefault(head, (number, set()))
    known.update(tails)
    arrows[head] = (line, known)

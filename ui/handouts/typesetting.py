"""How wide a text is and where its lines break: for slides, which must not overflow, and for PDF.

Widths are those of Noto Sans SC (OFL, from the package ``pylopdf-fonts-zh-cn``).
A Chinese character is one em in every font, so that lines broken here hold with an office's own.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_EM = 200  # pixels at which widths are measured
#: No line begins or ends with these (CLREQ, 3.1.5: 标点避头尾).
_NEVER_FIRST = frozenset("，。、；：？！）》〉”’】〕」』…—～·％%‰℃,.;:?!)]}")
_NEVER_LAST = frozenset("（《〈“‘【〔「『([{")
_TOKEN = re.compile(r"[0-9A-Za-z]+(?:[.,:/%_-][0-9A-Za-z]+)*|.", re.DOTALL)


def sans_font() -> Path:
    """Noto Sans SC."""
    from pylopdf_fonts_zh_cn import sans_path

    return Path(sans_path())


@cache
def _opened(path: Path) -> FreeTypeFont:
    from PIL.ImageFont import Layout, truetype

    return truetype(str(path), _EM, layout_engine=Layout.BASIC)


class Measure:
    """Widths in one font, in units of its size."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._widths: dict[str, float] = {}

    def width(self, text: str, size: float) -> float:
        """The width of a text on one line, in the unit of ``size``."""
        return size * sum(self._char(one) for one in text)

    def _char(self, char: str) -> float:
        found = self._widths.get(char)
        if found is None:
            # 0x2E80 and above is one em by design; what the font lacks is shown so too
            wide = ord(char) >= 0x2E80
            found = 1.0 if wide else _opened(self._path).getlength(char) / _EM
            self._widths[char] = found
        return found

    def lines(self, text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
        """``text`` broken into lines of at most ``width``; the first ``indent`` shorter.

        Numbers and Latin words stay whole where a line can hold them; closing punctuation never
        begins and opening punctuation never ends a line. The lines joined are ``text``.
        """
        out: list[str] = []
        line: list[str] = []
        filled = indent
        for token in _tokens(text):
            needs = self.width(token, size)
            for piece in [token] if needs <= width else list(token):
                across = self.width(piece, size)
                if line and filled + across > width:
                    kept, moved = _turned(line, piece)
                    out.append("".join(kept))
                    line = moved
                    filled = self.width("".join(moved), size)
                line.append(piece)
                filled += across
        if line:
            out.append("".join(line))
        return out or [""]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _turned(line: list[str], following: str) -> tuple[list[str], list[str]]:
    """What stays on a line and what goes to the next with ``following``."""
    keep = len(line)
    first = following
    while (
        keep > 1
        and len(line) - keep < 4
        and (first[0] in _NEVER_FIRST or line[keep - 1][-1] in _NEVER_LAST)
    ):
        keep -= 1
        first = line[keep]
    if keep <= 1 or first[0] in _NEVER_FIRST or line[keep - 1][-1] in _NEVER_LAST:
        return line, []  # nothing to be done: a run of punctuation
    return line[:keep], line[keep:]

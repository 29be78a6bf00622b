"""What recognition mistakes again and again, put right where nothing else can be meant.

Every correction keeps the number of characters, because each has its place on the page.
"""

from __future__ import annotations

import re

_CJK = "\u3400-\u9fff〇《》“”‘’「」、。，；：？！（）〔〕【】"
_NUMERALS = "〇零一二三四五六七八九十百千"
_WIDE_MARKS = str.maketrans(",;:?!", "，；：？！")
_NARROW_AFTER = re.compile(rf"(?<=[{_CJK}])[,;:?!](?!\d)|[;:?!](?=[{_CJK}])")
_STOP = re.compile(rf"(?<=[{_CJK}])[.．](?![0-9A-Za-z.．])")
_ANGLES = re.compile(rf"<(?=[{_CJK}])|(?<=[{_CJK}])>")  # 《关于〈……〉的决定》
_WIDE_ANGLES = str.maketrans("<>", "〈〉")
_ROUND = re.compile(r"[(（](?=([^()（）]{0,60})[)）])")
_HAS_CJK = re.compile(r"[\u3400-\u9fff]")
# 国发[2014]5号: the year of a document's number stands in shell brackets.
_NUMBER_YEAR = re.compile(
    r"(?<=[\u4e00-\u9fff])[\[［【〔(（{]((?:19|20)[0-9]{2})[\]］】〕)）}](?=[0-9]{1,5}号)"
)
_DASH = "—―－-"
_LABEL = re.compile(rf"[第笫]\s?[{_NUMERALS}{_DASH}]{{1,9}}\s?(?=[编章节条款项])")
_ITEM = re.compile(rf"[（(][{_NUMERALS}]{{0,3}}[{_DASH}]{{1,2}}[{_NUMERALS}]{{0,3}}[)）]")
_FIRST = re.compile(rf"^[{_DASH}](?=、)")
#: Characters that a numeral is taken for in the label that begins a line.
_LOOK_ALIKE = {"入": "八", "＋": "十", "+": "十", "士": "十", "ニ": "二"}
_BAD_LABEL = re.compile(rf"^第[{_NUMERALS}{''.join(_LOOK_ALIKE)}]{{1,7}}(?=[章节条])")
_CHINESE_YEAR = re.compile(r"[一二三四五六七八九〇零OoО○◯0]{4}(?=年)")
_ROUND_LETTERS = re.compile("[OoО○◯0]")
_O_IN_DIGITS = re.compile(r"(?<=[0-9])[Oo]+(?=[0-9]|[年月日号条款元万%％])")
_L_IN_DIGITS = re.compile(r"(?<=[0-9])[lI|](?=[0-9])")
_PAGE = re.compile(rf"^[一{_DASH}]\s?([0-9]{{1,4}})\s?[一{_DASH}]$")


def corrected(text: str) -> str:
    """One line as it was surely printed; as long as ``text``."""
    if page := _PAGE.match(text):
        return "—" + text[1:-1] + "—" if page else text
    text = _NUMBER_YEAR.sub(r"〔\1〕", text)
    text = _ITEM.sub(lambda found: _dashes(found[0]), text)
    text = _round_brackets(_ANGLES.sub(lambda found: found[0].translate(_WIDE_ANGLES), text))
    text = _NARROW_AFTER.sub(lambda found: found[0].translate(_WIDE_MARKS), text)
    text = _STOP.sub("。", text)
    text = _LABEL.sub(lambda found: _dashes(found[0]).replace("笫", "第"), text)
    text = _FIRST.sub("一", text)
    text = _BAD_LABEL.sub(lambda found: _looks(found[0]), text)
    text = _CHINESE_YEAR.sub(_year, text)
    text = _O_IN_DIGITS.sub(lambda found: "0" * len(found[0]), text)
    return _L_IN_DIGITS.sub("1", text)


def _round_brackets(text: str) -> str:
    """Brackets around Chinese or beside it are full-width, as everything in a Chinese line."""
    if not _HAS_CJK.search(text):
        return text
    out = list(text)
    for found in _ROUND.finditer(text):
        close = found.end() + len(found[1])
        if _HAS_CJK.search(found[1]) or _cjk_at(out, found.start() - 1) or _cjk_at(out, close + 1):
            out[found.start()], out[close] = "（", "）"
    opened: list[int] = []
    for place, char in enumerate(out):
        if char in "(（":
            opened.append(place)
        elif char in ")）" and opened:
            opened.pop()
        elif char == ")" and place > 3:  # its other half stands on the line before; 1) stays
            out[place] = "）"
    for place in opened:
        out[place] = "（"
    return "".join(out)


def _cjk_at(text: list[str], place: int) -> bool:
    return 0 <= place < len(text) and bool(_HAS_CJK.match(text[place]))


def _dashes(label: str) -> str:
    return "".join("一" if char in _DASH else char for char in label)


def _looks(label: str) -> str:
    return "".join(_LOOK_ALIKE.get(char, char) for char in label)


def _year(found: re.Match[str]) -> str:
    """二OO八 is 二〇〇八; a year in Arabic digits is none of ours."""
    if not re.search("[一二三四五六七八九]", found[0]):
        return found[0]
    return _ROUND_LETTERS.sub("〇", found[0])

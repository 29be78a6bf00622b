"""《某某办法》第五条第二款 in a claim is where the claim really stands, or what the passage names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.grounding.base import Claim, Place
from assistant.grounding.claims import titles_in
from assistant.text import fold
from index.address.parse import Address, Step, Unit, addresses
from index.numerals import NUMERAL_CHARS, parse_number

_YEAR = re.compile(r"[（(](?:[^（()）]{0,12}[0-9]{4}[^（()）]{0,12}|示例|全文)[）)]")
_BEGINS = re.compile(rf"\s*第[{NUMERAL_CHARS}]{{1,9}}条")
_ITEM = re.compile(rf"\s{{0,9}}[（(][{NUMERAL_CHARS}]{{1,4}}[）)]")
_ITEM_NUMBER = re.compile(rf"(?:^|\n|[；;：:])\s{{0,9}}[（(]([{NUMERAL_CHARS}]{{1,4}})[）)]")
_PREFIXES = ("中华人民共和国", "中国共产党")


class AddressesCheck:
    """Objects to an article or a title that is not the source's own nor named in the window."""

    name = "addresses"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """In the attribution only the source's own place counts."""
        source, written = place.source, place.window.text
        own = _addresses(source.path)
        for address in _addresses(claim.attribution):
            if not _is_own(address, own, place):
                return f"“{address.label}”不是所引原文的条号。"
        for title in titles_in(claim.attribution):
            if not same_title(title, source.title):
                return f"《{title[:40]}》不是所引文件的名称。"
        named = {a.label for a in _addresses(written)}
        for address in _addresses(claim.body):
            if address.label not in named:
                return f"“{address.label}”没有写在所引的原文里。"
        held = fold(written)
        for title in titles_in(claim.body):
            if fold(title) not in held:
                return f"《{title[:40]}》没有写在所引的原文里。"
        return None


def _addresses(text: str) -> list[Address]:
    return [one for group in addresses(text) if not group.bare for one in group.addresses]


def _is_own(address: Address, own: Iterable[Address], place: Place) -> bool:
    """Whether an address is where the window stands: its article, and 款 and 项 where named."""
    mine = [step for one in own for step in one.steps]
    if address.until is not None:
        return False
    for step in address.steps:
        if step.unit is Unit.PARAGRAPH:
            held = step.number[0] == _paragraph(place, mine)
        elif step.unit is Unit.ITEM:
            held = step.number[0] in _items(place.window.text)
        else:
            held = step in mine
        if not held:
            return False
    return True


def _paragraph(place: Place, mine: Iterable[Step]) -> int | None:
    """Which 款 of its article the window is; None where the passage begins inside one."""
    text = place.source.text
    first = next((s.number[0] for s in mine if s.unit is Unit.PARAGRAPH), None)
    if first is None:
        first = 1 if _BEGINS.match(text) or any(s.unit is Unit.ARTICLE for s in mine) else None
    if first is None:
        return None
    before = text[: place.window.start].split("\n")[:-1]
    return first + sum(bool(line.strip()) and not _ITEM.match(line) for line in before)


def _items(text: str) -> set[int]:
    numbers = (parse_number(match[1]) for match in _ITEM_NUMBER.finditer(text))
    return {number for number in numbers if number is not None}


def same_title(asked: str, title: str) -> bool:
    """Whether two names are one document's: 中华人民共和国 aside, and a year that one leaves out."""
    years = [
        {y for part in _YEAR.findall(name) for y in re.findall("[0-9]{4}", part)}
        for name in (asked, title)
    ]
    return _bare(asked) == _bare(title) and (not all(years) or years[0] == years[1])


def _bare(title: str) -> str:
    name = fold(_YEAR.sub("", title.strip("《》 ")))
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name

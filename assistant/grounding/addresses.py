"""《某某办法》第五条第二款 in a claim is where the claim really stands, or what the passage names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.grounding.base import Claim, Place
from assistant.grounding.claims import titles_in
from assistant.text import fold
from index.address.parse import Address, Unit, addresses

_YEAR = re.compile(r"[（(](?:[^（()）]{0,12}[0-9]{4}[^（()）]{0,12}|示例|全文)[）)]")
_PREFIXES = ("中华人民共和国", "中国共产党")


class AddressesCheck:
    """Objects to an article or a title that is not the source's own nor named in the window."""

    name = "addresses"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """In the attribution only the source's own place counts."""
        source, written = place.source, place.window.text
        own = _addresses(source.path)
        for address in _addresses(claim.attribution):
            if not _is_own(address, own, source.text):
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


def _is_own(address: Address, own: Iterable[Address], text: str) -> bool:
    """Whether the article is the source's; a 款 or 项 must not go beyond what the text has."""
    article = [s for s in address.steps if s.unit is Unit.ARTICLE]
    mine = [s for one in own for s in one.steps if s.unit is Unit.ARTICLE]
    if address.until is not None or not article:
        chapters = [s for one in own for s in one.steps]
        return address.until is None and all(s in chapters for s in address.steps)
    inner = [s for s in address.steps if s.unit is Unit.PARAGRAPH]
    lines = len([line for line in text.split("\n") if line.strip()])
    return article[0] in mine and all(0 < s.number[0] <= lines for s in inner)


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

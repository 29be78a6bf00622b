"""How a document is named when it is spoken of."""

from __future__ import annotations

from index.versions.titles import plain, read_title


def shown_title(title: str) -> str:
    """How a question names a document: without year, issuer and book marks; 试行 stays.

    >>> shown_title("中国共产党纪律处分条例 2023"), shown_title("印发《某某办法（试行）》")
    ('中国共产党纪律处分条例', '某某办法（试行）')
    """
    family = (read_title(title).family or plain(title)).strip("《》")
    whole = plain(title)
    for word in ("暂行", "试行"):
        places = range(len(family))
        with_it = (f"{family[:place]}{word}{family[place:]}" for place in places)
        family = next((longer for longer in with_it if longer in whole), family)
    return f"{family}（试行）" if "试行" in whole and "试行" not in family else family

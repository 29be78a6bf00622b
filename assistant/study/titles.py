"""How a document is named when it is spoken of."""

from __future__ import annotations

import re

from index.versions.titles import plain, read_title


def shown_title(title: str) -> str:
    """How a question names a document: without year, issuer and book marks; 试行 stays.

    >>> shown_title("中国共产党纪律处分条例 2023"), shown_title("印发《某某办法（试行）》")
    ('中国共产党纪律处分条例', '某某办法（试行）')
    """
    family = (read_title(title).family or plain(title)).strip("《》")
    family = family.replace("《", "〈").replace("》", "〉")
    bare = title.strip().removeprefix("《").removesuffix("》")
    if not re.search("[《》]", bare) and plain(bare) == family:
        return bare  # with the quotation marks that the name has
    whole = plain(title).replace("《", "〈").replace("》", "〉")
    for place in range(len(family)):
        longer = f"{family[:place]}暂行{family[place:]}"
        if "暂行" not in family and longer in whole:
            family = longer
    return f"{family}（试行）" if "试行" in whole and "试行" not in family else family

"""Minutes that add up: whole numbers between bounds, near to wished shares."""

from __future__ import annotations

from collections.abc import Mapping


def fit(
    total: int,
    wanted: Mapping[str, float],
    least: Mapping[str, int],
    most: Mapping[str, int],
) -> dict[str, int]:
    """Whole minutes by name that add up to ``total`` exactly where the bounds allow it, else to
    the nearest sum they do (sum of ``least`` or of ``most``). Near to the shares of ``wanted``.

    >>> fit(10, {"a": 1, "b": 3}, {"a": 1, "b": 1}, {"a": 9, "b": 9})
    {'a': 3, 'b': 7}
    """
    names = list(wanted)
    given = {name: least[name] for name in names}
    weight = sum(wanted.values()) or 1.0
    aim = {name: total * wanted[name] / weight for name in names}
    while sum(given.values()) < total:
        open_ = [name for name in names if given[name] < most[name]]
        if not open_:
            break
        # the one that is furthest below its share takes the next minute
        name = max(open_, key=lambda n: ((aim[n] - given[n]) / max(aim[n], 0.1), aim[n]))
        given[name] += 1
    return given

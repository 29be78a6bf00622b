"""Values of spreadsheet cells as the program shows them, near enough to be found and read."""

from __future__ import annotations

import datetime
import re

_QUOTED = re.compile(r'"[^"]{0,200}"|\\.|_.|\[[^\]]{0,200}\]')
_DECIMALS = re.compile(r"0\.(0+)")


def shown(value: object, format: str = "General") -> str:
    """``value`` as text under a number format: percentages, decimals and dates as in Excel;
    thousands are not parted, errors (#N/A) are empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _date(value, format)
    if isinstance(value, int | float):
        return _number(float(value) if abs(value) < 1e300 else 0.0, format)
    text = str(value)
    return "" if text.startswith("#") and text.rstrip("!?").isupper() and len(text) < 9 else text


def _number(value: float, format: str) -> str:
    plain = _QUOTED.sub("", format.split(";", 1)[0][:200])
    decimals = _DECIMALS.search(plain)
    places = min(len(decimals[1]), 10) if decimals else 0
    if "%" in plain:
        return f"{value * 100:.{places}f}%"
    if "0" in plain and ("E" not in plain and "/" not in plain):
        if decimals or value == round(value):
            return f"{value:.{places}f}"
        if plain.strip().strip("#,0") == "":
            return f"{value:.0f}"
    if value == round(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10f}".rstrip("0").rstrip(".") if 1e-6 < abs(value) < 1e15 else f"{value:.10g}"


def _date(value: datetime.datetime | datetime.date | datetime.time, format: str) -> str:
    plain = format.lower()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M") if not value.second else value.strftime("%H:%M:%S")
    day = "d" in plain or "日" in plain or "y" not in plain
    if "年" in format or "月" in format:
        text = f"{value.year}年{value.month}月" + (f"{value.day}日" if day else "")
    else:
        text = f"{value.year}-{value.month:02d}" + (f"-{value.day:02d}" if day else "")
    if isinstance(value, datetime.datetime) and (value.hour or value.minute) and "h" in plain:
        text += f" {value.hour:02d}:{value.minute:02d}"
    return text

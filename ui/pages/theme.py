"""Gradio's theme: our colours, and fonts that every desktop already has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

#: Windows, macOS, UOS/Kylin and Linux, in this order. No font is loaded.
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")


def office_theme() -> Base:
    """A plain base theme; the page's look is in ``ui/assets/luming.css``."""
    from gradio.themes import Base, Font
    from gradio.themes.utils import colors, sizes

    theme = Base(
        primary_hue=colors.red,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_md,
        font=[Font(name) for name in FONTS],
        font_mono=[Font("Consolas"), Font("monospace")],
    )
    theme.name = "luming"
    return theme

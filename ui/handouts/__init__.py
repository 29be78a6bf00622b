"""Hand-outs of a study session: one writer a format, all from the same session."""

from ui.handouts.base import HandoutError
from ui.handouts.factory import FORMATS
from ui.handouts.writing import write_handouts

__all__ = ["FORMATS", "HandoutError", "write_handouts"]

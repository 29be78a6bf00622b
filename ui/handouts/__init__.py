"""Hand-outs of a study session: one writer a format, all from the same session."""

from ui.handouts.base import HandoutError
from ui.handouts.factory import FORMATS
from ui.handouts.template_files import copy_templates
from ui.handouts.writing import make_handouts, write_handouts

__all__ = ["FORMATS", "HandoutError", "copy_templates", "make_handouts", "write_handouts"]

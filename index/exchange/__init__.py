"""Passages and documents out of a library and into one, in files that other programs read."""

from index.exchange.base import ExchangeError
from index.exchange.files import export_library, import_file

__all__ = ["ExchangeError", "export_library", "import_file"]

"""Passages: what is embedded, searched and cited. One article each; prose by its headings."""

from ingest.passages.build import build_passages
from ingest.passages.ranges import LONGEST

__all__ = ["LONGEST", "build_passages"]

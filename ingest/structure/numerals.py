"""Numerals and article numbers: those of ``index.numerals``, which addresses are read with too."""

from __future__ import annotations

from index.numerals import NUMERAL_CHARS, article_label, parse_article, parse_number, to_chinese

__all__ = ["NUMERAL_CHARS", "article_label", "parse_article", "parse_number", "to_chinese"]

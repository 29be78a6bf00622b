"""Giving an answer its whole shape; one file per shape, ``factory`` chooses, ``base`` is the contract."""

from __future__ import annotations

from assistant.shapes.view import DocumentView

__all__ = ["DocumentView"]

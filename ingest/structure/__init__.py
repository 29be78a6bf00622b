"""Understanding how a Chinese office document is built: its outline, from blocks of text."""

from __future__ import annotations

from ingest.structure.builder import outline
from ingest.structure.model import Outline, Section, SectionKind

__all__ = ["Outline", "Section", "SectionKind", "outline"]

"""Word files in the layout of official documents, filled into templates that may be replaced."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material
from ui.handouts.template_files import template_path
from ui.handouts.word_fields import Fields, WordFields
from ui.handouts.word_notes import add_contents, add_footnotes
from ui.handouts.word_template import filled

PLAN, HANDOUT, PAPER, KEY, FACILITATOR = "学习方案", "学习材料", "试卷", "答案与解析", "主持人手册"
NAMES = (PLAN, HANDOUT, PAPER, KEY, FACILITATOR)


class WordWriter:
    """Plan, hand-out, the facilitator's notes, and a paper with its key for each paper."""

    title = "Word 文件"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """Each file is rendered from the template of its name."""
        yield _file(material, PLAN, PLAN, WordFields.plan)
        yield _file(material, HANDOUT, HANDOUT, WordFields.handout)
        yield _file(material, FACILITATOR, FACILITATOR, WordFields.facilitator)
        for paper in material.papers:
            for template, fields in (
                (PAPER, lambda made, one=paper: made.paper(one)),
                (KEY, lambda made, one=paper: made.key(one)),
            ):
                label = papers.paper_label(material, paper.name, template)
                yield _file(material, template, label, fields)


def _file(
    material: Material, template: str, label: str, fields: Callable[[WordFields], Fields]
) -> HandoutFile:
    made = WordFields(material)
    document = filled(template_path(f"{template}.docx", material.templates), fields(made))
    add_contents(document)
    add_footnotes(document, made.citations)
    properties = document.core_properties
    properties.title = f"{words.title_of(material.session)[:150]} {label}"
    properties.author = properties.last_modified_by = ""
    out = io.BytesIO()
    document.save(out)
    return HandoutFile(label, "docx", out.getvalue())

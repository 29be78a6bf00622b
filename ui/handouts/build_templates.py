"""Makes the built-in templates: ``python -m ui.handouts.build_templates``.

The same input gives the same bytes, so that a template in the repository can be compared with its
script (tests/ui/handouts).
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime

from ui.handouts.slide_layout import build_theme
from ui.handouts.slides import THEME
from ui.handouts.template_files import TEMPLATES
from ui.handouts.word_bodies import BODIES, Body
from ui.handouts.word_layout import set_fonts, set_page, set_styles

THEME_FILE = f"{THEME}.pptx"
_EPOCH = (2026, 1, 1, 0, 0, 0)


def build(name: str) -> bytes:
    """One template's bytes: 试卷, or 课件.pptx."""
    if name == THEME_FILE:
        return repacked(build_theme(datetime(*_EPOCH)))
    from docx import Document as new_document

    document = new_document()
    set_page(document)
    set_styles(document)
    set_fonts(document)
    BODIES[name](Body(document))
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = name
    properties.created = properties.modified = datetime(*_EPOCH)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def repacked(data: bytes) -> bytes:
    """The same package with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            entry = zipfile.ZipInfo(one.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(one.filename))
    return out.getvalue()


def main() -> None:
    """Write all templates into their folder."""
    TEMPLATES.mkdir(exist_ok=True)
    for name in (*BODIES, THEME_FILE):
        path = TEMPLATES / (name if name == THEME_FILE else f"{name}.docx")
        path.write_bytes(build(name))
        print(path.name, file=sys.stderr)


if __name__ == "__main__":
    main()

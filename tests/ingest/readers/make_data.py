"""Makes the small binary files in ``data/`` with LibreOffice (Writer, Calc, Impress):

    python -m tests.ingest.readers.make_data

Formats that no library writes (.doc, .xls, .ppt, a PDF with a password) are kept as files, so that
the tests need no LibreOffice.
"""

from __future__ import annotations

import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.ingest.readers.samples import notes_docx, rules_docx, slides_pptx, table_xlsx

DATA = Path(__file__).parent / "data"
PDF = (
    'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
    '"DocumentOpenPassword":{"type":"string","value":"Luming-2024"}}'
)


def main() -> int:
    """Writes the files anew."""
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        made = [rules_docx(work / "rules.docx"), table_xlsx(work / "table.xlsx")]
        made.append(slides_pptx(work / "slides.pptx"))
        notes = notes_docx(work / "notes.docx")
        short = rules_docx(work / "locked.docx", short=True)
        jobs = [
            (made[0], "doc"), (made[0], "rtf"), (made[0], "odt"), (made[1], "xls"),
            (made[1], "ods"), (made[2], "ppt"), (made[2], "odp"), (short, PDF),
            (notes, "doc"), (notes, "rtf"), (notes, "odt"),
        ]  # fmt: skip
        for source, target in jobs:
            subprocess.run(
                ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
                 "--convert-to", target, "--outdir", str(DATA), str(source)],
                check=True,
            )  # fmt: skip
    slides = DATA / "slides.ppt"  # most of it is a thumbnail
    (DATA / "slides.ppt.xz").write_bytes(lzma.compress(slides.read_bytes(), preset=9))
    slides.unlink()
    for path in sorted(DATA.iterdir()):
        print(path.name, path.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())

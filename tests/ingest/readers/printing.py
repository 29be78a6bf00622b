"""HTML to PDF by a browser, and back by the reader."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from ingest.document import RawDocument
from ingest.readers import read_document

STYLE = (
    '<meta charset="utf-8"><style>body{font:16px/1.9 "Noto Sans CJK SC";text-align:justify} '
    "p{text-indent:2em;margin:0} .b{break-before:page} table{border-collapse:collapse;width:100%;"
    "font-size:14px;line-height:1.6} th,td{border:1px solid #333;padding:4px 6px}</style>"
)
EDGE = '<div style="font-size:9px;width:100%;text-align:center">{}</div>'
HEADER = EDGE.format("内部资料·注意保存")
FOOTER = EDGE.format('第<span class="pageNumber"></span>页 共<span class="totalPages"></span>页')


def printed(
    browser: Browser, path: Path, body: str, header: str = HEADER, footer: str = FOOTER
) -> RawDocument:
    """What the reader makes of a page of HTML printed to ``path`` on A4."""
    page = browser.new_page()
    page.set_content(f"<!doctype html>{STYLE}{body}")
    page.pdf(
        path=str(path),
        format="A4",
        display_header_footer=True,
        header_template=header,
        footer_template=footer,
        margin={"top": "70px", "bottom": "70px", "left": "76px", "right": "76px"},
    )
    page.close()
    return read_document(path)

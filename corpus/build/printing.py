"""Sources to PDF files by printing from a browser, with running head and page numbers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from corpus.build.light_markdown import Part

_STYLE = """
body { font: 16px/1.9 "Noto Serif CJK SC", "Noto Sans CJK SC", serif; text-align: justify }
h1 { font-size: 28px; text-align: center; line-height: 1.4 } h2 { font-size: 20px; text-align: center }
h3 { font-size: 18px } p { text-indent: 2em; margin: 0 0 4px }
table { border-collapse: collapse; width: 100%; margin: 10px 0 } th, td { border: 1px solid #333; padding: 4px 8px }
.note { font-size: 12px; text-indent: 0 }
"""
_EDGE = (
    '<div style="font-size:9px;width:100%;text-align:center;font-family:Noto Sans CJK SC">{}</div>'
)


def print_pdf(parts: Sequence[Part], target: Path) -> None:
    """One PDF on A4. Needs Chromium; raises RuntimeError without it."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_path is None:
        raise RuntimeError("生成 PDF 示例需要 Chromium，请先运行 make test 安装")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(_html(parts))
        page.pdf(
            path=str(target),
            format="A4",
            display_header_footer=True,
            header_template=_EDGE.format("示例文件·仅供演示"),
            footer_template=_EDGE.format(
                '第<span class="pageNumber"></span>页 共<span class="totalPages"></span>页'
            ),
            margin={"top": "70px", "bottom": "70px", "left": "76px", "right": "76px"},
        )
        browser.close()


def _html(parts: Sequence[Part]) -> str:
    out = [f'<!doctype html><html lang="zh"><meta charset="utf-8"><style>{_STYLE}</style>']
    out.append(f"<title>{escape(parts[0].text)}</title>")
    notes = []
    for part in parts:
        if part.rows:
            head, *rows = part.rows
            out.append("<table><tr>" + "".join(f"<th>{escape(c)}</th>" for c in head) + "</tr>")
            out += ["<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>" for r in rows]
            out.append("</table>")
        else:
            tag = f"h{part.level}" if part.level else "p"
            out.append(f"<{tag}>{escape(part.text)}</{tag}>")
            notes += part.notes
    out += [f'<p class="note">注：{escape(note)}</p>' for note in notes]
    return "".join(out)

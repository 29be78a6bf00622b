"""Fragments of the page 核验: the form, and a checked draft below it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.verification import Report
from ui.render.panels import empty_html, error_place
from ui.render.text import esc
from ui.render.verification import verification_html
from ui.render.verification_style import STYLE

FORM = "lp-verify"


def form_html(collections: Sequence[str], megabytes: int) -> str:
    """The form for a draft, and the place of the result."""
    options = "".join(f'<option value="{esc(one)}">{esc(one)}</option>' for one in collections)
    picker = (
        f'<label>对照的文库<select name="collections"><option value="">全部</option>{options}</select></label>'
        if len(collections) > 1
        else ""
    )
    return (
        f'<form id="{FORM}" class="lp-card" hx-post="/verify/check" hx-target="#lp-verified"'
        ' hx-encoding="multipart/form-data" hx-disabled-elt="find button[type=submit]">'
        "<p>文稿里写到的每一处规定都会核对：有没有这一条、是不是现行、引文一不一致。</p>"
        '<label>粘贴文稿<textarea name="text" placeholder="把要核对的文字粘贴到这里"></textarea></label>'
        '<div class="lp-row"><label>或者选择文件（Word、PDF、网页、Markdown、文本，最大 '
        f'{megabytes} MB）<input type="file" name="file"></label>{picker}'
        '<label>按哪一天的效力<input name="as_of" placeholder="今天，或 2024-01-01" size="22"></label>'
        f'<button type="submit" class="lp-main">核对</button></div>{error_place()}</form>'
        '<div id="lp-verified" aria-live="polite">'
        + empty_html("还没有文稿", "粘贴或选择一份文稿，核对结果会显示在这里。文稿不会保存。")
        + "</div>"
    )


def checked_html(report: Report, name: str) -> str:
    """A checked draft with the ways to go on."""
    steps = (
        '<button type="button" data-step="-1">上一处（k）</button>'
        '<button type="button" data-step="1">下一处（j）</button>'
        if report.findings
        else ""
    )
    return (
        f'<style>{STYLE}</style><div class="lv-tools"><h2>{esc(name)}</h2>{steps}'
        f'<button type="button" data-save="/api/v1/verify?format=docx" data-form="{FORM}"'
        ' data-name="核对.docx">下载带批注的 Word</button></div>'
        f"{verification_html(report)}"
    )

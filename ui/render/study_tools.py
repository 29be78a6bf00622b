"""What can be done with a session as a whole: save, versions, share, copy, download, live quiz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.render.panels import button_html, error_place, when
from ui.render.study_home import STAGE, audience_html
from ui.render.text import esc

if TYPE_CHECKING:
    from ui.render.study_session import SessionView

DOWNLOADS = (
    ("docx/学习方案", "学习方案（Word）"),
    ("docx/学习材料", "学习材料（Word）"),
    ("docx/主持人手册", "主持人手册（Word）"),
    ("docx/试卷", "试卷（Word）"),
    ("docx/答案与解析", "答案与解析（Word）"),
    ("pptx", "课件（PowerPoint）"),
    ("xlsx", "题库（Excel）"),
    ("pdf", "手机学习册（PDF）"),
    ("html", "手机学习页（HTML）"),
    ("json", "学习数据（JSON）"),
    ("anki", "卡片（Anki）"),
    ("all", "全部（zip）"),
)
_QUIZ_ONLY = {"docx/试卷", "docx/答案与解析", "xlsx", "anki"}


def tools_html(view: SessionView) -> str:
    """The bar of one's own session; of a colleague's: copy and download."""
    if not view.owned:
        return (
            '<section class="lp-card ls-tools"><p>这是同事分享的备课（第 '
            f"{view.kept.version} 版），可以查看、下载；要修改请先复制一份。</p>"
            f'<div class="lp-row">{button_html("复制一份到我的备课", f"{view.address}/copy", STAGE)}</div>'
            f"{_downloads(view)}</section>"
        )
    state = (
        '<span class="lp-tag lp-live">有未保存的修改</span>'
        if view.kept.dirty
        else f'<span class="lp-tag lp-ok">已保存为第 {view.kept.version} 版</span>'
    )
    save = (
        f'<button type="button" class="lp-main" id="ls-save" hx-post="{view.address}/save" hx-target="{STAGE}"'
        f' hx-include="#ls-revision"{"" if view.kept.dirty else " disabled"}>保存为新版本</button>'
    )
    again = (
        f'<button type="button" hx-post="{view.address}/again" hx-target="#ls-draft" hx-include="#ls-revision"'
        ' hx-confirm="按原来的要求重新选原文和试题，换掉现在的内容（自己的话保留，以前的版本保留）？">重新生成</button>'
    )
    share = f'<button type="button" data-share="/study?s={esc(view.kept.session_id)}">复制分享链接</button>'
    live = (
        f'<button type="button" hx-post="{view.address}/room" hx-target="{STAGE}">开始现场测验</button>'
        if view.session.quiz
        else ""
    )
    return (
        f'<section class="lp-card ls-tools"><input type="hidden" id="ls-revision" name="revision"'
        f' value="{view.kept.revision}"><div class="lp-row">{save}{again}{share}{live}{state}</div>'
        f'<div id="ls-draft" aria-live="polite"></div>{_downloads(view)}'
        f'<div class="lp-row ls-folds">{_versions(view)}{_rename(view)}{_duplicate(view)}{_rooms(view)}</div></section>'
    )


def _downloads(view: SessionView) -> str:
    base = f"{view.address}/file/"
    links = "".join(
        f'<a class="lp-button" href="{esc(base + key)}">{esc(name)}</a>'
        for key, name in DOWNLOADS
        if view.session.quiz or key not in _QUIZ_ONLY
    )
    look = (
        f'<p><a class="lp-button" href="{esc(view.address)}/preview" target="_blank" rel="noopener">'
        "预览讲义</a></p>"
    )
    return (
        f'{look}<details class="ls-files" id="ls-downloads"><summary>下载讲义</summary>'
        f'<div class="lp-acts">{links}</div></details>'
    )


def _versions(view: SessionView) -> str:
    rows = "".join(
        f"<li>第 {one.number} 版，{when(one.at)} "
        f'<button type="button" hx-post="{view.address}/back" hx-target="{STAGE}" hx-include="#ls-revision"'
        f' name="number" value="{one.number}" aria-label="恢复第 {one.number} 版"'
        f"{_asked(view)}>恢复</button></li>"
        for one in view.versions
    )
    return f'<details><summary>版本（{len(view.versions)}）</summary><ul class="lp-plain ls-versions">{rows}</ul></details>'


def _asked(view: SessionView) -> str:
    return ' hx-confirm="现在的修改还没有保存，恢复会丢掉它们。继续？"' if view.kept.dirty else ""


def _rename(view: SessionView) -> str:
    return (
        f'<details><summary>改名</summary><form hx-post="{view.address}/rename" hx-target="{STAGE}" novalidate>'
        f'<div class="lp-row"><label>名称<input name="title" value="{esc(view.kept.title)}" maxlength="200"></label>'
        f'<button type="submit">改名</button></div>{error_place()}</form></details>'
    )


def _duplicate(view: SessionView) -> str:
    return (
        f'<details><summary>复制给另一类对象</summary><form hx-post="{view.address}/duplicate" hx-target="#ls-draft">'
        f'<div class="lp-row">{audience_html(view.session.audience, "给谁")}'
        f'<button type="submit">按这类对象另做一份</button></div>{error_place()}</form></details>'
    )


def _rooms(view: SessionView) -> str:
    if not view.rooms:
        return ""
    rows = "".join(
        f'<li><a href="/study?room={esc(room)}" hx-get="/study/room/{esc(room)}" hx-target="{STAGE}">{esc(name)}</a></li>'
        for room, name in view.rooms
    )
    return f'<details><summary>现场测验（{len(view.rooms)}）</summary><ul class="lp-plain">{rows}</ul></details>'

"""Fragments of the page 备课 before a session is open: the form, one's own sessions, progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.study.audiences import AUDIENCES, DEFAULT
from assistant.study.model import PART_NAMES
from assistant.study.request import LONGEST, MOST_ITEMS, MOST_PEOPLE, OPTIONAL, SHORTEST, SPEEDS
from ui.render.panels import button_html, empty_html, error_place, table_html, when
from ui.render.text import esc

if TYPE_CHECKING:
    from assistant.study.keeping import Kept
    from ui.study_drafts import Draft

STAGE = "#ls"
"""Where the page shows either the form with the list, or one session."""
DRAFT = "#ls-draft"
STAGES = {
    "scope": "找到与主题有关的条文",
    "passages": "选出要领学的原文",
    "cases": "找到案例",
    "quiz": "出好试题",
    "changes": "查完修订变化",
}


def frame_html(first: str) -> str:
    """The stage with its first fragment, fetched from ``first``."""
    return (
        f'<div id="ls" class="lp" hx-get="{esc(first)}" hx-trigger="load">'
        '<p class="lm-progress" role="status"><span class="lm-spinner"></span>正在打开…</p></div>'
    )


def home_html(collections: Sequence[tuple[str, int]], kept: Sequence[Kept]) -> str:
    """The form and the list."""
    return _form(collections) + f'<div id="ls-draft" aria-live="polite"></div>{list_html(kept)}'


def _form(collections: Sequence[tuple[str, int]]) -> str:
    boxes = "".join(
        f'<label class="lp-check"><input type="checkbox" name="collections" value="{esc(name)}">'
        f"{esc(name)}（{count}）</label>"
        for name, count in collections
    )
    chosen = (
        f"<fieldset><legend>用哪些文库（不选就是全部）</legend>{boxes}</fieldset>"
        if len(collections) > 1
        else ""
    )
    parts = "".join(
        f'<label class="lp-check"><input type="checkbox" name="parts" value="{one}" checked>'
        f"{esc(PART_NAMES[one])}</label>"
        for one in OPTIONAL
    )
    return (
        '<form class="lp-card ls-new" hx-post="/study/draft" hx-target="#ls-draft" novalidate'
        ' hx-disabled-elt="find button[type=submit]"><h2>新的备课</h2>'
        '<label>主题<input name="topic" required maxlength="2000" autocomplete="off"'
        ' placeholder="短语、《文件标题》或一句话，例如：民主评议党员"></label>'
        '<div class="lp-row">'
        f"{number_html('minutes', '时长（分钟）', '90', SHORTEST, LONGEST)}"
        f"{audience_html()}{number_html('people', '人数（可不填）', '', 0, MOST_PEOPLE)}</div>"
        f"{chosen}<details><summary>更多选项</summary>"
        f'<div class="ls-more"><fieldset><legend>环节（原文领学总是有的）</legend>{parts}</fieldset>'
        f'<div class="lp-row">{number_html("quiz_items", "题数（不填按时长）", "", 0, MOST_ITEMS)}'
        f"{number_html('reading_speed', '每分钟读多少字', '250', *SPEEDS)}</div>"
        "<label>自己要说的话（一行一条，写进主持人提示，不注出处）"
        '<textarea name="own" rows="3" class="ls-own" maxlength="10000"></textarea></label></div></details>'
        '<div class="lp-row"><button type="submit" class="lp-main">生成初稿</button>'
        '<span class="lp-dim">每一行原文都注明出处；文库里没有的会说明缺什么。</span></div>'
        f"{error_place()}</form>"
    )


def number_html(name: str, label: str, value: str, low: int, high: int) -> str:
    """A field for a whole number; what it holds is checked by the server, which says why."""
    return (
        f'<label>{esc(label)}<input name="{name}" type="number" inputmode="numeric" value="{esc(value)}"'
        f' min="{low}" max="{high}" step="1" class="ls-number"></label>'
    )


def audience_html(chosen: str = DEFAULT, label: str = "学习对象") -> str:
    """The list of audiences."""
    options = "".join(
        f"<option{' selected' if name == chosen else ''}>{esc(name)}</option>" for name in AUDIENCES
    )
    return f'<label>{esc(label)}<select name="audience">{options}</select></label>'


def list_html(kept: Sequence[Kept]) -> str:
    """One's own sessions."""
    if not kept:
        body = empty_html("还没有备课", "填好上面的主题和时长，点“生成初稿”，几秒钟就有一份。")
    else:
        body = table_html(("名称", "修改时间", "版本", ""), map(_row, kept), "我的备课")
    return f'<section id="ls-list" class="lp-card"><h2>我的备课</h2>{body}</section>'


def _row(one: Kept) -> tuple[str, ...]:
    address = f"/study/s/{one.session_id}"
    dirty = ' <span class="lp-tag lp-live">有未保存的修改</span>' if one.dirty else ""
    acts = button_html(
        "删除",
        f"{address}/remove",
        STAGE,
        confirm=f"删除“{one.title}”和它的全部版本、现场测验结果？",
        danger=True,
        about=one.title,
    )
    return (
        f'<a href="/study?s={esc(one.session_id)}" hx-get="{esc(address)}" hx-target="{STAGE}">'
        f"{esc(one.title)}</a>{dirty}",
        when(one.changed),
        f"第 {one.version} 版",
        f'<div class="lp-acts">{acts}</div>',
    )


def progress_html(token: str, draft: Draft) -> str:
    """How far a draft is; asks again by itself until it is done."""
    if draft.error:
        return f'<p class="lp-error" role="alert">{esc(draft.error)}</p>'
    if draft.session_id:
        return (
            f'<div hx-get="/study/s/{esc(draft.session_id)}" hx-target="{STAGE}" hx-trigger="load">'
            '<p class="lm-progress" role="status"><span class="lm-spinner"></span>正在打开初稿…</p></div>'
        )
    told = STAGES.get(draft.stage, "正在查找条文")
    if not draft.begun:
        told = "前面还有别的备课在生成，请稍等"
    share = draft.done / draft.total if draft.total else 0.0
    return (
        f'<div class="lp-card" hx-get="/study/draft/{esc(token)}" hx-trigger="every 700ms" hx-swap="outerHTML">'
        f'<p role="status">{esc(told)}…</p>'
        f'<progress max="1" value="{share:.2f}" aria-label="{esc(told)}"></progress></div>'
    )

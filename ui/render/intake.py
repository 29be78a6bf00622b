"""Fragments of the page 入库: uploads, jobs, folders, documents, copies, gaps. All words escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.jobs import LIVE
from ingest.report import ALL_NAMES, FAILED
from ui.render.panels import button_html, empty_html, error_place, table_html, when
from ui.render.text import esc, missing_badge, validity_badge

if TYPE_CHECKING:
    from assistant.activity.gaps import Gap
    from index.duplicates import Copies, NearCopies
    from index.job_view import JobView
    from index.jobs import JobFile
    from index.records import DocumentRecord
    from index.sources import Source

TABS = (
    ("jobs", "上传与任务"),
    ("sources", "来源文件夹"),
    ("documents", "文件"),
    ("duplicates", "重复文件"),
    ("gaps", "没答上来的问题"),
)
TAB = "#lp-tab"
_SHOWN_FILES = 500
_OPTION = "--password-file"
_UPLOADS = re.compile(r".*[\\/]uploads[\\/][^\\/]+-[0-9a-f]{8}")


def upload_html(collections: Sequence[str], may_add: bool, megabytes: int, most: int) -> str:
    """The form for files; its script sends them and shows how far they are."""
    jobs = '<div id="lp-jobs" hx-get="/intake/jobs" hx-trigger="load"></div><div id="lp-job"></div>'
    if not collections and not may_add:
        what = "请管理员在“管理”里给您选上可查的文库，之后就能往里放文件。"
        return empty_html("还没有可以放文件的文库", what) + jobs
    known = "".join(f'<option value="{esc(one)}">' for one in collections)
    chosen = "".join(f"<option>{esc(one)}</option>" for one in collections)
    where = (
        '<label>放入哪个文库（可以写新的名字）<input name="collection" list="lp-collections" required'
        f' maxlength="60" autocomplete="off"></label><datalist id="lp-collections">{known}</datalist>'
        if may_add
        else f'<label>放入哪个文库<select name="collection" required>{chosen}</select></label>'
    )
    return (
        f'<form id="lp-upload" class="lp-card" data-upload data-most-mb="{megabytes}"'
        f' data-most-files="{most}"><h2>上传文件</h2>'
        f'<div class="lp-row">{where}</div>'
        '<div class="lp-drop" data-drop><p>把文件拖到这里，或者</p>'
        '<label class="lp-button">选择文件<input type="file" name="files" multiple class="lm-hidden">'
        f"</label><small>一次最多 {most} 个文件、共 {megabytes} MB；Word、PDF、表格、演示文稿、网页、邮件、"
        "压缩包、图片都可以，类型看内容不看扩展名。同名文件取代原来的。</small></div>"
        '<ul class="lp-files" data-files></ul>'
        '<progress data-progress max="1" value="0" aria-label="上传进度" hidden></progress>'
        '<div class="lp-row"><button type="submit" class="lp-main" disabled>开始上传</button></div>'
        f"{error_place()}</form>{jobs}"
    )


def jobs_html(jobs: Sequence[JobView]) -> str:
    """The latest jobs; asks for itself again while one is under way."""
    live = any(one.state in LIVE for one in jobs)
    again = ' hx-get="/intake/jobs" hx-trigger="every 2s" hx-swap="outerHTML"' if live else ""
    head = (
        '<h2>任务</h2><button type="button" hx-get="/intake/jobs" hx-target="#lp-jobs"'
        ' hx-swap="outerHTML">刷新</button>'
    )
    body = (
        table_html(
            ("编号", "内容", "文库", "状态", "结果", "开始", ""), map(_job_row, jobs), "入库任务"
        )
        if jobs
        else empty_html("还没有任务", "上传文件，或登记一个来源文件夹，任务就会出现在这里。")
    )
    return f'<section id="lp-jobs" class="lp-card"{again}><div class="lp-row">{head}</div>{body}</section>'


def _job_row(one: JobView) -> tuple[str, ...]:
    number = str(one.job_id)
    acts = [
        # With an id the focus stays on it while the list is made anew.
        f'<button type="button" id="lp-files-{number}" hx-get="/intake/jobs/{number}" hx-target="#lp-job"'
        f' aria-label="第 {number} 号任务的每个文件">每个文件</button>'
    ]
    if one.state in LIVE:
        acts.append(
            button_html(
                "取消", f"/intake/jobs/{number}/cancel", "#lp-jobs", about=f"第 {number} 号任务"
            ).replace(" hx-target", ' hx-swap="outerHTML" hx-target')
        )
    return (
        number,
        f"{esc(one.kind_name)}<br><small>{esc(_what(one.what))}</small>",
        esc(one.collection),
        _state(one),
        esc(_counts(one)) or "—",
        when(one.started_at or one.created_at),
        f'<div class="lp-acts">{"".join(acts)}</div>',
    )


def _what(written: str) -> str:
    """The folders of a job; that of uploads by what a person calls it."""
    return "上传的文件" if _UPLOADS.fullmatch(written) else written[:500]


def _state(one: JobView) -> str:
    css = {"done": "lp-ok", "failed": "lp-bad"}.get(one.state, "lp-live")
    name = "正在停下" if one.stopping else one.state_name
    tag = f'<span class="lp-tag {css}">{esc(name)}</span>'
    if one.ahead:
        tag += f" <small>前面还有 {one.ahead} 个</small>"
    if one.state != "running":
        return tag + (f"<br><small>{esc(one.message)}</small>" if one.message else "")
    left = f"，约剩 {max(1, round(one.seconds_left))} 秒" if one.seconds_left is not None else ""
    told = f"{one.stage_name} {one.done}/{one.total}{left}" if one.total else one.stage_name
    return (
        f"{tag}<br><small>{esc(told)}</small>"
        f'<progress max="1" value="{one.fraction:.3f}" aria-label="{esc(told)}"></progress>'
    )


def _counts(one: JobView) -> str:
    return "，".join(
        f"{name} {one.counts[key]}" for key, name in ALL_NAMES.items() if one.counts.get(key)
    )


def job_html(one: JobView, files: Sequence[JobFile], status: str = "") -> str:
    """What became of each file of a job, the failed ones first; with ``status`` only those."""
    wanted = [file for file in files if status in ("", file.status)]
    ordered = sorted(wanted, key=lambda file: file.status != FAILED)
    failed = sum(file.status == FAILED for file in files)
    retry = ""
    if failed and one.state not in LIVE:
        retry = (
            f'<form hx-post="/intake/jobs/{one.job_id}/retry" hx-target="#lp-jobs" hx-swap="outerHTML">'
            '<div class="lp-row"><label>文件有密码时填写（只用这一次，不保存）'
            '<input type="password" name="password" autocomplete="off" maxlength="200"></label>'
            f'<button type="submit">重试失败的 {failed} 个文件</button></div>{error_place()}</form>'
        )
    rows = (
        (
            f'<span class="lp-tag{" lp-bad" if file.status == FAILED else ""}">'
            f"{esc(ALL_NAMES.get(file.status, file.status))}</span>",
            esc(file.path),
            _why(file),
        )
        for file in ordered[:_SHOWN_FILES]
    )
    body = (
        table_html(("结果", "文件", "说明"), rows, f"第 {one.job_id} 号任务的文件")
        if files
        else "<p>没有有变化的文件。</p>"
    )
    if len(ordered) > _SHOWN_FILES:
        body += f"<p>还有 {len(ordered) - _SHOWN_FILES} 个没有列出，可运行 luming jobs show {one.job_id} --csv。</p>"
    return (
        f'<section class="lp-card"><h2>第 {one.job_id} 号任务</h2>'
        f'<p class="lp-dim">{esc(_counts(one)) or "没有结果"}；新建段落索引 {one.passages} 条</p>'
        f"{retry}{_filter(one, files, status)}{body}</section>"
    )


def _why(file: JobFile) -> str:
    """The reason and what to do; a password is given on this page, not on a command line."""
    reason, advice = file.reason, file.advice
    if _OPTION in reason + advice and "不起作用" not in reason:
        reason = reason.replace(f"{_OPTION} 里的密码都打不开", "给出的密码打不开")
        advice = "请在上面填写它的密码后重试，或去掉密码另存一份再传"
    return esc(reason) + (f"<br><small>{esc(advice)}</small>" if advice else "")


def _filter(one: JobView, files: Sequence[JobFile], status: str) -> str:
    """Buttons for the files of one outcome, where there are several."""
    counts = Counter(file.status for file in files)
    if len(counts) < 2:
        return ""
    named = [("", "全部"), *((key, name) for key, name in ALL_NAMES.items() if counts[key])]
    buttons = "".join(
        f'<button type="button" hx-get="/intake/jobs/{one.job_id}?status={key}" hx-target="#lp-job"'
        f' aria-pressed="{"true" if key == status else "false"}">'
        f"{esc(name)} {counts[key] if key else len(files)}</button>"
        for key, name in named
    )
    return f'<div class="lp-acts" role="group" aria-label="只看">{buttons}</div>'


def sources_html(sources: Sequence[Source], collections: Sequence[str], may_add: bool) -> str:
    """The remembered folders; who sees everything may add one."""
    rows = (
        (
            esc(one.collection),
            esc(_what(one.path)),
            when(one.synced_at),
            '<div class="lp-acts">'
            + button_html("立即同步", f"/intake/sources/{one.source_id}/sync", TAB, about=one.path)
            + (
                button_html(
                    "不再同步",
                    f"/intake/sources/{one.source_id}/remove",
                    TAB,
                    confirm="不再同步这个文件夹？已收录的文件保留。",
                    danger=True,
                    about=one.path,
                )
                if may_add and not _UPLOADS.fullmatch(one.path)
                else ""
            )
            + "</div>",
        )
        for one in sources
    )
    body = (
        table_html(("文库", "文件夹", "上次同步", ""), rows, "来源文件夹")
        if sources
        else empty_html("还没有登记来源文件夹", "登记以后，文件夹里有变化时只处理有变化的部分。")
    )
    known = "".join(f'<option value="{esc(one)}">' for one in collections)
    form = (
        f'<form class="lp-card" hx-post="/intake/sources" hx-target="{TAB}"><h2>登记服务器上的文件夹</h2>'
        '<div class="lp-row"><label>文件夹（服务器上的完整路径）<input name="path" required size="40"'
        ' maxlength="1000"></label><label>文库<input name="collection" list="lp-collections" required'
        f' maxlength="60"></label><datalist id="lp-collections">{known}</datalist>'
        f'<button type="submit" class="lp-main">登记并同步</button></div>{error_place()}</form>'
        if may_add
        else ""
    )
    return f'<section class="lp-card"><h2>来源文件夹</h2>{body}</section>{form}'


def documents_html(records: Sequence[DocumentRecord], words: str, total: int) -> str:
    """Documents with check boxes for removing them."""
    rows = (
        (
            f'<input type="checkbox" name="id" value="{esc(one.document_id)}"'
            f' aria-label="选择 {esc(one.title)}">',
            f'<a href="/doc/{esc(one.document_id)}">{esc(one.title)}</a>'
            f"{validity_badge(one.validity)}{missing_badge(one.missing_since is not None)}",
            esc(one.collection),
            esc(one.source),
            f"{one.passage_count}",
            when(one.indexed_at),
            "<br>".join(map(esc, one.warnings[:3])),
        )
        for one in records
    )
    search = (
        f'<form class="lp-row" hx-get="/intake/tab/documents" hx-target="{TAB}">'
        f'<label>查找<input type="search" name="q" value="{esc(words)}" placeholder="标题或文件名"'
        ' maxlength="200"></label><button type="submit">查找</button></form>'
    )
    if not records:
        nothing = "没有符合的文件" if words else "文库还是空的"
        return f'<section class="lp-card">{search}{empty_html(nothing, "上传文件后会列在这里。")}</section>'
    more = (
        f"<p>只列出前 {len(records)} 份，共 {total} 份；请用查找缩小范围。</p>"
        if total > len(records)
        else ""
    )
    return (
        f'<section class="lp-card">{search}<form hx-post="/intake/documents/remove" hx-target="{TAB}"'
        ' hx-confirm="从文库移除选中的文件？上传的原件一并删除；来源文件夹里的不动，下次同步会再收进来。">'
        + table_html(("", "标题", "文库", "文件", "段落", "收录时间", "提示"), rows, "文库里的文件")
        + f'{more}<div class="lp-row"><button type="submit" class="lp-danger">移除选中的文件</button>'
        f"</div>{error_place()}</form></section>"
    )


def duplicates_html(same: Sequence[Copies], near: Sequence[NearCopies]) -> str:
    """Files of the same bytes and documents of nearly the same words; nothing is deleted here."""
    if not same and not near:
        return empty_html("没有相同或相近的文件")
    parts = []
    if same:
        rows = (
            (esc(one.document.title), "<br>".join(esc(place.source) for place in one.places))
            for one in same
        )
        parts.append(
            '<section class="lp-card"><h2>内容完全相同</h2><p class="lp-dim">检索时只算一份。</p>'
            + table_html(("标题", "位置"), rows, "内容完全相同的文件")
            + "</section>"
        )
    for number, group in enumerate(near[:100], start=1):
        why = "同一文件的不同版本" if group.one_family else "请确认是否重复"
        alike_rows = (
            (
                f'<a href="/doc/{esc(one.document_id)}">{esc(one.title)}</a>{validity_badge(one.validity)}',
                esc(one.collection),
                esc(one.source),
                f"{alike:.0%}",
            )
            for one, alike in zip(group.documents, group.similarity, strict=True)
        )
        parts.append(
            f'<section class="lp-card"><h2>文字相近第 {number} 组</h2><p class="lp-dim">{why}</p>'
            + table_html(
                ("标题", "文库", "文件", "相近程度"), alike_rows, f"文字相近第 {number} 组"
            )
            + "</section>"
        )
    return "".join(parts)


def gaps_tab_html(gaps: Sequence[Gap], facts: Sequence[str]) -> str:
    """Questions that the library could not answer, with what would fill them."""
    if not gaps:
        return empty_html("没有文库答不了的问题", "有人提问而文库没有依据时，问题会归类列在这里。")
    items = "".join(
        f'<section class="lp-card"><h3>{esc(gap.text)}</h3><p class="lp-dim">{esc(fact)}</p>'
        f'<p class="lp-good">{esc(gap.advice)}</p><div class="lp-acts">'
        f'<a class="lp-button" href="/ask?q={_quoted(gap.text)}">再问一次</a>'
        + button_html("已经补上", f"/intake/gaps/{gap.gap_id}/fill", TAB, about=gap.text)
        + button_html("不用补充", f"/intake/gaps/{gap.gap_id}/dismiss", TAB, about=gap.text)
        + "</div></section>"
        for gap, fact in zip(gaps, facts, strict=True)
    )
    return items


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")

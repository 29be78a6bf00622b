"""Fragments of the page 管理: people, logins and tokens, the audit log, the state of the system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ui.access.audit import ACTION_NAMES, PAGE_SIZE
from ui.access.model import RIGHT_NAMES, ROLE_NAMES, Role
from ui.render.panels import button_html, empty_html, error_place, table_html, when
from ui.render.text import esc

if TYPE_CHECKING:
    from index.doctor import Diagnosis, Finding
    from ui.access.audit import Entry
    from ui.access.people import User
    from ui.access.sessions import Session
    from ui.access.tokens import Token

TABS = (
    ("users", "用户与权限"),
    ("tokens", "登录与令牌"),
    ("audit", "审计记录"),
    ("system", "系统状态"),
)
TAB = "#lp-tab"
#: What a repair may mend while the server has the library open. The others replace its files, or
#: decide what a person should: another model, an older backup.
_WHILE_SERVING = frozenset(
    (
        "permissions",
        "catalog-links",
        "stale-lock",
        "dead-jobs",
        "passages-missing",
        "originals-missing",
        "outbox-left",
        "rebuild-unfinished",
        "vectors-missing",
        "vectors-stale",
        "vectors-orphan",
        "lexical-missing",
        "lexical-orphan",
        "lexical-twice",
    )
)


def users_html(users: Sequence[User], collections: Sequence[str], told: str = "") -> str:
    """Everybody, and the forms to add somebody or to change what they may."""
    said = f'<p class="lp-good" role="status">{told}</p>' if told else ""
    if not users:
        start = empty_html(
            "还没有用户",
            "现在只有坐在这台机器前的人能用，不用登录。",
            "要让别人通过网络使用，请先建一个管理员；建好以后所有人都要登录。",
        )
        return (
            f'<section class="lp-card">{said}{start}</section>{_new_user(collections, first=True)}'
        )
    rows = (
        (
            f"{esc(one.display)}<br><small>{esc(one.name)}</small>",
            esc(ROLE_NAMES[one.role]),
            _seen(one.collections),
            _status(one),
            when(one.last_seen),
            f'<div class="lp-acts">{_acts(one)}</div>',
        )
        for one in users
    )
    return (
        f'<section class="lp-card"><h2>用户</h2>{said}'
        + table_html(("姓名", "角色", "可看的文库", "状态", "最近使用", ""), rows, "用户")
        + f'</section><div id="lp-user"></div>{_new_user(collections, first=False)}{_roles()}'
    )


def _seen(collections: frozenset[str] | None) -> str:
    if collections is None:
        return "全部"
    return "、".join(map(esc, sorted(collections))) or "（没有）"


def _status(one: User) -> str:
    if one.disabled:
        return '<span class="lp-tag lp-bad">已停用</span>'
    if one.must_change:
        return '<span class="lp-tag lp-live">待改密码</span>'
    return '<span class="lp-tag lp-ok">正常</span>'


def _acts(one: User) -> str:
    base = f"/admin/users/{one.name}"
    turn = ("启用", "enable") if one.disabled else ("停用", "disable")
    return (
        f'<button type="button" hx-get="{esc(base)}" hx-target="#lp-user"'
        f' aria-label="改权限：{esc(one.display)}">改权限</button>'
        + button_html(
            turn[0],
            f"{base}/{turn[1]}",
            TAB,
            confirm="" if one.disabled else f"停用“{one.display}”？登录马上结束，资料保留。",
            about=one.display,
            danger=not one.disabled,
        )
        + button_html(
            "重设密码",
            f"{base}/reset",
            TAB,
            confirm=f"给“{one.display}”一个新的一次性密码？已登录的会退出。",
            about=one.display,
        )
        + button_html(
            "删除",
            f"{base}/remove",
            TAB,
            confirm=f"删除用户“{one.display}”，连同登录、令牌和对话？审计记录保留。",
            danger=True,
            about=one.display,
        )
    )


def _role_options(current: Role) -> str:
    return "".join(
        f'<option value="{role}"{" selected" if role == current else ""}>{esc(name)}</option>'
        for role, name in ROLE_NAMES.items()
    )


def _boxes(collections: Sequence[str], chosen: frozenset[str] | None) -> str:
    every = " checked" if chosen is None else ""
    known = sorted({*collections, *(chosen or ())})
    boxes = "".join(
        f'<label class="lp-check"><input type="checkbox" name="collection" value="{esc(one)}"'
        f"{' checked' if chosen and one in chosen else ''}>{esc(one)}</label>"
        for one in known
    )
    return (
        '<fieldset class="lp-row"><legend>可看的文库</legend><label class="lp-check">'
        f'<input type="checkbox" name="whole" value="1"{every}>全部（包括以后新建的）</label>{boxes}</fieldset>'
    )


def _new_user(collections: Sequence[str], *, first: bool) -> str:
    role = (
        '<input type="hidden" name="role" value="admin"><input type="hidden" name="whole" value="1">'
        if first
        else f'<label>角色<select name="role">{_role_options(Role.READER)}</select></label>'
    )
    boxes = "" if first else _boxes(collections, frozenset())
    return (
        f'<form class="lp-card" hx-post="/admin/users" hx-target="{TAB}">'
        f"<h2>{'建第一个管理员' if first else '新建用户'}</h2>"
        '<div class="lp-row"><label>登录名<input name="name" required maxlength="64" autocomplete="off">'
        '</label><label>姓名<input name="display" maxlength="60" autocomplete="off"></label>'
        f"<label>{'密码（至少 10 个字符）' if first else '初始密码（至少 10 个字符，首次登录后要改）'}"
        '<input name="password" type="password" required'
        f' autocomplete="new-password" maxlength="200"></label>{role}</div>{boxes}'
        f'<div class="lp-row"><button type="submit" class="lp-main">{"建立" if first else "新建"}</button>'
        f"</div>{error_place()}</form>"
    )


def _roles() -> str:
    from ui.access.model import RIGHTS_OF

    rows = (
        (
            esc(name),
            "、".join(RIGHT_NAMES[right] for right in RIGHT_NAMES if right in RIGHTS_OF[role]),
        )
        for role, name in ROLE_NAMES.items()
    )
    return (
        '<details class="lp-card"><summary>各角色能做什么</summary>'
        + table_html(("角色", "权限"), rows, "角色的权限")
        + "</details>"
    )


def user_html(user: User, collections: Sequence[str]) -> str:
    """The form for one person's role and collections."""
    return (
        f'<form class="lp-card" hx-post="/admin/users/{esc(user.name)}/rights" hx-target="{TAB}">'
        f'<h2>{esc(user.display)}的权限</h2><div class="lp-row"><label>姓名'
        f'<input name="display" value="{esc(user.display)}" maxlength="60"></label>'
        f'<label>角色<select name="role">{_role_options(user.role)}</select></label></div>'
        f"{_boxes(collections, user.collections)}"
        f'<div class="lp-row"><button type="submit" class="lp-main">保存</button></div>{error_place()}</form>'
    )


def tokens_html(
    users: Sequence[User], sessions: Sequence[Session], tokens: Sequence[Token], secret: str = ""
) -> str:
    """Open logins and the tokens of programs."""
    if not users:
        return empty_html("还没有用户", "建了用户以后，这里列出谁在登录、有哪些访问令牌。")
    shown = (
        f'<p class="lp-good" role="status">新令牌（只显示这一次，请立即保存）：<code>{esc(secret)}</code></p>'
        if secret
        else ""
    )
    login_rows = (
        (
            esc(one.user),
            when(one.opened),
            when(one.seen),
            esc(one.address),
            f"<small>{esc(one.agent[:80])}</small>",
            button_html(
                "让它退出",
                f"/admin/sessions/{one.user}/{one.session_id}/revoke",
                TAB,
                about=one.user,
            ),
        )
        for one in sessions
    )
    token_rows = (
        (
            esc(one.user),
            esc(one.label),
            "、".join(RIGHT_NAMES[right] for right in RIGHT_NAMES if right in one.rights),
            f"{when(one.expires)}{' 已过期' if one.expired else ''}",
            when(one.last_used),
            button_html(
                "撤销", f"/admin/tokens/{one.token_id}/revoke", TAB, danger=True, about=one.label
            ),
        )
        for one in tokens
    )
    who = "".join(f"<option>{esc(one.name)}</option>" for one in users if not one.disabled)
    rights = "".join(
        f'<label class="lp-check"><input type="checkbox" name="right" value="{right}"'
        f"{' checked' if name == '查阅' else ''}>{esc(name)}</label>"
        for right, name in RIGHT_NAMES.items()
    )
    return (
        '<section class="lp-card"><h2>正在登录</h2>'
        + (
            table_html(("用户", "登录", "最近使用", "地址", "浏览器", ""), login_rows, "登录")
            if sessions
            else "<p>没有人在登录。</p>"
        )
        + f'</section><section class="lp-card"><h2>访问令牌</h2>{shown}'
        '<p class="lp-dim">供别的程序以某人的名义使用，权限不超过那个人。</p>'
        + (
            table_html(("用户", "用途", "权限", "到期", "最近使用", ""), token_rows, "令牌")
            if tokens
            else "<p>还没有令牌。</p>"
        )
        + f'<form hx-post="/admin/tokens" hx-target="{TAB}"><div class="lp-row">'
        f'<label>用户<select name="user">{who}</select></label>'
        '<label>用途<input name="label" required maxlength="60"></label>'
        '<label>有效天数<input name="days" type="number" min="1" max="730" value="90"></label>'
        f'{rights}<button type="submit">新建令牌</button></div>{error_place()}</form></section>'
    )


def audit_html(
    entries: Sequence[Entry], total: int, page: int, asked: dict[str, str], state: str
) -> str:
    """One page of the audit log under a filter."""
    rows = (
        (
            f"{one.number}",
            f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}",
            esc(one.user),
            esc(one.action_name),
            esc(one.object),
            esc(one.detail),
            esc(one.address),
        )
        for one in entries
    )
    options = '<option value="">全部</option>' + "".join(
        f'<option value="{action}"{" selected" if asked.get("action") == action else ""}>{esc(name)}</option>'
        for action, name in ACTION_NAMES.items()
    )
    query = urlencode({key: value for key, value in asked.items() if value})
    form = (
        f'<form class="lp-row" hx-get="/admin/tab/audit" hx-target="{TAB}">'
        f'<label>用户<input name="user" value="{esc(asked.get("user", ""))}" maxlength="64" size="10"></label>'
        f'<label>操作<select name="action">{options}</select></label>'
        f'<label>从<input type="date" name="since" value="{esc(asked.get("since", ""))}"></label>'
        f'<label>到<input type="date" name="until" value="{esc(asked.get("until", ""))}"></label>'
        f'<label>内容<input name="text" value="{esc(asked.get("text", ""))}" maxlength="100" size="12"></label>'
        '<button type="submit">查找</button>'
        f'<a class="lp-button" href="/admin/audit.csv?{esc(query)}" download>导出 CSV</a></form>'
    )
    pages = max(1, -(-total // PAGE_SIZE))
    turn = "".join(
        f'<button type="button" hx-get="/admin/tab/audit?{esc(query)}&amp;page={number}"'
        f' hx-target="{TAB}">{name}</button>'
        for number, name in ((page - 1, "上一页"), (page + 1, "下一页"))
        if 1 <= number <= pages
    )
    body = (
        table_html(("编号", "时间", "用户", "操作", "对象", "详情", "地址"), rows, "审计记录")
        if entries
        else empty_html("没有记录", "有用户以后，登录、提问、查看、入库和权限变动都会记在这里。")
    )
    return (
        f'<section class="lp-card"><h2>审计记录</h2>{form}{body}'
        f'<div class="lp-row"><span class="lp-dim">共 {total} 条，第 {page}/{pages} 页</span>{turn}</div>'
        f'<p class="lp-dim">{esc(state)}</p></section>'
    )


def system_html(
    facts: Sequence[tuple[str, str]], settings: Sequence[tuple[str, str, str, bool]]
) -> str:
    """Counts and versions; the check and the backup are made when asked for."""
    listed = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts)
    rows = (
        (
            f"<code>{esc(name)}</code>",
            esc(what),
            esc(value) + (' <span class="lp-tag lp-live">改过</span>' if changed else ""),
        )
        for name, what, value, changed in settings
    )
    return (
        f'<div class="lp-grid"><section class="lp-card"><h2>资料库</h2><dl>{listed}</dl></section>'
        '<section class="lp-card"><h2>备份</h2><p>目录库、提问记录、用户与权限、原件；别人可以照常使用。</p>'
        '<div class="lp-row">'
        + button_html("现在备份", "/admin/backup", "#lp-backup")
        + '</div><div id="lp-backup"></div></section></div>'
        '<section class="lp-card"><h2>体检</h2><div class="lp-row">'
        + button_html("开始体检", "/admin/doctor", "#lp-doctor")
        + '</div><div id="lp-doctor" aria-live="polite"><p class="lp-dim">检查目录库、向量、全文索引、'
        "原件、磁盘是否完好，需要几秒到几分钟。</p></div></section>"
        '<details class="lp-card"><summary>现在的设置</summary>'
        '<p class="lp-dim">要改，请写进服务器的环境变量或 .env，再重启服务；密钥不显示。</p>'
        + table_html(("名称", "说明", "现在的值"), rows, "设置")
        + "</details>"
    )


def may_repair(findings: Sequence[Finding]) -> bool:
    """Whether something can be repaired, and all of it while people use the server."""
    kinds = {one.kind for one in findings if one.repairable}
    return bool(kinds) and kinds <= _WHILE_SERVING


def doctor_html(found: Diagnosis) -> str:
    """What an examination found, and a way to repair."""
    done = "".join(f'<p class="lp-good">已修复：{esc(one)}</p>' for one in found.done)
    skipped = "".join(
        f'<p class="lp-dim">没有检查：{esc(title)}（{esc(reason)}）</p>'
        for title, reason in found.skipped
    )
    if not found.findings:
        return f'{done}<p class="lp-good">完好：{len(found.checked)} 项都没有问题。</p>{skipped}'
    items = "".join(
        f'<div class="lp-error"><b>{esc(one.message)}</b><p>怎么办：{esc(one.fix)}</p></div>'
        for one in found.findings
    )
    if may_repair(found.findings):
        repair = button_html(
            "修复能修复的", "/admin/repair", "#lp-doctor", confirm="现在修复？期间不能入库。"
        )
    elif any(one.repairable for one in found.findings):
        repair = (
            "<p>修这些要换掉服务正在用的文件：请停掉网页服务，在服务器上运行 "
            "<code>luming doctor --repair</code>。</p>"
        )
    else:
        repair = ""
    return f"{done}{items}{repair}{skipped}"

"""Login, one's own account, and "you may not": plain pages that need no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ui.access.model import RIGHT_NAMES, RIGHTS_OF, ROLE_NAMES, Right
from ui.access.passwords import MIN_LENGTH
from ui.access.people import User
from ui.access.sessions import Session
from ui.access.tokens import Token
from ui.render.page import LOGO
from ui.render.text import esc

Cells = Sequence[str]
TOKEN_DAYS = (30, 90, 180, 365)


@dataclass(frozen=True)
class AccountView:
    """What the page of one's own account shows. ``current`` is the id of this browser's session;
    ``secret`` a token that was just made; ``form`` proves that a form was of this page."""

    user: User
    current: str
    sessions: Sequence[Session]
    tokens: Sequence[Token]
    form: str
    notice: str = ""
    error: str = ""
    secret: str = ""


def login_html(
    form: str, next: str = "/", *, name: str = "", error: str = "", oidc: str = ""
) -> str:
    """The login. ``oidc``: address of the login by another system, "" for none."""
    other = (
        f'<a class="lm-button lm-quiet" href="{esc(oidc)}">用单位统一认证登录</a>' if oidc else ""
    )
    body = (
        '<main class="lm-login"><h1>登录</h1>'
        f"{_alert(error)}"
        '<form method="post" action="/login">'
        f"{_hidden('form', form)}{_hidden('next', next)}"
        f"{_field('name', '用户名', 'username', value=name, focus=not name)}"
        f"{_field('password', '密码', 'current-password', kind='password', focus=bool(name))}"
        '<button class="lm-button" type="submit">登录</button></form>'
        f"{other}<p class='lm-hint'>没有账户或忘记密码，请联系本单位管理员。</p></main>"
    )
    return page_html("登录", body)


def refused_html(line: str) -> str:
    """A page for whoever may not see what they asked for."""
    body = (
        '<main class="lm-login"><h1>不能打开这个页面</h1>'
        f'<p class="lm-line">{esc(line)}</p>'
        '<p class="lm-links"><a class="lm-button" href="/">回到首页</a>'
        '<a class="lm-button lm-quiet" href="/account">我的账户</a></p></main>'
    )
    return page_html("不能打开", body)


def account_html(view: AccountView) -> str:
    """One's own account: password, logins, tokens."""
    user = view.user
    seen = "全部文库" if user.collections is None else "、".join(sorted(user.collections)) or "无"
    rights = "、".join(name for right, name in RIGHT_NAMES.items() if right in RIGHTS_OF[user.role])
    first = "这是首次登录，或密码已由管理员重设：请先设一个新密码，然后才能使用。"
    parts = [
        '<main class="lm-account"><h1>我的账户</h1>',
        _alert(first if user.must_change and not view.error else view.error),
        f'<p class="lm-notice" role="status">{esc(view.notice)}</p>' if view.notice else "",
        _new_token(view.secret),
        '<section aria-labelledby="lm-me"><h2 id="lm-me">基本情况</h2><dl>'
        f"<dt>用户名</dt><dd>{esc(user.name)}</dd><dt>姓名</dt><dd>{esc(user.display)}</dd>"
        f"<dt>角色</dt><dd>{esc(ROLE_NAMES[user.role])}（{esc(rights)}）</dd>"
        f"<dt>可查文库</dt><dd>{esc(seen)}</dd></dl>"
        f'<form method="post" action="/logout">{_hidden("form", view.form)}'
        '<button class="lm-button lm-quiet" type="submit">退出登录</button></form></section>',
        _password(view) if user.has_password else "",
    ]
    if not user.must_change:
        parts += [_sessions(view), _tokens(view)]
    return page_html("我的账户", "".join([*parts, "</main>"]), home=not user.must_change)


def page_html(title: str, body: str, *, home: bool = True) -> str:
    """A whole page around ``body``."""
    back = '<a class="lm-home" href="/">回到鹿鸣</a>' if home and title != "登录" else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(title)} · 鹿鸣</title>"
        '<link rel="icon" href="/luming/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/luming/luming.css">'
        '<link rel="stylesheet" href="/luming/access.css">'
        '<script src="/luming/access.js"></script></head><body class="lm-access">'
        f'<header class="lm-top"><span class="lm-brand">{LOGO}<b>鹿鸣</b><small>有据可查的知识助手</small></span>{back}</header>'
        f"{body}</body></html>"
    )


def _password(view: AccountView) -> str:
    return (
        '<section aria-labelledby="lm-pw"><h2 id="lm-pw">修改密码</h2>'
        '<form method="post" action="/account/password">'
        f"{_hidden('form', view.form)}"
        # For password managers, which want to know whose it is.
        f'<input type="hidden" name="username" autocomplete="username" value="{esc(view.user.name)}">'
        f"{_field('old', '原密码', 'current-password', kind='password')}"
        f"{_field('new', '新密码', 'new-password', kind='password', describe='lm-rule')}"
        f"{_field('again', '再输一次新密码', 'new-password', kind='password')}"
        f'<p class="lm-hint" id="lm-rule">至少 {MIN_LENGTH} 个字符，不能是用户名或常见密码。'
        "修改后其他地方的登录会全部退出。</p>"
        '<button class="lm-button" type="submit">修改密码</button></form></section>'
    )


def _sessions(view: AccountView) -> str:
    def row(one: Session) -> Cells:
        here = one.session_id == view.current
        end = (
            "<span>本次登录</span>"
            if here
            else _action(
                view, "/account/sessions/revoke", one.session_id, "结束", _device(one.agent)
            )
        )
        return esc(_device(one.agent)), esc(one.address), _time(one.opened), _time(one.seen), end

    rows = _table(
        "登录列表", ("设备", "地址", "登录时间", "最近使用", "操作"), map(row, view.sessions)
    )
    others = (
        f'<form method="post" action="/account/sessions/revoke">{_hidden("form", view.form)}'
        f"{_hidden('id', '*')}"
        '<button class="lm-button lm-quiet" type="submit">结束其他全部登录</button></form>'
        if len(view.sessions) > 1
        else ""
    )
    return (
        f'<section aria-labelledby="lm-se"><h2 id="lm-se">登录中的设备</h2>{rows}{others}</section>'
    )


def _tokens(view: AccountView) -> str:
    def row(one: Token) -> Cells:
        rights = "、".join(RIGHT_NAMES[right] for right in Right if right in one.rights)
        ends = _time(one.expires) + ("（已到期）" if one.expired else "")
        end = _action(view, "/account/tokens/revoke", one.token_id, "撤销", one.label)
        used = _time(one.last_used) if one.last_used else "未用过"
        return esc(one.label), esc(rights), ends, used, end

    rows = (
        _table("令牌列表", ("用途", "权限", "到期", "最近使用", "操作"), map(row, view.tokens))
        if view.tokens
        else '<p class="lm-line">还没有令牌。其他程序要用接口查询时，在这里给它建一个。</p>'
    )
    boxes = "".join(
        f'<label class="lm-box"><input type="checkbox" name="rights" value="{right}"'
        f"{' checked' if right is Right.READ else ''}>{esc(RIGHT_NAMES[right])}</label>"
        for right in Right
        if right in RIGHTS_OF[view.user.role]
    )
    days = "".join(
        f'<option value="{n}"{" selected" if n == 90 else ""}>{n} 天</option>' for n in TOKEN_DAYS
    )
    return (
        f'<section aria-labelledby="lm-to"><h2 id="lm-to">访问令牌</h2>{rows}'
        '<form method="post" action="/account/tokens">'
        f"{_hidden('form', view.form)}{_field('label', '用途', 'off', limit=60)}"
        f"<fieldset><legend>权限</legend>{boxes}</fieldset>"
        '<div class="lm-field"><label for="lm-days">有效期</label>'
        f'<select id="lm-days" name="days">{days}</select></div>'
        '<button class="lm-button" type="submit">新建令牌</button></form></section>'
    )


def _new_token(secret: str) -> str:
    if not secret:
        return ""
    return (
        '<section class="lm-secret" aria-labelledby="lm-new"><h2 id="lm-new">新令牌</h2>'
        "<p>请现在就复制保存，离开本页后不再显示：</p>"
        f"<p><code>{esc(secret)}</code></p></section>"
    )


def _action(view: AccountView, action: str, number: str, word: str, what: str) -> str:
    return (
        f'<form method="post" action="{action}">{_hidden("form", view.form)}{_hidden("id", number)}'
        f'<button class="lm-small" type="submit" aria-label="{word}：{esc(what)}">{word}</button>'
        "</form>"
    )


def _table(name: str, headings: Sequence[str], rows: Iterable[Cells]) -> str:
    """Cells are HTML. Each says what it is, for narrow screens, where rows are cards."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{heading}">{cell}</td>'
            for heading, cell in zip(headings, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="lm-table" tabindex="0" role="region" aria-label="{name}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _field(
    name: str,
    label: str,
    complete: str,
    *,
    kind: str = "text",
    value: str = "",
    focus: bool = False,
    describe: str = "",
    limit: int = 256,
) -> str:
    return (
        f'<label class="lm-field"><span>{label}</span><input name="{name}" type="{kind}"'
        f' autocomplete="{complete}" maxlength="{limit}" required spellcheck="false"'
        f' autocapitalize="none" value="{esc(value)}"'
        f"{' autofocus' if focus else ''}"
        f"{f' aria-describedby={chr(34)}{describe}{chr(34)}' if describe else ''}></label>"
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{esc(value)}">'


def _alert(line: str) -> str:
    return f'<p class="lm-alert" role="alert">{esc(line)}</p>' if line else ""


def _time(moment: datetime) -> str:
    local = moment.astimezone()
    return f'<time datetime="{local.isoformat()}">{local:%Y-%m-%d %H:%M}</time>'


def _device(agent: str) -> str:
    """A browser and a system, roughly, by what the browser says of itself."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"),
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for sign, name in browsers if sign in agent), "其他程序")
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{browser}（{system}）" if system else browser

"""The pages of a live quiz on a phone. Nothing of the library is on them but the present question."""

from __future__ import annotations

from assistant.study.rooms import MOST_NICKNAME
from ui.render.page import LOGO
from ui.render.text import esc


def entry_html(line: str = "") -> str:
    """Where the six digits are typed in."""
    told = f'<p class="error" role="alert">{esc(line)}</p>' if line else ""
    return _page(
        "现场测验",
        f'<main><h1>现场测验</h1>{told}<form id="entry" class="card"><label>屏幕上的 6 位数字'
        '<input id="code" inputmode="numeric" autocomplete="off" maxlength="6" pattern="[0-9]{6}" required>'
        '</label><button type="submit" class="main">进入</button></form></main>',
    )


def room_html(code: str, title: str, joined: bool) -> str:
    """The quiz; its script asks for the present question."""
    hidden = " hidden" if joined else ""
    return _page(
        title,
        f'<main id="room" data-code="{esc(code)}" data-joined="{int(joined)}"><h1>{esc(title)}</h1>'
        f'<form id="join" class="card"{hidden}><label>昵称（可以不填，不填就是匿名）'
        f'<input id="nickname" autocomplete="off" maxlength="{MOST_NICKNAME}"></label>'
        '<button type="submit" class="main">加入</button></form>'
        '<p id="error" class="error" role="alert" hidden></p>'
        '<section id="question" class="card" aria-live="polite" hidden></section>'
        '<p class="hint">结束作答前可以改，以最后一次为准。换了网络或刷新页面，答过的还在。</p></main>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{esc(title)} · 鹿鸣</title>"
        '<link rel="icon" href="/luming/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/luming/room.css"><script src="/luming/room.js" defer></script>'
        f"</head><body><header>{LOGO}<b>鹿鸣</b></header>{body}</body></html>"
    )

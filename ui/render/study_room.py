"""Fragments of a live quiz on the trainer's screen, and of its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.study.marking import choices_of, right_of
from assistant.study.model import QUIZ_NAMES
from ui.render.panels import empty_html, error_place, table_html, when
from ui.render.study_home import STAGE, number_html
from ui.render.study_session import source_html
from ui.render.text import esc

if TYPE_CHECKING:
    from assistant.study.marking import ArticleResult, ItemResult
    from assistant.study.rooms import Room

_SCORES = 50  # nicknames shown


def room_html(
    room: Room,
    base: str,
    joined: int,
    answered: int,
    counted: ItemResult | None,
    notice: str = "",
) -> str:
    """The screen: how to come in at ``base``, then question by question."""
    told = "".join(
        f'<p class="lp-dim">{esc(one)}</p>' for one in (notice, _not_for_phones(base)) if one
    )
    place = f"{base}/room/{room.code}"
    count = (
        f'<p class="ls-count" id="ls-count" role="status" hx-get="/study/room/{esc(room.room_id)}/count"'
        f' hx-trigger="every 2s">{count_html(room, joined, answered)}</p>'
    )
    if room.phase == "lobby":
        body = (
            f'<p class="ls-address">手机浏览器打开 <b>{esc(place)}</b></p>'
            f'<p>或打开 {esc(base)}/room/ 输入</p><p class="ls-code" data-code>{esc(room.code)}</p>{count}{told}'
        )
    else:
        body = (
            f'<p class="lp-dim">{esc(base)}/room/　数字 <b data-code>{esc(room.code)}</b></p>'
            f"<h3>第 {room.place + 1} 题，共 {len(room.items)} 题（{QUIZ_NAMES[room.item.kind]}）</h3>"
            f'<p class="ls-stem">{esc(room.item.stem)}</p>{_choices(room, counted)}{count}'
        )
    return (
        f'<div class="lp" data-room="{esc(room.room_id)}">{_back(room)}'
        f'<section class="lp-card ls-room"><h2>{esc(room.title)}</h2>{body}'
        f'<div class="lp-row">{_acts(room)}</div></section></div>'
    )


def _not_for_phones(base: str) -> str:
    """Why phones cannot open the address, where it is of this machine only."""
    from urllib.parse import urlsplit

    from ui.access.peers import LOOPBACK_NAMES

    if urlsplit(base).hostname not in LOOPBACK_NAMES:
        return ""
    return "这是本机地址，手机打不开；请管理员让服务在办公网络上监听，并设置 LUMING_PUBLIC_URL。"


def _back(room: Room) -> str:
    return (
        f'<p><a href="/study?s={esc(room.session_id)}" hx-get="/study/s/{esc(room.session_id)}"'
        f' hx-target="{STAGE}">← 回到备课</a></p>'
    )


def count_html(room: Room, joined: int, answered: int) -> str:
    """How many are in and have answered."""
    if room.phase == "lobby":
        return f"已有 <b>{joined}</b> 人加入"
    return f"已答 <b>{answered}</b> / {joined} 人"


def _choices(room: Room, counted: ItemResult | None) -> str:
    right = room.phase == "revealed"
    if counted is None:
        lines = "".join(
            f"<p>{esc(_named(label, text))}</p>" for label, text in choices_of(room.item)
        )
        return f'<div class="ls-bars ls-stem">{lines}</div>'
    return bars_html(counted, right)


def bars_html(one: ItemResult, right: bool) -> str:
    """How many chose what; the right choices marked with ``right``."""
    key = right_of(one.item)
    rows = []
    for label, text in choices_of(one.item):
        count = one.counts.get(label, 0)
        share = count / one.answered if one.answered else 0.0
        marked = right and label in key
        css, tick = (" ls-right", " ✓") if marked else ("", "")
        rows.append(
            f'<div class="ls-bar{css}"><span>{esc(_named(label, text))}　<b>{count} 人{tick}</b></span>'
            f'<div><i style="width:{share:.1%}"></i></div></div>'
        )
    return f'<div class="ls-bars">{"".join(rows)}</div>'


def _named(label: str, text: str) -> str:
    return text if label == text else f"{label}. {text}"


def _acts(room: Room) -> str:
    steps = {
        "lobby": [("start", "开始第 1 题")],
        "open": [("close", "停止作答")],
        "closed": [("reveal", "公布答案"), ("reopen", "继续作答")],
        "revealed": [("end", "结束，看结果") if room.last else ("next", "下一题")],
    }[room.phase]
    made = "".join(
        _press(room, do, name, "lp-main" if at == 0 else "") for at, (do, name) in enumerate(steps)
    )
    if steps[0][0] != "end":
        made += _press(room, "end", "结束测验", "lp-danger", "结束这场测验？结束后不能再作答。")
    return made


def _press(room: Room, do: str, name: str, css: str, confirm: str = "") -> str:
    asked = f' hx-confirm="{esc(confirm)}"' if confirm else ""
    return (
        f'<button type="button" id="r-{do}" class="{css}" hx-post="/study/room/{esc(room.room_id)}/act"'
        f' hx-target="{STAGE}" name="do" value="{do}:{room.place}"{asked}>{name}</button>'
    )


def results_html(
    room: Room,
    results: Sequence[ItemResult],
    articles: Sequence[ArticleResult],
    joined: int,
    scores: Sequence[tuple[str, int]],
) -> str:
    """What came out: articles by how often they were got wrong, every question, a follow-up."""
    head = (
        f'<header class="ls-head"><h2>现场测验结果：{esc(room.title)}</h2>'
        f"<p>{when(room.at)} · {joined} 人加入 · {len(room.items)} 题</p></header>"
    )
    if not any(one.answered for one in results):
        body = empty_html("没有人作答", "这场测验没有收到回答。")
        return f'<div class="lp" data-room="{esc(room.room_id)}">{_back(room)}{head}{body}</div>'
    return (
        f'<div class="lp" data-room="{esc(room.room_id)}">{_back(room)}{head}'
        f"{_articles(room, articles)}{_questions(results)}{_scores(scores, len(room.items))}</div>"
    )


def _articles(room: Room, articles: Sequence[ArticleResult]) -> str:
    rows = (
        (
            source_html(one.citation),
            "、".join(f"第 {number} 题" for number in one.numbers),
            f"{one.answered} 次",
            f"<b>{one.wrong:.0%}</b>" if one.answered else "没有人答",
        )
        for one in articles
    )
    table = table_html(("条文", "题目", "回答", "错误率"), rows, "按条文看错误率")
    return (
        f'<section class="lp-card"><h3>哪些条文容易错</h3>{table}'
        f'<form hx-post="/study/room/{esc(room.room_id)}/follow" hx-target="#ls-draft" novalidate>'
        f'<div class="lp-row">{number_html("minutes", "补学时长（分钟）", "30", 5, 480)}'
        '<button type="submit" class="lp-main">按错得多的条文备一次补学</button>'
        f'<a class="lp-button" href="/study/room/{esc(room.room_id)}/wrong.json">错误率数据（JSON）</a></div>'
        '<p class="lp-dim">错误率 30% 以上的条文重新领学，换题再测。JSON 可用于 luming study plan --wrong 安排系列复习。</p>'
        f'{error_place()}</form><div id="ls-draft" aria-live="polite"></div></section>'
    )


def _questions(results: Sequence[ItemResult]) -> str:
    items = "".join(
        f'<article class="ls-item"><h4>{number}. {esc(one.item.stem)} <small class="lp-dim">'
        f"{one.answered} 人答，{one.right} 人对</small></h4>{bars_html(one, True)}</article>"
        for number, one in enumerate(results, 1)
    )
    return f'<section class="lp-card"><h3>逐题结果</h3>{items}</section>'


def _scores(scores: Sequence[tuple[str, int]], total: int) -> str:
    if not scores:
        return ""
    rows = ((esc(name), f"{right} / {total}") for name, right in scores[:_SCORES])
    return (
        '<section class="lp-card"><h3>留了昵称的人</h3>'
        f"{table_html(('昵称', '答对'), rows, '按昵称')}</section>"
    )

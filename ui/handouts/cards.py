"""An Anki deck of the questions: a package of collection format 11, which every Anki reads.

The columns are those that Anki looks for. genanki, which writes the same format, has had no release
since 2023 and brings four packages of its own.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from assistant.study.model import QUIZ_NAMES, QuizItem, StudyCitation
from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material

FIELDS = ("题目", "选项", "答案", "解析", "原文", "出处", "题型")
_MODEL = 1_732_500_000_001  # any fixed number: the kind of note that LuMing makes
_MADE = 1_732_500_000
_SCHEMA = """
create table col (id integer primary key, crt integer not null, mod integer not null,
  scm integer not null, ver integer not null, dty integer not null, usn integer not null,
  ls integer not null, conf text not null, models text not null, decks text not null,
  dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null,
  mod integer not null, usn integer not null, tags text not null, flds text not null,
  sfld integer not null, csum integer not null, flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null,
  ord integer not null, mod integer not null, usn integer not null, type integer not null,
  queue integer not null, due integer not null, ivl integer not null, factor integer not null,
  reps integer not null, lapses integer not null, left integer not null, odue integer not null,
  odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null,
  ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null,
  time integer not null, type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
create index ix_notes_usn on notes (usn);
create index ix_cards_usn on cards (usn);
create index ix_revlog_usn on revlog (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_cid on revlog (cid);
create index ix_notes_csum on notes (csum);
"""
_FRONT = '<div class="kind">{{题型}}</div><div class="stem">{{题目}}</div>{{选项}}'
_BACK = (
    '{{FrontSide}}<hr id=answer><div class="answer">{{答案}}</div>{{#解析}}<div>{{解析}}</div>'
    '{{/解析}}{{#原文}}<blockquote>{{原文}}</blockquote>{{/原文}}<div class="source">{{出处}}</div>'
)
_CSS = (
    ".card{font-size:18px;line-height:1.7;text-align:left;padding:0 12px;"
    "font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    ".kind,.source{color:#777;font-size:.8em}.answer{font-weight:bold;color:#9f2f24}"
    ".nightMode .answer{color:#f0a194}blockquote{border-left:3px solid #9f2f24;margin:8px 0;"
    "padding-left:10px}ol,ul{padding-left:1.4em}"
)


class CardsWriter:
    """One .apkg."""

    title = "Anki 卡片"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """The package; none where there is no question."""
        items: dict[str, QuizItem] = {}
        for paper in material.papers:
            for item in paper.items:
                items.setdefault(guid(item), item)
        if items:
            data = _package(words.title_of(material.session), items)
            yield HandoutFile("卡片", "apkg", data)


def guid(item: QuizItem) -> str:
    """Stays with a question whose explanation or key was mended, so that importing the deck again
    updates the card and keeps its schedule; another stem, right choice or source makes another card."""
    places = sorted(f"{one.document_id}#{one.path}" for one in item.citations)
    asked = [one.text for one in item.choices if one.right]  # 下列说法正确的是 asks many things
    asked += [*item.steps, *(f"{left}={right}" for left, right in item.pairs)]
    parts = [item.kind, words.one_line(item.stem), *places, *sorted(asked)]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _package(title: str, items: dict[str, QuizItem]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("collection.anki2", _collection(title, items))
        package.writestr("media", "{}")
    return out.getvalue()


def _collection(title: str, items: dict[str, QuizItem]) -> bytes:
    deck = f"鹿鸣::{title[:80].replace('::', '：')}"
    deck_id = _number(deck)
    changed = int(time.time())  # Anki takes over a card that it has only from a newer one
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_SCHEMA)
        database.execute(
            "insert into col values (1,?,?,?,11,0,0,0,?,?,?,?,'{}')",
            (_MADE, _MADE * 1000, _MADE * 1000, _json(_CONFIGURATION), _json(_models(deck_id)),
             _json(_decks(deck_id, deck)), _json(_OPTIONS)),
        )  # fmt: skip
        for due, (key, item) in enumerate(items.items(), start=1):
            note = _number(key)
            fields = _fields(item)
            digest = hashlib.sha1(item.stem.encode("utf-8", "replace")).hexdigest()[:8]
            database.execute(
                "insert into notes values (?,?,?,?,-1,?,?,?,?,0,'')",
                (note, key, _MODEL, changed, _tags(item), "\x1f".join(fields),
                 fields[0], int(digest, 16)),
            )  # fmt: skip
            database.execute(
                "insert into cards values (?,?,?,0,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')",
                (note + 1, note, deck_id, changed, due),
            )
        database.commit()
        return database.serialize()


def _fields(item: QuizItem) -> list[str]:
    """HTML of each of FIELDS; no field holds the separator, which ``words.clean`` takes out."""
    answer = esc(papers.answer(item))
    answer += _list((words.said(one) for one in item.points), "ul")
    why = [item.explanation, *(text for text, _ in papers.reasons(item))]
    return [
        "<br>".join(esc(one) for one in words.paragraphs(item.stem)),
        "".join(f"<div>{esc(one)}</div>" for one in papers.shown_choices(item)),
        answer,
        "<br>".join(esc(words.one_line(one)) for one in why if one),
        _quotes(item.citations),
        "<br>".join(esc(words.source(one)) for one in item.citations),
        QUIZ_NAMES[item.kind],
    ]


def esc(text: str) -> str:
    """Text for a card: no element, and none of Anki's own ``{{…}}`` or ``[sound:…]``."""
    escaped = html.escape(words.clean(text), quote=True)
    return escaped.replace("{", "&#123;").replace("}", "&#125;").replace("[", "&#91;")


def _list(lines: Iterator[str], tag: str) -> str:
    made = "".join(f"<li>{esc(one)}</li>" for one in lines)
    return f"<{tag}>{made}</{tag}>" if made else ""


def _quotes(citations: Sequence[StudyCitation]) -> str:
    return "<br>".join(esc(one) for cited in citations for one in words.paragraphs(cited.quote))


def _tags(item: QuizItem) -> str:
    return f" 鹿鸣 {QUIZ_NAMES[item.kind]} 难度{papers.difficulty(item)} "


def _number(text: str) -> int:
    """A stable id of the size of Anki's, which are milliseconds."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return 1_500_000_000_000 + int.from_bytes(digest[:8], "big") % 200_000_000_000


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _models(deck_id: int) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": at, "sticky": False, "rtl": False, "font": "Arial", "size": 20,
         "media": []}
        for at, name in enumerate(FIELDS)
    ]  # fmt: skip
    card = {"name": "卡片", "ord": 0, "qfmt": _FRONT, "afmt": _BACK, "did": None, "bqfmt": "",
            "bafmt": ""}  # fmt: skip
    return {
        str(_MODEL): {
            "id": _MODEL, "name": "鹿鸣题目", "type": 0, "mod": _MADE, "usn": -1, "sortf": 0,
            "did": deck_id, "tmpls": [card], "flds": fields, "css": _CSS, "latexPre": "",
            "latexPost": "", "tags": [], "vers": [], "req": [[0, "any", [0]]],
        }
    }  # fmt: skip


def _decks(deck_id: int, name: str) -> dict[str, Any]:
    def deck(number: int, called: str) -> dict[str, Any]:
        return {
            "id": number, "name": called, "mod": _MADE, "usn": -1, "desc": "", "dyn": 0,
            "collapsed": False, "conf": 1, "extendNew": 0, "extendRev": 0, "lrnToday": [0, 0],
            "newToday": [0, 0], "revToday": [0, 0], "timeToday": [0, 0],
        }  # fmt: skip

    return {"1": deck(1, "Default"), str(deck_id): deck(deck_id, name)}


_CONFIGURATION: dict[str, Any] = {
    "activeDecks": [1], "addToCur": True, "collapseTime": 1200, "curDeck": 1,
    "curModel": str(_MODEL), "dueCounts": True, "estTimes": True, "newBury": True, "newSpread": 0,
    "nextPos": 1, "sortBackwards": False, "sortType": "noteFld", "timeLim": 0,
}  # fmt: skip
_OPTIONS: dict[str, Any] = {
    "1": {
        "id": 1, "name": "Default", "mod": 0, "usn": 0, "autoplay": True, "dyn": False,
        "maxTaken": 60, "replayq": True, "timer": 0,
        "lapse": {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0},
        "new": {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7],
                "order": 1, "perDay": 20, "separate": True},
        "rev": {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500,
                "minSpace": 1, "perDay": 100},
    }
}  # fmt: skip

"""Two versions side by side as one web page: self-contained, escaped, for screen and paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ui.render.text import esc, validity_badge

if TYPE_CHECKING:
    from index.versions.compare.articles import Article
    from index.versions.compare.comparison import Change, Comparison
    from index.versions.compare.words import Segment

_GROUPS = (
    ("changed", "有改动"),
    ("moved_changed", "条号和内容都改"),
    ("added", "新增"),
    ("removed", "删去"),
    ("moved", "只改条号"),
)
_UNCHANGED = "未变"
_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2520;--dim:#5d6b63;--line:#d9e0db;--soft:#f4f7f5;
--link:#17603f;--ins:#d8f0e0;--insfg:#0b4a2c;--del:#fbe1de;--delfg:#7a1a12}
@media(prefers-color-scheme:dark){:root{--bg:#131916;--fg:#e4ebe6;--dim:#9fb0a6;--line:#323d37;
--soft:#1b2420;--link:#7fd0a6;--ins:#173d29;--insfg:#a8ecc5;--del:#4a1f1b;--delfg:#ffc4bc}}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.8 "Noto Sans CJK SC","Source Han Sans SC",
"PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
main{max-width:1180px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:24px;line-height:1.4;margin:0 0 12px}
h2{font-size:17px;margin:24px 0 8px}
a{color:var(--link)}
small,.dim{color:var(--dim);font-size:14px}
.sides,.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 24px}
.sides>div{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.counts{display:flex;flex-wrap:wrap;gap:8px;padding:0;margin:16px 0;list-style:none}
.counts li{border:1px solid var(--line);border-radius:999px;padding:2px 12px}
.outline ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 14px}
.key{border:1px solid var(--line);border-radius:8px;padding:8px 14px;margin:16px 0}
article{border-top:1px solid var(--line);padding:14px 0}
article h3{font-size:16px;margin:0 0 6px}
.tag{border:1px solid currentColor;border-radius:4px;padding:0 6px;font-size:13px;font-weight:400;
color:var(--dim);margin-left:8px;white-space:nowrap}
.pair p{margin:0 0 6px}
.side{min-width:0}
.side>b{display:block;color:var(--dim);font-weight:400;font-size:14px}
.none{color:var(--dim)}
ins{background:var(--ins);color:var(--insfg);text-decoration:underline;text-decoration-thickness:2px;
text-underline-offset:3px;border-radius:2px}
del{background:var(--del);color:var(--delfg);text-decoration:line-through;
text-decoration-thickness:2px;border-radius:2px}
details{border-top:1px solid var(--line);padding:6px 0}
summary{cursor:pointer;color:var(--dim)}
.lm-badge{border:1px solid currentColor;border-radius:4px;padding:0 6px;font-size:13px;margin-left:8px}
.warn{border-left:4px solid #b7791f;padding-left:10px}
@media(max-width:640px){body{font-size:15px}.sides,.pair{grid-template-columns:1fr;gap:10px}
h1{font-size:20px}.side+.side{border-top:1px dashed var(--line);padding-top:8px}}
@media print{a{color:inherit;text-decoration:none}article{break-inside:avoid}}
"""


@dataclass(frozen=True)
class Side:
    """One of the two versions, as the page names it."""

    document_id: str
    title: str
    made: date | None
    validity: str
    reason: str
    warning: str = ""

    @property
    def line(self) -> str:
        """One line: title, date, validity."""
        made = f"（{self.made:%Y-%m-%d}）" if self.made else ""
        return f"《{self.title}》{made}[{self.validity}] {self.document_id}"

    def as_dict(self) -> dict[str, str | None]:
        """For JSON."""
        return {
            "document_id": self.document_id,
            "title": self.title,
            "made": self.made.isoformat() if self.made else None,
            "validity": self.validity,
            "reason": self.reason,
            "warning": self.warning or None,
        }


def diff_page(old: Side, new: Side, comparison: Comparison) -> str:
    """The whole page. Nothing is loaded from anywhere and nothing in it runs."""
    title = f"{new.title}：新旧对照"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{esc(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{esc(title)}</h1>{_sides(old, new)}{_counts(comparison)}{_outline(comparison)}"
        f"{_KEY}{_body(comparison)}</main></body></html>\n"
    )


_KEY = (
    '<p class="key">怎样看：左边是旧版本，右边是新版本。<del>带删除线的字</del>只在旧版本里有，'
    "<ins>带下划线的字</ins>只在新版本里有。</p>"
)


def change_title(change: Change) -> str:
    """A change's heading in words: 第三条 → 第五条（条号和内容都改）."""
    names = dict((*_GROUPS, ("unchanged", _UNCHANGED)))
    label = _label(change.new) if change.new else _label(change.old)
    if change.old and change.new and change.old.label != change.new.label:
        label = f"{_label(change.old)} → {_label(change.new)}"
    note = ""
    if change.merged_into:
        note = f"，文字多见于新{change.merged_into}"
    if change.split_from:
        note = f"，文字多出自旧{change.split_from}"
    return f"{label}（{names[change.kind]}{note}）"


def _label(article: Article | None) -> str:
    if article is None:
        return ""
    return article.label or article.path or "开头"


def _sides(old: Side, new: Side) -> str:
    cells = []
    for name, side in (("旧版本", old), ("新版本", new)):
        made = f"{side.made:%Y-%m-%d} 公布或修订" if side.made else "日期不明"
        warning = f'<p class="warn">{esc(side.warning)}</p>' if side.warning else ""
        cells.append(
            f"<div><small>{name}</small><div><b>《{esc(side.title)}》</b>"
            f"{validity_badge(side.validity)}</div><div class='dim'>{esc(made)}。"
            f"{esc(side.reason)}</div>{warning}</div>"
        )
    return f'<div class="sides">{"".join(cells)}</div>'


def _counts(comparison: Comparison) -> str:
    counts = comparison.counts
    names = (*_GROUPS, ("unchanged", _UNCHANGED))
    items = "".join(f"<li>{name} <b>{counts[kind]}</b> 条</li>" for kind, name in names)
    return f'<ul class="counts">{items}</ul>'


def _outline(comparison: Comparison) -> str:
    parts: list[str] = []
    for kind, name in _GROUPS:
        links = [
            f'<li><a href="#c{place}">{esc(_link(change))}</a></li>'
            for place, change in enumerate(comparison.changes)
            if change.kind == kind
        ]
        if not links:
            continue
        heading, listed = f"{name}（{len(links)}）", f"<ul>{''.join(links)}</ul>"
        if kind == "moved":  # many, and of little interest
            parts.append(f"<details><summary>{heading}</summary>{listed}</details>")
        else:
            parts.append(f"<h2>{heading}</h2>{listed}")
    if not parts:
        return "<p>两个版本的条文没有不同。</p>"
    return f'<nav class="outline" aria-label="改动一览">{"".join(parts)}</nav>'


def _link(change: Change) -> str:
    if change.old and change.new and change.old.label != change.new.label:
        return f"{_label(change.old)}→{_label(change.new)}"
    return _label(change.new or change.old)


def _body(comparison: Comparison) -> str:
    out: list[str] = []
    same: list[Change] = []
    for place, change in enumerate(comparison.changes):
        if change.kind == "unchanged":
            same.append(change)
            continue
        out.append(_same(same))
        same = []
        out.append(_change(place, change))
    out.append(_same(same))
    return "".join(out)


def _same(changes: Sequence[Change]) -> str:
    """Articles that are as before, closed behind one line."""
    if not changes:
        return ""
    labels = [_label(one.new) for one in changes]
    name = labels[0] if len(labels) == 1 else f"{labels[0]} 至 {labels[-1]}"
    texts = "".join(
        f"<article><h3>{esc(_label(one.new))}</h3>{_text(one.new)}</article>" for one in changes
    )
    return f"<details><summary>{esc(name)}：未变，共 {len(changes)} 条</summary>{texts}</details>"


def _change(place: int, change: Change) -> str:
    heading, _, rest = change_title(change).partition("（")
    tag = rest.removesuffix("）")
    if change.segments:
        left, right = _marked(change.segments, "removed"), _marked(change.segments, "added")
    elif change.kind == "added":
        left, right = '<p class="none">（旧版本没有）</p>', _text(change.new, "ins")
    elif change.kind == "removed":
        left, right = _text(change.old, "del"), '<p class="none">（新版本没有）</p>'
    else:
        return (
            f'<details id="c{place}"><summary>{esc(change_title(change))}</summary>'
            f"<article>{_text(change.new)}</article></details>"
        )
    return (
        f'<article id="c{place}"><h3>{esc(heading)}<span class="tag">{esc(tag)}</span></h3>'
        f'<div class="pair"><div class="side"><b>旧 {esc(_place(change.old))}</b>{left}</div>'
        f'<div class="side"><b>新 {esc(_place(change.new))}</b>{right}</div></div></article>'
    )


def _place(article: Article | None) -> str:
    if article is None:
        return ""
    above = " › ".join(part for part in article.path.split("/") if part)
    return f"{above} {article.label}".strip()


def _text(article: Article | None, tag: str = "") -> str:
    """An article's paragraphs, each wholly within ``tag`` where one is given."""
    lines = article.text.split("\n") if article else []
    before, after = (f"<{tag}>", f"</{tag}>") if tag else ("", "")
    return "".join(f"<p>{before}{esc(line)}{after}</p>" for line in lines)


def _marked(segments: Sequence[Segment], kind: str) -> str:
    """One side: what is the same and what is of ``kind``, marked, by lines."""
    tag = "ins" if kind == "added" else "del"
    lines = [""]
    for one in segments:
        if one.kind not in ("same", kind):
            continue
        for number, part in enumerate(one.text.split("\n")):
            if number:
                lines.append("")
            if part:
                marked = f"<{tag}>{esc(part)}</{tag}>" if one.kind == kind else esc(part)
                lines[-1] += marked
    return "".join(f"<p>{line}</p>" for line in lines if line)

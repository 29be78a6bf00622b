"""`luming diff`: two versions of a regulation, article by article."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, open_library

if TYPE_CHECKING:
    from index.versions.compare.articles import Article
    from index.versions.compare.comparison import Change, Comparison
    from ui.render.diff import Side

KIND_NAMES = {
    "unchanged": "未变",
    "changed": "有改动",
    "moved": "只改条号",
    "moved_changed": "条号和内容都改",
    "added": "新增",
    "removed": "删去",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(diff)


def diff(
    family: Annotated[str, typer.Argument(help="标题、标题的一部分或文件编号", metavar="制度")],
    old: Annotated[
        str | None, typer.Option("--from", help="旧版本：年份、日期或文件编号；默认倒数第二个")
    ] = None,
    new: Annotated[
        str | None, typer.Option("--to", help="新版本：年份、日期或文件编号；默认最新的")
    ] = None,
    as_json: Json = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="另存为一个网页文件，左右对照", metavar="文件")
    ] = None,
) -> None:
    """逐条对照两个版本：新增、删去、改动、换了条号的条文。"""
    from index.versions.choosing import one_chain, two_versions
    from ui.comparing import compare_documents, side_of
    from ui.render.diff import diff_page

    today = date.today()
    with open_library() as library:
        library.check_collections()
        known = library.versions
        ids = two_versions(known, one_chain(known, family), old, new, today)
        sides = [side_of(library, one, today) for one in ids]
        comparison = compare_documents(library, *ids)
    if html is not None:
        _write(html, diff_page(sides[0], sides[1], comparison))
    if as_json:
        console.print_json(diff_object(sides[0], sides[1], comparison))
    elif html is not None:
        console.output().print(f"已写入 {html}", markup=False)
    else:
        _print(sides[0], sides[1], comparison)


def _write(path: Path, page: str) -> None:
    from index.errors import LibraryError

    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise LibraryError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error


def diff_object(old: Side, new: Side, comparison: Comparison) -> dict[str, Any]:
    """The comparison as one JSON object; documented in README."""
    return {
        "from": old.as_dict(),
        "to": new.as_dict(),
        "counts": comparison.counts,
        "articles": [_change_object(one) for one in comparison.changes],
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "old": _article_object(change.old),
        "new": _article_object(change.new),
        "likeness": round(change.likeness, 3) if change.old and change.new else None,
        "merged_into": change.merged_into or None,
        "split_from": change.split_from or None,
        "words": [[one.kind, one.text] for one in change.segments],
    }


def _article_object(article: Article | None) -> dict[str, str] | None:
    if article is None:
        return None
    return {"article": article.label, "path": article.path, "text": article.text}


def _print(old: Side, new: Side, comparison: Comparison) -> None:
    out = console.output()
    out.print(f"旧：{old.line}", markup=False)
    out.print(f"新：{new.line}", markup=False)
    for warning in dict.fromkeys(one for one in (old.warning, new.warning) if one):
        out.print(f"注意：{warning}。", style="yellow", markup=False)
    counts = comparison.counts
    out.print(
        "，".join(f"{name} {counts[kind]} 条" for kind, name in KIND_NAMES.items()), style="bold"
    )
    out.print("【删：】是旧版本有、新版本没有的字，【增：】是新版本加的字。\n")
    moved: list[str] = []
    for change in comparison.changes:
        if change.kind == "moved" and change.old and change.new:
            moved.append(f"{change.old.label}→{change.new.label}")
        elif change.kind != "unchanged":
            _print_change(change)
    if moved:
        out.print("只改条号：" + "，".join(moved), markup=False)


def _print_change(change: Change) -> None:
    from ui.render.diff import change_title

    out = console.output()
    out.print(change_title(change), style="bold", markup=False)
    if change.segments:
        signs = {"removed": "【删：{}】", "added": "【增：{}】"}
        text = "".join(signs.get(one.kind, "{}").format(one.text) for one in change.segments)
    else:
        article = change.new or change.old
        text = article.text if article else ""
    out.print("  " + text.replace("\n", "\n  ") + "\n", markup=False)

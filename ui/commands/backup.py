"""`luming backup` and `restore`: a home in one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui import console
from ui.commands.common import Json, open_library


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，例如 /备份/鹿鸣.zip；已有的会被替换")],
    full: Annotated[
        bool, typer.Option("--full", help="连同索引一起备份：文件大，恢复后不用重建")
    ] = False,
    as_json: Json = False,
) -> None:
    """在线备份：目录库、提问记录、用户与权限、PDF 原件、同义词。别人可以照常使用。"""
    from index.backup import make_backup

    with open_library() as library:
        made = make_backup(library, file, full=full)
    size = file.stat().st_size
    if as_json:
        told = {key: value for key, value in asdict(made).items() if key != "files"}
        console.print_json({"file": str(file.absolute()), "bytes": size, **told})
        return
    console.output().print(
        f"已备份到 {file}：{made.documents} 份文件、{made.passages} 段，{size / 1e6:,.1f} MB。",
        markup=False,
    )
    if made.missing:
        console.notice(
            f"有 {len(made.missing)} 份 PDF 的原件副本不在数据目录里，没有备份；请运行 luming doctor。"
        )


def restore(
    file: Annotated[Path, typer.Argument(help="luming backup 做的备份文件")],
    force: Annotated[
        bool, typer.Option("--force", help="数据目录里已有内容时，换成备份的（原有的留在旁边）")
    ] = False,
    as_json: Json = False,
) -> None:
    """恢复备份：先全部核对，再整个换上。请先停掉网页服务和定时同步。"""
    from index.backup import restore_backup

    with open_library() as library:
        done = restore_backup(library, file, force=force)
        pending = library.catalog.pending_count()
    made = done.manifest
    then = "luming rebuild" if pending else "luming doctor"
    if as_json:
        console.print_json(
            {
                "created": made.created,
                "documents": made.documents,
                "passages": made.passages,
                "full": made.full,
                "settings": made.settings,
                "kept": None if done.kept is None else str(done.kept),
                "next": then,
            }
        )
        return
    out = console.output()
    out.print(
        f"已恢复 {made.created} 的备份：{made.documents} 份文件、{made.passages} 段。", markup=False
    )
    if done.kept is not None:
        out.print(f"原来的数据目录留在 {done.kept}，确认无误后可以删除。", markup=False)
    if made.settings.get("encoder", "default") != "default":
        out.print(f"备份时的向量模型是 LUMING_ENCODER={made.settings['encoder']}。", markup=False)
    if pending:
        out.print("索引不在备份里，请运行 luming rebuild 重建；之后运行 luming sync 收录新变化。")
    else:
        out.print("请运行 luming doctor 检查，再运行 luming sync 收录备份以后的变化。")

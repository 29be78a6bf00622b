"""`luming verify`: the references of a draft, checked against the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import AsOf, Collections, Json, UsageError, day, open_library

if TYPE_CHECKING:
    from assistant.verification import Report
    from ui.verifying import DraftFile

_PIPE = "-"
_HELP = """核对文稿里对制度的引用：文件和条文在不在、是否有效、引文和数字对不对。

文稿可以是 .docx、.md、.txt、.html、.pdf，写 - 则从标准输入读文本。

退出码：0 引用全部一致（或没有引用）；1 有要处理的地方；2 文稿或资料库不能用，没有核对。
"""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(help=_HELP)(verify)


def verify(
    draft: Annotated[str, typer.Argument(help="文稿文件，或 - 表示标准输入", metavar="文稿")],
    collection: Collections = None,
    as_of: AsOf = None,
    as_json: Json = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="另存为网页，文稿和核对结果对照", metavar="文件")
    ] = None,
    docx: Annotated[
        Path | None,
        typer.Option(
            "--docx", help="另存为 Word，批注写在出处；原稿是 Word 的保留格式", metavar="文件"
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="一致的引用也列出、也写批注；默认只管要处理的")
    ] = False,
) -> None:
    """See ``_HELP``, which the command shows."""
    from assistant.verification import DraftError, Verifier
    from index.errors import LibraryError
    from index.records import SearchFilter
    from ui.verifying import report_object

    try:
        flt = SearchFilter(collections=tuple(collection or ()))
        date = day("--as-of", as_of)
        read = _read(draft)
        with open_library() as library:
            report = Verifier(library).verify(read.text, flt, date)
        _save(read, report, html, docx, every)
    except (DraftError, LibraryError) as error:
        raise UsageError(str(error)) from error
    if as_json:
        console.print_json(report_object(report, read.name))
    else:
        _print(report, every)
        for path in (html, docx):
            if path is not None:
                console.errors().print(f"已写入 {path}", markup=False)
    if report.problems:
        raise typer.Exit(console.FAILED)


def _read(draft: str) -> DraftFile:
    from ui.verifying import MAX_BYTES, read_draft, read_pasted

    if draft == _PIPE:
        return read_pasted(sys.stdin.buffer.read(MAX_BYTES + 1), "标准输入")
    return read_draft(Path(draft))


def _save(
    read: DraftFile, report: Report, html: Path | None, docx: Path | None, every: bool
) -> None:
    from ui.render.verification import verification_page
    from ui.render.verification_word import annotated_docx, new_docx

    if html is not None:
        _write(html, verification_page(report, read.name).encode("utf-8", "replace"))
    if docx is not None:
        if read.data is not None:
            _write(docx, annotated_docx(read.data, report, every=every))
        else:
            _write(docx, new_docx(report, every=every))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error


def _print(report: Report, every: bool) -> None:
    from ui.render.verification_words import comment_lines

    out = console.output()
    out.print(report.summary, style="bold", markup=False)
    shown = report.findings if every else report.problems
    for finding in shown:
        line = report.text.count("\n", 0, finding.start) + 1
        first, *rest = comment_lines(finding)
        style = "yellow" if finding.verdict.is_problem else None
        out.print(f"\n第 {line} 段 {first}", style=style, markup=False)
        for one in rest:
            out.print(f"    {one}", markup=False)

"""`luming eval`: how well a library is searched, by questions with known answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import (
    AllVersions,
    Collections,
    Json,
    day,
    open_library,
    search_filter,
)

if TYPE_CHECKING:
    from index.evaluation.base import Problem
    from index.evaluation.comparison import Comparison
    from index.evaluation.evaluate import Evaluation, Options
    from index.evaluation.run import Run
    from index.library import Library
    from index.records import SearchFilter

_LISTED = 20  # problems shown on a terminal


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("eval")(evaluate)


def evaluate(
    questions: Annotated[
        Path, typer.Argument(help="问题文件：.xlsx、.csv 或 .jsonl", metavar="问题文件")
    ],
    collection: Collections = None,
    k: Annotated[int, typer.Option("-k", min=10, max=1000, help="每题取前几条来评")] = 50,
    limit: Annotated[
        int | None, typer.Option(min=1, help="只评其中几道，按 --seed 抽取；默认全部")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="随机种子，相同则结果相同")] = 0,
    all_versions: AllVersions = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="日期", help="只评这一天在施行的文件，如 2024-01-01")
    ] = None,
    families: Annotated[
        bool, typer.Option("--families", help="同一文件另一版本里内容基本相同的条也算对")
    ] = False,
    worst: Annotated[int, typer.Option(min=0, max=1000, help="列出最差的几道题")] = 10,
    save: Annotated[Path | None, typer.Option(help="把这次结果存下，以后好比较")] = None,
    compare: Annotated[Path | None, typer.Option(help="与以前用 --save 存下的结果比较")] = None,
    html: Annotated[Path | None, typer.Option(help="另存一份网页报告")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有任何一行有问题，退出码就是 1")
    ] = False,
    as_json: Json = False,
) -> None:
    """用一批有标准依据的问题，评出检索得好不好。

    退出码：0 评完；1 没有一道题能评，或加了 --strict 而有的行有问题；2 用法不对或文件用不了。
    """
    from index.evaluation.evaluate import Options
    from index.evaluation.run import save_run, write_whole
    from ui.render.evaluation import evaluation_html
    from ui.render.evaluation_table import print_evaluation
    from ui.shapes import evaluation_object

    options = Options(
        depth=k,
        limit=limit,
        seed=seed,
        families=families,
        as_of=day("--as-of", as_of),
        worst=worst,
    )
    for target in (save, html):
        _check_target(target, questions, compare)
    before = _earlier(compare)
    with open_library() as library:
        done = _evaluated(library, questions, search_filter(collection, all_versions), options)
    if save is not None:
        save_run(done.run, save)
    compared, failed = _compared(before, done.run, seed)
    if html is not None:
        write_whole(html, evaluation_html(done, compared))
    if as_json:
        console.print_json(evaluation_object(done, compared))
    else:
        print_problems(done.problems)
        print_evaluation(console.output(), done, compared)
    failed = failed or (strict and bool(done.problems))
    raise typer.Exit(console.FAILED if failed else console.OK)


def _evaluated(
    library: Library, questions: Path, flt: SearchFilter, options: Options
) -> Evaluation:
    """The evaluation; questions go through what ``luming search`` does to them."""
    from assistant.question import understand
    from index.evaluation.base import EvaluationError, NoQuestionLeft
    from index.evaluation.evaluate import evaluate as run
    from index.evaluation.staged import LibraryAddresses, LibraryStages
    from ui.batch import BatchError

    with console.progress({"eval": "评测检索"}) as advance:
        try:
            return run(
                library,
                questions,
                flt,
                LibraryStages(library),
                options,
                prepare=lambda text: understand(text).text,
                address=LibraryAddresses(library),
                progress=lambda at, total: advance("eval", at, total),
            )
        except NoQuestionLeft as error:
            print_problems(error.problems)
            raise
        except EvaluationError as error:
            raise BatchError(str(error)) from error


def _earlier(path: Path | None) -> Run | None:
    from index.evaluation.base import EvaluationError
    from index.evaluation.run import load_run
    from ui.batch import BatchError

    try:
        return load_run(path) if path is not None else None
    except EvaluationError as error:
        raise BatchError(str(error)) from error


def _compared(before: Run | None, after: Run, seed: int) -> tuple[Comparison | None, bool]:
    """The comparison, and whether one was asked for that can't be made."""
    from index.evaluation.base import EvaluationError
    from index.evaluation.comparison import compare

    try:
        return (compare(before, after, seed) if before is not None else None), False
    except EvaluationError as error:  # the run itself is worth showing
        console.errors().print(str(error), style="red", markup=False)
        return None, True


def _check_target(target: Path | None, questions: Path, compare: Path | None) -> None:
    """Refuse, before any work, a file that can't be written or must not be overwritten."""
    from ui.batch import BatchError

    if target is None:
        return
    folder = target.parent
    if target.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise BatchError(f"写不了 {target}，请检查路径和权限。")
    for other in (questions, compare):
        if other is not None and other.exists() and target.exists() and target.samefile(other):
            raise BatchError(f"{target} 是要读的文件，不能拿来存结果，请换一个文件名。")


def print_problems(problems: tuple[Problem, ...]) -> None:
    """One line a problem on stderr, the first of them where there are many."""
    out = console.errors()
    for one in problems[:_LISTED]:
        out.print(str(one), style="yellow", markup=False)
    if len(problems) > _LISTED:
        out.print(f"……另有 {len(problems) - _LISTED} 行有问题，用 --json 或 --html 可看全部。")

"""`luming tune`: an office's own encoder, from its own questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, UsageError, make_settings, open_library

if TYPE_CHECKING:
    from index.evaluation.base import Question
    from index.library import Library
    from training.office_tuning.installing import Installed
    from training.office_tuning.office import Outcome

_LISTED = 20  # problems shown on a terminal
_STAGES = {"data": "准备问题", "mine": "找易混条文", "train": "训练", "judge": "检验"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("tune")(tune)


def tune(
    questions: Annotated[
        Path | None,
        typer.Option("--questions", help="问题文件（.xlsx 或 .csv），有“问题”“依据”两列"),
    ] = None,
    feedback: Annotated[
        bool, typer.Option("--feedback", help="也用同事评过“有用”或写了正确出处的提问")
    ] = False,
    minutes: Annotated[float, typer.Option(min=1, max=1440, help="大约最多用几分钟")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="随机种子，相同则分法相同")] = 0,
    base: Annotated[
        Path | None, typer.Option(help="从这个裁剪好的模型目录开始；默认用自带的权重")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="改回自带的模型")] = False,
    show: Annotated[bool, typer.Option("--list", help="列出装过的模型和成绩")] = False,
    as_json: Json = False,
) -> None:
    """用本单位的问题微调向量模型；检验确实更好才装上。

    被打断以后再运行一次同样的命令，会接着做。退出码：0 做完（装上与否都是）；1 做不了；2 用法不对。
    """
    if undo + show + bool(questions or feedback) != 1:
        raise UsageError(
            "请给出 --questions 文件 或 --feedback 来微调，或只给 --undo、--list 之一。"
        )
    if undo or show:
        _manage(undo, as_json)
        return
    from training.office_tuning.learning import check_packages
    from training.office_tuning.office import tune as run
    from training.office_tuning.reading import read_items

    check_packages()
    with open_library() as library:
        items, problems = read_items(library, questions, _confirmed(library) if feedback else ())
        _print_problems(problems)
        with console.progress(_STAGES) as advance:
            done = run(library, items, minutes=minutes, seed=seed, base=base, progress=advance)
    if as_json:
        console.print_json(_outcome_object(done, problems))
    else:
        _print_outcome(done)


def _confirmed(library: Library) -> list[tuple[str, Question]]:
    """What colleagues confirmed, in the form of a file's rows."""
    from assistant.activity.feedback import FeedbackStore, exported
    from assistant.activity.journal import Journal
    from index.evaluation.base import GoldText, Question

    journal = Journal(library)
    try:
        found = exported(FeedbackStore(journal.database).listed()).confirmed
    finally:
        journal.close()
    return [
        (
            f"评价“{one.id.removeprefix('feedback-')}”",
            Question(0, one.id, one.q, tuple(map(GoldText, one.gold)), "", one.unanswerable),
        )
        for one in found
    ]


def _print_problems(problems: list[str]) -> None:
    out = console.errors()
    for line in problems[:_LISTED]:
        out.print(line, style="yellow", markup=False)
    if len(problems) > _LISTED:
        out.print(f"……另有 {len(problems) - _LISTED} 处问题，用 --json 可看全部。")


def _outcome_object(done: Outcome, problems: list[str]) -> dict[str, Any]:
    return {
        "installed": done.installed,
        "train": done.train,
        "made": done.made,
        "steps": done.steps,
        "removed": done.removed,
        "verdict": done.verdict.to_dict(),
        "reembed_seconds": round(done.reembed_seconds),
        "run": str(done.run),
        "problems": problems,
    }


def _print_outcome(done: Outcome) -> None:
    from rich.table import Table

    out, verdict = console.output(), done.verdict
    for reason, count in done.removed.items():
        if count:
            out.print(f"去掉 {count} 个：{reason}。", markup=False)
    out.print(
        f"训练 {done.steps} 步：本单位的问题 {done.train} 个，由文库生成的问题 {done.made} 个。",
        markup=False,
    )
    table = Table("问题", "指标", "现在", "微调后", "差（95% 区间）")
    for title, name in (("留作检验", "held"), ("文库自身", "guard")):
        for figure, one in getattr(verdict, name).items():
            gap = f"{one.after - one.before:+.3f}（{one.low:+.3f}～{one.high:+.3f}）"
            label = f"{title} {verdict.counts[name]} 题"
            table.add_row(label, figure, f"{one.before:.3f}", f"{one.after:.3f}", gap)
    out.print(table)
    out.print(f"只比按语义检索，在 {verdict.counts['pool']} 段里找；没有加上按词检索和排序。")
    for line in verdict.reasons:
        out.print(line, markup=False)
    if done.installed is None:
        out.print("微调后的模型不比现在的好，没有装上，什么都没有改动。", markup=False)
        return
    wait = max(1, round(done.reembed_seconds / 60))
    out.print(
        f"已装上 {done.installed}。请运行 luming reembed 重做文库的向量，约 {wait} 分钟；"
        "要改回来用 luming tune --undo，再重做一次向量。",
        markup=False,
    )


def _manage(undo: bool, as_json: bool) -> None:
    """``--undo`` and ``--list``."""
    from training.office_tuning import installing

    models = make_settings().models_dir
    if undo:
        name = installing.undo(models)
        if as_json:
            console.print_json({"undone": name})
        elif name is None:
            console.output().print("现在用的就是自带的模型，没有什么要改回。")
        else:
            console.output().print(
                f"已停用{name or '读不出来的选择'}，改回自带的模型（原模型还留在 {models} 里）。"
                "请运行 luming reembed 重做文库的向量。",
                markup=False,
            )
        return
    found = installing.installed(models)
    if as_json:
        console.print_json({"models": [vars(one) for one in found]})
    else:
        _print_installed(found)


def _print_installed(found: list[Installed]) -> None:
    out = console.output()
    if not found:
        out.print("还没有装过微调的模型。")
    for one in found:
        mark = "（在用）" if one.in_use else ""
        out.print(f"{one.name}{mark} {one.problem or _figures(one.figures)}", markup=False)


def _figures(figures: Any) -> str:
    """One line; what a damaged record lacks is left out."""
    parts = [str(figures.get("date", ""))]
    held = figures.get("held")
    for name in ("hit@10", "ndcg@10"):
        change = held.get(name) if isinstance(held, dict) else None
        if isinstance(change, dict) and {"before", "after"} <= change.keys():
            parts.append(f"{name} {float(change['before']):.3f} → {float(change['after']):.3f}")
    return "，".join(part for part in parts if part)

"""`luming study`: a study session out of the library; `luming study plan`: a series of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ui import console
from ui.commands.common import Collections, Json, UsageError, day, open_library, plain, table

if TYPE_CHECKING:
    from assistant.study.model import PartKind, QuizItem, StudySession
    from assistant.study.series import Series

STAGES = {"study": "准备学习方案", "series": "安排各次学习"}
_DO = "make"


class _Group(TyperGroup):
    """``study 主题`` without the name of a command makes a session; ``study plan`` a series."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Names the command where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_DO, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    group = typer.Typer(
        cls=_Group,
        help="备课：从主题和时长生成一次学习，每行都有出处；luming study plan 安排一个系列。",
        no_args_is_help=True,
    )
    group.command(_DO)(make)
    group.command("plan")(plan)
    app.add_typer(group, name="study")


Audience = Annotated[str, typer.Option("--audience", help="学习对象，例如 党支部书记、纪检干部")]
Speed = Annotated[int, typer.Option("--speed", help="每分钟读多少字")]
Seed = Annotated[int, typer.Option("--seed", help="同一个数字得到同样的试题")]
Force = Annotated[bool, typer.Option("--force", help="覆盖输出位置上的同名文件")]


def make(
    topic: Annotated[str, typer.Argument(help="主题：短语、《文件标题》或一句话", metavar="主题")],
    minutes: Annotated[int, typer.Option("--minutes", help="时长（分钟），5 到 480")] = 90,
    audience: Audience = "一般干部",
    people: Annotated[int, typer.Option("--people", help="人数，0 表示不定")] = 0,
    collection: Collections = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="把讲义写进这个文件夹", metavar="文件夹")
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option("--format", help="输出格式，逗号分开，例如 docx,pptx,json；默认 docx"),
    ] = None,
    papers: Annotated[int, typer.Option("--papers", help="几份互不重题的试卷，1 到 26")] = 1,
    items: Annotated[int | None, typer.Option("--items", help="题数；默认按时长")] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option("--skip", help="省去的环节：导入、案例研讨、互动测验、总结，可多次给出"),
    ] = None,
    speed: Speed = 250,
    note: Annotated[
        list[str] | None, typer.Option("--note", help="自己要说的话，写进主持人提示，可多次给出")
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option("--templates", help="讲义模板文件夹；默认用设置里的，再默认用内置的"),
    ] = None,
    seed: Seed = 0,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """从主题和时长生成一次学习：时间表、原文、案例、试题和讲义，每行都有出处。"""
    from assistant.study.errors import StudyError
    from assistant.study.papers import make_papers_of
    from assistant.study.planning import plan_session
    from assistant.study.request import StudyRequest

    if formats is not None and out is None:
        raise UsageError("写了 --format，还要用 --out 指定输出文件夹。")
    if not 1 <= papers <= _MOST_PAPERS:
        raise UsageError(f"--papers 请写 1 到 {_MOST_PAPERS}。")
    request = StudyRequest(
        topic=topic,
        minutes=minutes,
        audience=audience,
        people=people,
        collections=tuple(collection or ()),
        skip=frozenset(_part(one) for one in skip or ()),
        quiz_items=items,
        reading_speed=speed,
        seed=seed,
        own=tuple(note or ()),
    )
    with open_library() as library:
        try:
            with console.progress(STAGES) as advance:
                session = plan_session(
                    library, request, lambda _, done, total: advance("study", done, total)
                )
                session, sheets = make_papers_of(library, session, papers)
        except StudyError as error:
            raise UsageError(str(error)) from error
        folder = templates or library.settings.handout_templates
        written = _write(session, out, formats, sheets, force, folder)
    if as_json:
        console.print_json(session.model_dump(mode="json"))
    else:
        _print(session)
        for path in written:
            console.output().print(f"已写入 {path}", markup=False)


_MOST_PAPERS = 26


def _part(written: str) -> PartKind:
    """A part's kind by its name in either language; others are told by the request's check."""
    from typing import cast

    from assistant.study.model import PART_NAMES

    names = {name: kind for kind, name in PART_NAMES.items()}
    return cast("PartKind", names.get(written.strip(), written.strip()))


def _write(
    session: StudySession,
    out: Path | None,
    formats: str | None,
    papers: tuple[tuple[QuizItem, ...], ...],
    force: bool,
    templates: Path | None,
) -> list[Path]:
    if out is None:
        return []
    from ui.handouts import write_handouts

    names = [one for one in (formats or "docx").replace("，", ",").split(",") if one.strip()]
    return write_handouts(
        session,
        out,
        names,
        papers=papers,
        templates=templates,
        force=force,
        progress=lambda line: console.notice(line) if console.errors().is_terminal else None,
    )


def _print(session: StudySession) -> None:
    out = console.output()
    people = f"，{session.people} 人" if session.people else ""
    out.print(session.title, style="bold", markup=False)
    out.print(f"{session.audience}{people}，共 {session.minutes} 分钟", markup=False)
    out.print("\n目标：", style="bold")
    for number, line in enumerate(session.objectives, 1):
        out.print(f"{number}. {line.text}", markup=False)
    out.print("\n时间表：", style="bold")
    shown = table("环节", "分钟", "方式", "用到的材料")
    for part in session.timetable:
        what = {"reading": "段原文", "case": "个案例", "quiz": "道题"}.get(part.kind, "份材料")
        used = f"{len(part.materials)} {what}" if part.materials else "—"
        shown.add_row(part.title, str(part.minutes), plain(part.method), used)
    out.print(shown)
    out.print("\n阅读：", style="bold")
    for number, one in enumerate(session.readings, 1):
        version = f"，{one.version}" if one.version else ""
        places = "、".join(one.articles)
        out.print(f"{number}. 《{one.title}》（{one.validity}{version}）", markup=False)
        out.print(f"   {places}；{one.characters} 字，约 {one.minutes} 分钟", markup=False)
    out.print(f"\n原文（每分钟 {session.reading_speed} 字）：", style="bold")
    for passage in session.passages:
        out.print(f"{passage.heading}：{passage.point}（{passage.minutes} 分钟）", markup=False)
    if session.changes:
        out.print("\n修订变化：", style="bold")
    for change in session.changes:
        out.print(f"《{change.title}》{change.article}：{change.summary}", markup=False)
    if session.cases:
        out.print("\n案例：", style="bold")
    for case in session.cases:
        out.print(f"《{case.title}》，{len(case.discussions)} 个讨论题", markup=False)
        for number, asked in enumerate(case.discussions, 1):
            out.print(f"  {number}. {asked.question}", markup=False)
    _print_quiz(session)
    if session.missing:
        out.print("\n缺什么：", style="bold")
    for lack in session.missing:
        out.print(f"· {lack}", style="yellow", markup=False)


def _print_quiz(session: StudySession) -> None:
    from collections import Counter

    from assistant.study.model import QUIZ_NAMES

    if not session.quiz:
        return
    counts = Counter(QUIZ_NAMES[one.kind] for one in session.quiz)
    listed = "，".join(f"{name} {count}" for name, count in counts.items())
    console.output().print(f"\n测验：{len(session.quiz)} 题（{listed}）", markup=False)


def plan(
    topic: Annotated[str, typer.Option("--topic", help="主题或《文件标题》", metavar="主题")],
    sessions: Annotated[int, typer.Option("--sessions", help="分几次，2 到 52")] = 6,
    weeks: Annotated[int, typer.Option("--weeks", help="在几周内，1 到 104")] = 12,
    start: Annotated[
        str | None, typer.Option("--start", help="第一次的日期，例如 2026-12-01；默认明天")
    ] = None,
    at: Annotated[str, typer.Option("--at", help="几点开始，例如 14:30")] = "14:30",
    minutes: Annotated[int, typer.Option("--minutes", help="每次多少分钟")] = 60,
    audience: Audience = "一般干部",
    people: Annotated[int, typer.Option("--people", help="人数，0 表示不定")] = 0,
    collection: Collections = None,
    wrong: Annotated[
        Path | None,
        typer.Option(
            "--wrong", help='上次测验的结果：JSON，{"文件编号#条": 错的比例}', metavar="文件"
        ),
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", help="另存为日历文件（.ics）", metavar="文件")
    ] = None,
    speed: Speed = 250,
    seed: Seed = 0,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """把一个主题分成几次学完：不重复，覆盖整部文件，错得多的条文隔期复习。"""
    from datetime import date, timedelta

    from assistant.study.errors import StudyError
    from assistant.study.request import StudyRequest
    from assistant.study.series import SeriesRequest, plan_series, read_results, read_time

    first = day("--start", start) or date.today() + timedelta(days=1)
    if ics is not None and ics.exists() and not force:
        raise UsageError(f"{ics} 已经有了，没有覆盖；请换一个文件名，或加 --force 覆盖。")
    try:
        request = SeriesRequest(
            session=StudyRequest(
                topic=topic,
                minutes=minutes,
                audience=audience,
                people=people,
                collections=tuple(collection or ()),
                reading_speed=speed,
                seed=seed,
            ),
            sessions=sessions,
            weeks=weeks,
            start=first,
            time=read_time(at),
            wrong=read_results(wrong.read_text("utf-8")) if wrong is not None else {},
        )
        with open_library() as library, console.progress(STAGES) as advance:
            series = plan_series(
                library, request, lambda _, done, total: advance("series", done, total)
            )
    except StudyError as error:
        raise UsageError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"读不了 {wrong}，请检查路径，文件要用 UTF-8 保存。") from error
    if ics is not None:
        _write_calendar(ics, series)
    if as_json:
        console.print_json(series.model_dump(mode="json"))
        return
    _print_series(series)
    if ics is not None:
        console.output().print(f"已写入 {ics}", markup=False)


def _write_calendar(path: Path, series: Series) -> None:
    from assistant.study.calendar import calendar_of

    try:
        path.write_bytes(calendar_of(series))
    except OSError as error:
        raise UsageError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error


def _print_series(series: Series) -> None:
    out = console.output()
    out.print(series.title, style="bold", markup=False)
    shown: Any = table("次", "时间", "分钟", "新学", "复习")
    for one in series.sessions:
        again = "、".join(line.text.split("：")[0] for line in one.review) or "—"
        when = f"{one.start:%Y-%m-%d %H:%M}"
        shown.add_row(
            str(one.number), when, str(one.session.minutes), plain(one.summary), plain(again)
        )
    out.print(shown)
    out.print(f"覆盖 {series.covered} / {series.articles} 条。", markup=False)
    for line in series.missing:
        out.print(f"· {line}", style="yellow", markup=False)

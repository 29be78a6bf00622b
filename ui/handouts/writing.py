"""From a session to files in a folder: all of them or none, and never over others unasked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.study.model import QuizItem, StudySession
from index.errors import shorten
from ui.handouts.base import HandoutError, HandoutFile, Material, Paper
from ui.handouts.factory import writer_of
from ui.handouts.words import file_name

Progress = Callable[[str], None]
_MOST_PAPERS = 26  # A–Z
_NAMED = 3


def write_handouts(
    session: StudySession,
    folder: Path,
    formats: Sequence[str],
    *,
    papers: Sequence[Sequence[QuizItem]] = (),
    templates: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the session in each of ``formats`` (see FORMATS) and return the files written.

    ``papers`` are equivalent papers, written beside each other in place of the session's own quiz.
    ``templates`` is a folder whose files take the place of the built-in ones of the same name.
    ``progress`` is told one Chinese line a format. Every file is made before the first is written.
    Raises HandoutError: an unknown format, a template that cannot be used, a folder that cannot be
    written, or a file that is there already while ``force`` is false.
    """
    made = make_handouts(session, formats, papers=papers, templates=templates, progress=progress)
    targets = [(folder / file_name(session.topic, one.label, one.ending), one) for one in made]
    _prepare(folder, [path for path, _ in targets], force)
    _put(targets)
    return [path for path, _ in targets]


def make_handouts(
    session: StudySession,
    formats: Sequence[str],
    *,
    papers: Sequence[Sequence[QuizItem]] = (),
    templates: Path | None = None,
    progress: Progress | None = None,
) -> list[HandoutFile]:
    """The same files in memory, for a download."""
    names = list(dict.fromkeys(one.strip().lower().removeprefix(".") for one in formats))
    if not names:
        raise HandoutError("没有指定输出格式，请至少写一种，例如 docx。")
    if templates is not None and not templates.is_dir():
        raise HandoutError(f"模板文件夹“{shorten(str(templates))}”不存在，请检查路径。")
    writers = [writer_of(one) for one in names]
    material = Material(session, _papers(session, papers), templates)
    files: list[HandoutFile] = []
    for number, writer in enumerate(writers, start=1):
        if progress:
            progress(f"正在生成{writer.title}（{number}/{len(writers)}）…")
        found = list(writer.files(material))
        if not found and progress:
            progress(f"这次学习没有试题，不生成{writer.title}。")
        files += found
    if not files:
        raise HandoutError(
            "这次学习没有试题，选的格式都只写试题，没有可以生成的文件；请加上 docx。"
        )
    return files


def _papers(session: StudySession, papers: Sequence[Sequence[QuizItem]]) -> tuple[Paper, ...]:
    given = [tuple(one) for one in papers if one] or ([session.quiz] if session.quiz else [])
    if len(given) > _MOST_PAPERS:
        raise HandoutError(f"一次最多出{_MOST_PAPERS}份试卷，请减少份数。")
    if len(given) == 1:
        return (Paper("", given[0]),)
    return tuple(Paper(chr(ord("A") + at), items) for at, items in enumerate(given))


def _prepare(folder: Path, paths: Sequence[Path], force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise HandoutError(f"“{shorten(str(folder))}”是一个文件，不是文件夹，请换一个输出位置。")
    taken = [one for one in paths if os.path.lexists(one)]
    blocked = next((one for one in taken if one.is_dir()), None)
    if blocked is not None:
        raise HandoutError(f"“{shorten(blocked.name)}”是一个文件夹，写不了同名文件，请换输出位置。")
    if taken and not force:
        listed = "、".join(f"“{shorten(one.name)}”" for one in taken[:_NAMED])
        more = f"等{len(taken)}个文件" if len(taken) > _NAMED else ""
        raise HandoutError(
            f"输出文件夹里已有{listed}{more}，没有覆盖；请换一个文件夹，或者确认后加 --force 覆盖。"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _put(targets: Sequence[tuple[Path, HandoutFile]]) -> None:
    """All parts first, then the renames: a full disk leaves no half set."""
    parts = [path.with_name(f".{path.name}.{os.getpid()}.part") for path, _ in targets]
    try:
        for part, (_, one) in zip(parts, targets, strict=True):
            part.write_bytes(one.data)
        for part, (path, _) in zip(parts, targets, strict=True):
            part.replace(path)
    except OSError as error:
        raise _unwritable(targets[0][0].parent, error) from error
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> HandoutError:
    return HandoutError(
        f"写不了文件夹“{shorten(str(folder))}”：{error.strerror or error}，请检查磁盘空间和权限。"
    )

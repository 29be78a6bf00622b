"""Do planned study sessions keep their promises? ``python -m bench.study``

    python -m bench.study [--minutes 90] [--home NAME=FOLDER ...] [--json] [--failures 20]

Plans a session for each topic of ``bench/data/study_topics.jsonl``: topics written by hand that the
sample library (``sample``), real party regulations (``party``) or national statutes (``law``) hold,
hold in part, or don't hold. ``sample`` and ``party`` (``../shared/eval/party_regulations``, left
out where it isn't there) are taken in anew unless ``--home`` names a home that holds them; ``law``
needs a home. Checked of each session, by code that the planner doesn't use:

- sums: the parts' minutes are the session's, the passages' those of the reading part;
- quotes: every citation is its document's text at its place;
- in force: nothing repealed or replaced is cited, but for the old side of a change and the source
  of a wrong choice;
- fits: the characters read aloud fit the reading part at the stated speed;
- distinct: no two passages share two thirds of their character pairs, no passage or question twice;
- tied: every discussion cites an article that is read and a sentence of the case;
- told: a session shorter than asked for says so.

Inside topics must give a session of the whole length, outside ones an error, half ones either an
error or a line on what is lacking.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import CORPUS
from bench.structure import DEVELOPMENT

if TYPE_CHECKING:
    from assistant.study.model import StudyCitation, StudySession
    from index.library import Library

TOPICS = Path(__file__).resolve().parent / "data" / "study_topics.jsonl"
REGULATIONS = DEVELOPMENT / "party_regulations"
_OLD = ("已废止", "已被修订", "尚未施行")
_SAME = 2 / 3


@dataclass(frozen=True)
class Result:
    """One topic: what came of it, and which promises were broken."""

    library: str
    covered: str
    topic: str
    minutes: int  # 0: refused
    seconds: float
    broken: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the library's coverage was judged as the label says."""
        if self.covered == "outside":
            return self.minutes == 0
        return (
            self.minutes > 0 if self.covered == "inside" else not self.minutes or bool(self.missing)
        )


def run(library: Library, name: str, topic: dict[str, str], minutes: int) -> Result:
    """Plan one topic and check it."""
    from assistant.study.audiences import AUDIENCES
    from assistant.study.errors import StudyError
    from assistant.study.planning import plan_session
    from assistant.study.request import StudyRequest

    audiences = list(AUDIENCES)
    audience = audiences[len(topic["topic"]) % len(audiences)]
    started = time.perf_counter()
    made: StudySession | None
    try:
        made = plan_session(
            library, StudyRequest(topic["topic"], minutes=minutes, audience=audience, people=20)
        )
    except StudyError:
        made = None
    seconds = time.perf_counter() - started
    if made is None:
        return Result(name, topic["covered"], topic["topic"], 0, seconds, (), ())
    broken = tuple(_broken(library, made, minutes))
    return Result(
        name, topic["covered"], topic["topic"], made.minutes, seconds, broken, made.missing
    )


def _broken(library: Library, made: StudySession, minutes: int) -> Iterator[str]:
    reading = sum(part.minutes for part in made.timetable if part.kind == "reading")
    if sum(part.minutes for part in made.timetable) != made.minutes or made.minutes > minutes:
        yield "sums"
    if sum(one.minutes for one in made.passages) != reading:
        yield "sums of passages"
    old = {(c.old.document_id, c.old.path) for c in made.changes if c.old}
    old |= {  # a wrong choice may be the words of the version before, and says so
        (c.document_id, c.path)
        for item in made.quiz
        for choice in item.choices
        if not choice.right
        for c in choice.citations
    }
    for one in _citations(made.model_dump()):
        text = library.catalog.document_text(one["document_id"])
        if not one["quote"] or text[one["start"] : one["end"]] != one["quote"]:
            yield f"quote {one['title']}{one['path']}"
        status = library.documents()[1][one["document_id"]].validity
        if status in _OLD and (one["document_id"], one["path"]) not in old:
            yield f"in force {one['title']}"
    characters = sum(len("".join(one.citation.quote.split())) for one in made.passages)
    if characters > reading * made.reading_speed:
        yield "fits"
    yield from _repeats(made)
    read = {(one.citation.document_id, one.citation.start) for one in made.passages}
    for case in made.cases:
        for asked in case.discussions:
            cited = {(c.document_id, c.start) for c in asked.citations}
            if not cited & read or not any(
                c.document_id == case.citation.document_id for c in asked.citations
            ):
                yield f"tied {case.title}"
    if made.minutes < minutes and not any(str(made.minutes) in line for line in made.missing):
        yield "told"


def _citations(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "quote" in value and "document_id" in value:
            yield value
        for one in value.values():
            yield from _citations(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _citations(one)


def _repeats(made: StudySession) -> Iterator[str]:
    read = [_pairs(one.citation) for one in made.passages]
    for place, one in enumerate(read):
        for other in read[:place]:
            if len(one & other) >= _SAME * max(1, min(len(one), len(other))):
                yield f"distinct {made.passages[place].heading}"
    stems = [(one.stem, one.choices, one.pairs, one.steps) for one in made.quiz]
    if len(stems) != len(set(stems)):
        yield "distinct questions"


def _pairs(cited: StudyCitation) -> set[str]:
    text = "".join(cited.quote.split())
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _open(stack: ExitStack, homes: dict[str, Path]) -> Iterator[tuple[str, Library]]:
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    folders = {"sample": CORPUS, "party": REGULATIONS}
    for name in ("sample", "party", "law"):
        if name in homes:
            yield name, stack.enter_context(Library(Settings(home=homes[name])))
        elif name in folders and folders[name].is_dir():
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            library = stack.enter_context(Library(Settings(home=home)))
            ingest_paths(library, [folders[name]], name)
            yield name, library


def report(results: list[Result], failures: int) -> str:
    """The tables."""
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        groups[one.library, one.covered].append(one)
    lines = [
        "| library | topics | n | judged right | promises kept | minutes (median) | s median | s most |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (library, covered), found in groups.items():
        kept = sum(not one.broken for one in found)
        lines.append(
            f"| {library} | {covered} | {len(found)} | {sum(o.right for o in found)} | {kept} | "
            f"{statistics.median(o.minutes for o in found):.0f} | "
            f"{statistics.median(o.seconds for o in found):.1f} | "
            f"{max(o.seconds for o in found):.1f} |"
        )
    right = f"{sum(one.right for one in results)} / {len(results)}"
    planned = [one for one in results if one.minutes]
    whole = f"{sum(not one.broken for one in planned)} / {len(planned)}"
    lines += ["", f"coverage judged right: {right}", f"sessions that keep every promise: {whole}"]
    shown = [one for one in results if one.broken or not one.right][:failures]
    lines += [
        f"- {one.library}/{one.covered} “{one.topic}”: {one.minutes} min; {'; '.join(one.broken[:3])}"
        for one in shown
    ]
    return "\n".join(lines)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=int, default=90)
    parser.add_argument("--home", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--failures", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    homes = {name: Path(folder) for name, _, folder in (h.partition("=") for h in arguments.home)}
    topics = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines()]
    results: list[Result] = []
    with ExitStack() as stack:
        for name, library in _open(stack, homes):
            for topic in topics:
                if topic["library"] == name:
                    results.append(run(library, name, topic, arguments.minutes))
    if arguments.json:
        print(json.dumps([vars(one) for one in results], ensure_ascii=False))
    else:
        print(report(results, arguments.failures))


if __name__ == "__main__":
    main()

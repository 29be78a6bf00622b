"""One run over the questions: what was asked, and where the right places stood at each stage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.evaluation.base import (
    EvaluationError,
    Gold,
    Progress,
    Question,
    StagedSearch,
)
from index.evaluation.metrics import ranks_of
from index.records import SearchFilter

KEPT = 10
"""Passages kept of each stage's list."""

_MAX_BYTES = 256_000_000


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Outcome(_Frozen):
    """One question: for each stage the rank of each right place, and the first passages."""

    id: str
    row: int
    q: str
    kind: str = ""
    gold: tuple[str, ...] = Field(min_length=1)  # right places, as the library names them
    written: tuple[str, ...] = ()  # as the file of questions states them
    ranks: dict[str, tuple[int | None, ...]]
    found: dict[str, tuple[str, ...]] = {}


class Conditions(_Frozen):
    """What the figures depend on beside the questions."""

    questions: str = ""  # the file's name
    digest: str = ""  # SHA-256 of the file
    collections: tuple[str, ...] = ()
    all_versions: bool = False
    as_of: str | None = None
    families: bool = False
    depth: int = Field(ge=10, le=1000)
    limit: int | None = None
    seed: int = 0
    encoder: str = ""
    documents: int = 0
    passages: int = 0
    created: str = ""


class Run(_Frozen):
    """A run as it is saved; ``stages`` in the order of the search, the last is the users'."""

    format: Literal["luming-evaluation-1"] = "luming-evaluation-1"
    conditions: Conditions
    stages: tuple[str, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)

    @property
    def final(self) -> str:
        """The stage whose order users see."""
        return self.stages[-1]


def run_questions(
    pairs: Sequence[tuple[Question, Sequence[Gold]]],
    search: StagedSearch,
    flt: SearchFilter,
    conditions: Conditions,
    progress: Progress | None = None,
) -> Run:
    """Ask every question, at least one, of every stage."""
    outcomes: list[Outcome] = []
    stages: tuple[str, ...] = ()
    for done, (question, gold) in enumerate(pairs, start=1):
        found = search(question.q, conditions.depth, flt)
        stages = tuple(found)
        outcomes.append(_outcome(question, gold, found))
        if progress is not None:
            progress(done, len(pairs))
    return Run(conditions=conditions, stages=stages, outcomes=tuple(outcomes))


def _outcome(
    question: Question, gold: Sequence[Gold], found: Mapping[str, Sequence[str]]
) -> Outcome:
    return Outcome(
        id=question.id,
        row=question.row,
        q=question.q,
        kind=question.kind,
        gold=tuple(one.label for one in gold),
        written=tuple(one.text for one in question.gold),
        ranks={stage: tuple(ranks_of(ids, gold)) for stage, ids in found.items()},
        found={stage: tuple(ids[:KEPT]) for stage, ids in found.items()},
    )


def now() -> str:
    """The time of a run, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def digest(path: Path) -> str:
    """SHA-256 of a file of questions."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_run(run: Run, path: Path) -> None:
    """Write a run as JSON, whole or not at all; EvaluationError when it can't be written."""
    text = json.dumps(run.model_dump(mode="json"), ensure_ascii=False, indent=1)
    write_whole(path, text.encode("utf-8", "backslashreplace").decode("utf-8"))


def write_whole(path: Path, text: str) -> None:
    """Put a text in the place of a file by a rename, so that none is ever half written."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EvaluationError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error


def load_run(path: Path) -> Run:
    """A run that ``save_run`` wrote; EvaluationError for anything else."""
    wrong = f"{path} 不是 luming eval --save 存下的结果，请给出那样的文件。"
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise EvaluationError(wrong)
        run = Run.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"读不了 {path}：{error.strerror}，请检查路径和权限。") from error
    except ValidationError as error:
        raise EvaluationError(wrong) from error
    if any(
        set(one.ranks) != set(run.stages)
        or any(len(ranks) != len(one.gold) for ranks in one.ranks.values())
        for one in run.outcomes
    ):
        raise EvaluationError(wrong)
    return run

"""The `luming` command: the app, its commands, and what exit code an error gives.

Heavy parts are imported by the command that needs them.
"""

from __future__ import annotations

import sys

import typer

from index.errors import LibraryError
from ui import console
from ui.commands import (
    ask,
    audit,
    backup,
    chat,
    conversations,
    diff,
    doctor,
    documents,
    duplicates,
    evaluate,
    exchange,
    feedback,
    gaps,
    ingest,
    jobs,
    maintenance,
    mcp,
    replay,
    search,
    serve,
    study,
    sync,
    token,
    tune,
    user,
    verify,
    versions,
)

app = typer.Typer(
    name="luming",
    help="鹿鸣：机关办公用的知识库问答，每句话都有出处。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    ingest,
    sync,
    jobs,
    search,
    ask,
    backup,
    chat,
    conversations,
    documents,
    duplicates,
    versions,
    diff,
    verify,
    study,
    evaluate,
    tune,
    gaps,
    feedback,
    replay,
    maintenance,
    doctor,
    backup,
    exchange,
    serve,
    mcp,
    user,
    token,
    audit,
):
    _command.register(app)


def main() -> None:
    """Entry point: every foreseen failure is one Chinese line on stderr and an exit code."""
    from assistant.question import QuestionError
    from ui.batch import BatchError
    from ui.commands.common import UsageError
    from ui.server import ServeError

    try:
        app()
    except KeyboardInterrupt:
        _fail("已中断；已完成的部分都已保存，再次运行会接着做。", console.INTERRUPTED)
    except (QuestionError, BatchError, UsageError) as error:
        _fail(str(error), console.USAGE)
    except (LibraryError, ServeError) as error:
        _fail(str(error), console.FAILED)


def _fail(message: str, code: int) -> None:
    console.errors().print(message, style="red", markup=False)
    sys.exit(code)


if __name__ == "__main__":
    main()

"""`luming chat`: questions one after another, each understood after those before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import AllVersions, AsOf, Collections, open_library, search_filter

if TYPE_CHECKING:
    from assistant.conversation.keeping import Conversations
    from assistant.conversation.talk import Turn
    from index.records import SearchFilter

_LEAVE = frozenset({"退出", "exit", "quit", ":q", "/退出", "/exit", "/quit", "q"})
_NEW = frozenset({"新对话", "/新对话", "/new"})
_WELCOME = "直接提问，可以接着问“由谁负责？”“那第九条呢？”。输入“新对话”另起，输入“退出”结束。"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(chat)


def chat(
    resume: Annotated[
        str | None,
        typer.Option("--resume", "-r", help="接着这段对话问：编号或名称", metavar="对话"),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", "-n", help="给这段对话起名")] = None,
    collection: Collections = None,
    all_versions: AllVersions = False,
    as_of: AsOf = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="每问向标准输出打印一个 JSON 对象，一行一个")
    ] = False,
) -> None:
    """连续提问：追问会联系上文理解。没有终端时从标准输入逐行读取问题。"""
    from assistant.asking import Asking
    from assistant.conversation.keeping import Conversations
    from assistant.factory import make_answerer

    flt = search_filter(collection, all_versions, as_of=as_of)
    with open_library() as library:
        library.check_collections(flt.collections)
        asking = Asking(library, make_answerer(library))
        try:
            session = _Session(Conversations(library, asking), flt, name, as_json)
            if resume is not None:
                session.resume(resume)
            session.run()
        finally:
            asking.close()


class _Session:
    """One run of the command: the conversation that is open, and how answers are shown."""

    def __init__(
        self, conversations: Conversations, flt: SearchFilter, name: str | None, as_json: bool
    ) -> None:
        self._conversations = conversations
        self._flt = flt
        self._name = name
        self._as_json = as_json
        self._id: str | None = None
        self._number = 0
        self._failed = False

    def resume(self, written: str) -> None:
        """Go on with a stored conversation; UnknownConversation."""
        found = self._conversations.store.find(written)
        self._id, self._number = found.conversation_id, found.turns
        console.errors().print(
            f"接着“{found.name}”（{found.turns} 问）。", style="dim", markup=False
        )

    def run(self) -> None:
        """Until the end of the input or 退出; exits with 1 where a piped question failed."""
        terminal = sys.stdin.isatty()
        if terminal:
            console.errors().print(_WELCOME, style="dim", markup=False)
        for line in _typed() if terminal else _piped():
            question = line.strip()
            if question.lower() in _LEAVE:
                break
            if question in _NEW:
                self._id, self._number, self._name = None, 0, None
                console.errors().print("已另起一段对话。", style="dim", markup=False)
            elif question:
                self._ask(question)
        if self._id and not self._as_json and self._conversations.keeps:
            console.errors().print(
                f"对话已保存，编号 {self._id}；接着问：luming chat --resume {self._id}",
                style="dim",
                markup=False,
            )
        if self._failed and not terminal:
            raise typer.Exit(console.FAILED)

    def _ask(self, question: str) -> None:
        from assistant.question import QuestionError

        try:
            conversation_id, turn = self._conversations.ask(question, self._id, self._flt, "cli")
        except QuestionError as error:
            self._refused(question, str(error))
            return
        if conversation_id:
            if self._id is None and self._name and self._conversations.keeps:
                self._conversations.store.rename(conversation_id, self._name)
            self._number += conversation_id == (self._id or conversation_id)
            self._id = conversation_id
        self._show(turn)

    def _refused(self, question: str, message: str) -> None:
        self._failed = True
        if self._as_json:
            console.print_json({"conversation": self._id, "q": question[:200], "error": message})
        else:
            console.errors().print(message, style="red", markup=False)

    def _show(self, turn: Turn) -> None:
        from ui.commands.ask import print_answer
        from ui.shapes import answer_object

        if not self._as_json:
            print_answer(turn.answer)
            console.output().print()
            return
        line: dict[str, Any] = {
            "conversation": self._id,
            "turn": self._number,
            "understood": turn.reading.text,
            "manner": turn.reading.manner.value,
            **answer_object(turn.answer, self._number),
        }
        console.print_json(line)


def _typed() -> Iterator[str]:
    """Lines from the terminal, with its own editing and history."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # arrows and history in input()
    while True:
        try:
            yield input("问：")
        except EOFError:
            return


def _piped() -> Iterator[str]:
    """Lines of standard input, UTF-8 whatever the locale; what is none becomes �."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8-sig", "replace")

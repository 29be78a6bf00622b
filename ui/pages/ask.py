"""The page where a question is asked: question and answer at the left, the source beside it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import gradio as gr

from index.errors import LibraryError
from ui.access.viewing import service_for
from ui.pages.following import Done, followed
from ui.pages.talks import Talks
from ui.render.answer import answer_html, error_html, growing_html, progress_html
from ui.render.page import EMPTY_SOURCE, examples_html, welcome_html

if TYPE_CHECKING:
    from assistant.streaming import AnswerStep
    from ui.pages.site import Site

log = logging.getLogger("luming.server")
ALL = ""  # value of the choice 全部文库


def build(site: Site, page: gr.Blocks) -> None:
    """Place the page into the open ``page``, and its listeners."""
    examples = site.examples
    talks = Talks(site.service)

    def opened(request: gr.Request) -> tuple[Any, str, str]:
        """What depends on the library, made anew each time the page is opened."""
        try:
            found = service_for(site.service, request).collections()
        except LibraryError as error:
            return gr.update(), error_html(str(error)), ""
        total = sum(n for _, n in found)
        choices = [(f"全部文库（{total}）", ALL), *((f"{name}（{n}）", name) for name, n in found)]
        picker = gr.update(choices=choices, value=ALL, visible=len(found) > 1)
        return picker, welcome_html(total), examples_html(examples.questions())

    def ask(
        question: str,
        collection: str | None,
        old: bool,
        day: str,
        talk: str,
        user: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        """Progress at once, then the answer or one clear line, and the turns before it."""
        from assistant.question import QuestionError
        from index.versions.dates import parse_date

        def alone(html: str) -> tuple[Any, ...]:
            return html, talk, gr.skip(), gr.skip()

        if not question.strip():
            yield alone(error_html("请先输入问题，再按回车。"))
            return
        as_of = parse_date(day.strip()) if day.strip() else None
        if day.strip() and as_of is None:
            yield alone(error_html(f"“{day.strip()[:20]}”不是日期，请写成 2019-05-01，或者留空。"))
            return
        yield alone(progress_html(question[:200]))
        try:
            service = service_for(site.service, request)
            chosen = (collection,) if collection else ()
            for step in followed(
                lambda listen: service.converse(question, talk, chosen, old, as_of, user, listen)
            ):
                if not isinstance(step, Done):
                    yield alone(step_html(question[:200], step))
                    continue
                open_id, answer = step.result
                results = results_address(answer.question, collection, old, as_of)
                shown = answer_html(answer, secrets.token_hex(8), results)
                yield shown, open_id, *talks.around(open_id, user)
        except (QuestionError, LibraryError) as error:
            yield alone(error_html(str(error)))
        except Exception:
            log.exception("回答问题时出错")
            yield alone(
                error_html("回答时出错，请换个问法再试；如反复出现，请联系管理员查看日志。")
            )

    def begin(user: str, request: gr.Request) -> tuple[Any, ...]:
        """A new conversation: the page as it is opened."""
        return *opened(request), "", "", talks.around("", user)[1], ""

    with gr.Row(elem_id="lm-main", equal_height=False):
        with gr.Column(elem_id="lm-left", min_width=0):
            with gr.Group(elem_id="lm-askbox"):
                question = gr.Textbox(
                    placeholder="输入问题，回车提问；Shift+回车换行",
                    lines=1,
                    max_lines=6,
                    show_label=False,
                    label="问题",
                    container=False,
                    elem_id="lm-question",
                    autofocus=True,
                )
                with gr.Row(elem_id="lm-controls"):
                    collection = gr.Dropdown(
                        [("全部文库", ALL)],
                        value=ALL,
                        label="文库",
                        show_label=False,
                        container=False,
                        filterable=False,
                        elem_id="lm-collection",
                        min_width=0,
                        scale=0,
                    )
                    old = gr.Checkbox(
                        label="含已修订、废止",
                        container=False,
                        elem_id="lm-old",
                        min_width=0,
                        scale=0,
                    )
                    day = gr.Textbox(
                        placeholder="效力日期：今天",
                        label="按哪一天有效的规定回答，例如 2019-05-01，留空就是今天",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=1,
                        elem_id="lm-day",
                        min_width=0,
                        scale=0,
                    )
                    new = gr.Button("新对话", elem_id="lm-new", min_width=0, scale=0)
                    button = gr.Button("提问", elem_id="lm-ask", min_width=0, scale=0)
            shown = _html(gr, "", "lm-answer")
            talks.place_earlier(gr)
            suggestions = _html(gr, "", "lm-examples")
            talks.place_list(gr)
        with gr.Column(elem_id="lm-right", min_width=0):
            _html(gr, EMPTY_SOURCE, "lm-source")
    talks.listen(gr, page, shown)
    new.click(
        begin,
        [talks.user],
        [collection, shown, suggestions, talks.open, talks.earlier, talks.list, question],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )
    page.load(
        opened,
        None,
        [collection, shown, suggestions],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )
    gr.on(
        [question.submit, day.submit, button.click],
        ask,
        [question, collection, old, day, talks.open, talks.user],
        [shown, talks.open, talks.earlier, talks.list],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=8,
        trigger_mode="always_last",
    )


def step_html(question: str, step: AnswerStep) -> str:
    """What an answer that is being made shows."""
    if step.answer is None:
        return progress_html(question, step.progress)
    return growing_html(step.answer, step.progress)


def results_address(question: str, collection: str | None, old: bool, as_of: date | None) -> str:
    """Where the list of passages found for a question is."""
    query: dict[str, str] = {"q": question}
    if collection:
        query["collection"] = collection
    if old:
        query["old"] = "true"
    if as_of:
        query["as_of"] = as_of.isoformat()
    return "/results?" + urlencode(query)


def _html(gr: Any, value: str, elem_id: str) -> Any:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)

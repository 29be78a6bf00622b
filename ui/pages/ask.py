"""The page where a question is asked: question and answer at the left, the source beside it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import LibraryError
from ui.render.answer import answer_html, error_html, growing_html, progress_html
from ui.render.page import EMPTY_SOURCE, examples_html, header_html, welcome_html

if TYPE_CHECKING:
    import gradio as gr

    from ui.api.service import Service
    from ui.pages.examples import Examples

log = logging.getLogger("luming.server")
ALL = ""  # value of the choice 全部文库


def build(service: Service, examples: Examples) -> gr.Blocks:
    """The page on ``service``, with ``examples`` to click."""
    import gradio as gr

    def opened() -> tuple[Any, str, str]:
        """What depends on the library, made anew each time the page is opened."""
        try:
            found = service.collections()
        except LibraryError as error:
            return gr.update(), error_html(str(error)), ""
        total = sum(n for _, n in found)
        choices = [(f"全部文库（{total}）", ALL), *((f"{name}（{n}）", name) for name, n in found)]
        picker = gr.update(choices=choices, value=ALL, visible=len(found) > 1)
        return picker, welcome_html(total), examples_html(examples.questions())

    def ask(question: str, collection: str | None, old: bool) -> Iterator[str]:
        """Progress at once, then the answer or one clear line."""
        from assistant.question import QuestionError

        if not question.strip():
            yield error_html("请先输入问题，再按回车。")
            return
        yield progress_html(question[:200])
        try:
            for step in service.ask_stream(question, (collection,) if collection else (), old):
                if step.done and step.answer is not None:
                    yield answer_html(step.answer, secrets.token_hex(8))
                elif step.answer is not None:
                    yield growing_html(step.answer, step.progress)
                else:
                    yield progress_html(question[:200], step.progress)
        except (QuestionError, LibraryError) as error:
            yield error_html(str(error))
        except Exception:
            log.exception("回答问题时出错")
            yield error_html("回答时出错，请换个问法再试；如反复出现，请联系管理员查看日志。")

    with gr.Blocks(title="鹿鸣 · 知识助手", fill_width=True, analytics_enabled=False) as page:
        _html(gr, header_html(), "lm-header")
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
                        button = gr.Button("提问", elem_id="lm-ask", min_width=0, scale=0)
                shown = _html(gr, "", "lm-answer")
                suggestions = _html(gr, "", "lm-examples")
            with gr.Column(elem_id="lm-right", min_width=0):
                _html(gr, EMPTY_SOURCE, "lm-source")
        page.load(
            opened,
            None,
            [collection, shown, suggestions],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        gr.on(
            [question.submit, button.click],
            ask,
            [question, collection, old],
            shown,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=8,
            trigger_mode="always_last",
        )
    page.queue(max_size=200)
    return page


def _html(gr: Any, value: str, elem_id: str) -> Any:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)

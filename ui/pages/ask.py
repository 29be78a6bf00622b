"""The page where a question is asked: question and answer at the left, the source beside it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import LibraryError
from ui.access.viewing import service_for
from ui.api.shelf import intake_address
from ui.pages.askers import numbered, user_of
from ui.pages.following import Done, followed
from ui.pages.linking import answer_links, question_query
from ui.pages.talks import Talks
from ui.render.answer import answer_html, error_html, growing_html, progress_html
from ui.render.page import EMPTY_SOURCE, examples_html, heading_html, welcome_html

if TYPE_CHECKING:
    from assistant.streaming import AnswerStep
    from ui.pages.site import Site

log = logging.getLogger("luming.server")
_MOST_COLLECTIONS = 50
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class Asked:
    """A question as it stands in an address: /?q=…&collection=…&talk=…"""

    question: str = ""
    collections: tuple[str, ...] = ()
    old: bool = False
    as_of: str = ""
    talk: str = ""

    @classmethod
    def read(cls, request: gr.Request) -> Asked:
        """What the page's address asks for."""
        query = request.request.query_params if request.request else None
        if query is None:
            return cls()
        return cls(
            query.get("q", "").strip(),
            tuple(query.getlist("collection"))[:_MOST_COLLECTIONS],
            query.get("old") == "true",
            query.get("as_of", "")[:10],
            query.get("talk", ""),
        )


class AskPage:
    """The page's parts and what happens on it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.talks = Talks(site)

    def arrived(self, browser: str, remembered: Any, request: gr.Request) -> tuple[Any, ...]:
        """What depends on the library, the person and the address: the browser's number and its
        conversations, picker, settings, the answer of a conversation or the welcome."""
        browser = numbered(browser)
        asked = Asked.read(request)
        try:
            service = service_for(self._site.service, request)
            found = service.collections()
            mine = browser, self.talks.around("", browser, request)[1]
        except LibraryError as error:
            told = error_html(error.without_command)
            return browser, "", gr.skip(), gr.skip(), gr.skip(), told, "", ""
        # Settings that the address says nothing of stay: a person may already have changed them.
        settings = asked.old or gr.skip(), asked.as_of or gr.skip()
        names = [name for name, _ in found]
        wanted = asked.collections or _names(remembered)
        picker = gr.update(
            choices=[(f"{name}（{count}）", name) for name, count in found],
            value=[name for name in wanted if name in names],
        )
        if asked.talk:
            shown = self.talks.reopened(asked.talk, browser, request)
            if shown is not None:
                earlier, listed = self.talks.around(asked.talk, browser, request)
                return browser, listed, picker, *settings, shown, asked.talk, earlier
            if not asked.question:
                line = "这段对话打不开：可能已被删除，或是别人的对话。可以直接提问，另起一段。"
                return *mine, picker, *settings, error_html(line), "", ""
        welcome = welcome_html(sum(count for _, count in found), intake_address(request))
        return *mine, picker, *settings, welcome, "", ""

    def suggested(self, request: gr.Request) -> str:
        """Example questions from what the person may see."""
        try:
            service = service_for(self._site.service, request)
            return examples_html(self._site.examples.of(service).questions())
        except LibraryError:
            return ""

    def ask(
        self,
        question: str,
        collections: list[str],
        old: bool,
        day: str,
        talk: str,
        browser: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        """Progress at once, then the answer or one clear line, and the turns before it."""
        from assistant.question import QuestionError
        from index.versions.dates import parse_date

        browser = numbered(browser)

        def alone(html: str) -> tuple[Any, ...]:
            return html, talk, gr.skip(), gr.skip(), gr.skip()

        if not question.strip():
            yield alone(error_html("请先输入问题，再按回车。"))
            return
        as_of = parse_date(day.strip()) if day.strip() else None
        if day.strip() and as_of is None:
            yield alone(error_html(f"“{day.strip()[:20]}”不是日期，请写成 2019-05-01，或者留空。"))
            return
        yield alone(progress_html(question[:200]))
        try:
            service = service_for(self._site.service, request)
            user, chosen = user_of(request, browser), tuple(_names(collections))
            for step in followed(
                lambda listen: service.converse(question, talk, chosen, old, as_of, user, listen)
            ):
                if not isinstance(step, Done):
                    yield alone(step_html(question[:200], step))
                    continue
                open_id, answer = step.result
                query = question_query(answer.question, chosen, old, as_of)
                kept = open_id if service.conversations.keeps else ""
                links = answer_links(self._site, request, answer, kept, user, query)
                shown = answer_html(answer, secrets.token_hex(8), links)
                yield shown, open_id, *self.talks.around(open_id, browser, request), browser
        except LibraryError as error:
            yield alone(error_html(error.without_command))
        except QuestionError as error:
            yield alone(error_html(str(error)))
        except Exception:
            log.exception("回答问题时出错")
            yield alone(
                error_html("回答时出错，请换个问法再试；如反复出现，请联系管理员查看日志。")
            )

    def begin(self, browser: str, request: gr.Request) -> tuple[Any, ...]:
        """A new conversation: the page as it is opened, with the settings as they are."""
        try:
            total = sum(n for _, n in service_for(self._site.service, request).collections())
            shown = welcome_html(total, intake_address(request))
        except LibraryError as error:
            shown = error_html(error.without_command)
        return shown, "", "", self.talks.around("", browser, request)[1], ""


def build(site: Site, page: gr.Blocks) -> None:
    """Place the page into the open ``page``, and its listeners."""
    one = AskPage(site)
    talks = one.talks
    with gr.Row(elem_id="lm-main", equal_height=False):
        with gr.Column(elem_id="lm-left", min_width=0):
            _html(heading_html("问答", hidden=True), "lm-heading")
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
                collections, old, day, new, button = _controls()
            shown = _html("", "lm-answer")
            talks.place_earlier()
            suggestions = _html("", "lm-examples")
            talks.place_list()
        with gr.Column(elem_id="lm-right", min_width=0):
            _html(EMPTY_SOURCE, "lm-source")
    remembered = gr.BrowserState([], storage_key="luming-collections", secret="luming")
    talks.listen(shown)
    page.load(
        one.arrived,
        [talks.user, remembered],
        [talks.user, talks.list, collections, old, day, shown, talks.open, talks.earlier],
        queue=False,
        **_QUIET,
    )
    page.load(one.suggested, None, suggestions, queue=False, **_QUIET)
    collections.input(lambda names: names, collections, remembered, queue=False, **_QUIET)
    new.click(
        one.begin,
        [talks.user],
        [shown, talks.open, talks.earlier, talks.list, question],
        queue=False,
        **_QUIET,
    )
    gr.on(
        [question.submit, day.submit, button.click],
        one.ask,
        [question, collections, old, day, talks.open, talks.user],
        [shown, talks.open, talks.earlier, talks.list, talks.user],
        concurrency_limit=8,
        trigger_mode="always_last",
        **_QUIET,
    )


def _controls() -> tuple[Any, Any, Any, Any, Any]:
    """Below the question: collections, old rules too, the day, a new conversation, the button."""
    small: dict[str, Any] = {"min_width": 0, "scale": 0}
    with gr.Row(elem_id="lm-controls"):
        gr.HTML(
            '<button type="button" id="lm-scope-button" aria-expanded="false" '
            'aria-controls="lm-scope">全部文库</button>',
            elem_id="lm-scope-opener",
            apply_default_css=False,
            js_on_load=None,
        )
        collections = gr.CheckboxGroup(
            [],
            label="在哪些文库里查（都不选就是全部）",
            elem_id="lm-scope",
            **small,
        )
        old = gr.Checkbox(
            label="含已修订、废止",
            container=False,
            elem_id="lm-old",
            **small,
        )
        day = gr.Textbox(
            placeholder="效力日期：今天",
            label="按哪一天有效的规定回答，例如 2019-05-01，留空就是今天",
            show_label=False,
            container=False,
            lines=1,
            max_lines=1,
            elem_id="lm-day",
            **small,
        )
        new = gr.Button("新对话", elem_id="lm-new", **small)
        button = gr.Button("提问", elem_id="lm-ask", **small)
    return collections, old, day, new, button


def step_html(question: str, step: AnswerStep) -> str:
    """What an answer that is being made shows."""
    if step.answer is None:
        return progress_html(question, step.progress)
    return growing_html(step.answer, step.progress)


def _names(found: Any) -> list[str]:
    """Names of collections from the browser; nothing of what is no list of names."""
    if not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, str)][:_MOST_COLLECTIONS]


def _html(value: str, elem_id: str) -> Any:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)

"""The pages of the site, one module each, in one Gradio program: what is where, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from ui.access.model import Right
from ui.access.viewing import principal_of
from ui.pages import ask, library
from ui.pages.panels import panel_page
from ui.render.page import header_html

if TYPE_CHECKING:
    from ui.api.service import Service
    from ui.downloads import Downloads
    from ui.pages.examples import ExamplesInSight


@dataclass(frozen=True)
class Site:
    """What a page is built on. Handlers take their service from ``ui.access.viewing.service_for``,
    never from here directly."""

    service: Service
    examples: ExamplesInSight
    downloads: Downloads


@dataclass(frozen=True)
class Page:
    """One page: ``path`` below the root, "" for the first; seen with ``right`` only."""

    path: str
    name: str
    right: Right
    build: Callable[[Site, gr.Blocks], None]


def pages() -> tuple[Page, ...]:
    """All pages, in the order of the navigation."""
    return (
        Page("", "问答", Right.READ, ask.build),
        Page("library", "文库", Right.READ, library.build),
        Page("verify", "核验", Right.READ, panel_page("法条核验", "/verify/panel")),
        Page("intake", "入库", Right.OPERATE, panel_page("入库", "/intake/panel")),
        Page("admin", "管理", Right.ADMINISTER, panel_page("管理", "/admin/panel")),
    )


def build(site: Site) -> gr.Blocks:
    """The program with every page. Each page begins with the bar of ``header_html``."""
    first, *others = pages()
    demo = gr.Blocks(title="鹿鸣 · 知识助手", fill_width=True, analytics_enabled=False)
    with demo:
        gr.Navbar(visible=False)  # ours is in the header
        _place(site, demo, first)
    for page in others:
        with demo.route(page.name, page.path, show_in_navbar=False):
            _place(site, demo, page)
    demo.queue(max_size=200)
    return demo


def _place(site: Site, demo: gr.Blocks, page: Page) -> None:
    def bar(request: gr.Request) -> str:
        principal = principal_of(request)
        shown = [(one.path, one.name) for one in pages() if principal.may(one.right)]
        return header_html(shown, page.path, principal)

    header = gr.HTML(
        header_html((), page.path), elem_id="lm-header", apply_default_css=False, js_on_load=None
    )
    page.build(site, demo)
    demo.load(bar, None, header, queue=False, show_progress="hidden", api_visibility="private")

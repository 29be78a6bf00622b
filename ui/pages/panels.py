"""The pages that are made of panels: a frame in Gradio whose fragments come from our own routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import gradio as gr

from ui.render.page import heading_html
from ui.render.panels import panel_html

if TYPE_CHECKING:
    from ui.pages.site import Site


def panel_page(name: str, address: str) -> Callable[[Site, gr.Blocks], None]:
    """The builder of a page called ``name`` whose first fragment is at ``address``."""

    def build(site: Site, page: gr.Blocks) -> None:
        with gr.Column(elem_id="lm-main", elem_classes="lm-one"):
            gr.HTML(
                heading_html(name) + panel_html(address),
                elem_id="lm-panel",
                apply_default_css=False,
                js_on_load=None,
            )

    return build

"""The library page: what there is to read. Its list and documents are fetched by the page's script
(``ui/assets/library.js``) from ``ui/api/shelf.py``, so that every view has an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from ui.render.page import heading_html, stage_html

if TYPE_CHECKING:
    from ui.pages.site import Site


def build(site: Site, page: gr.Blocks) -> None:
    """Place the page into the open ``page``."""
    with gr.Column(elem_id="lm-main", elem_classes="lm-one"):
        gr.HTML(
            heading_html("文库", hidden=True) + stage_html(),
            elem_id="lm-stage",
            apply_default_css=False,
            js_on_load=None,
        )

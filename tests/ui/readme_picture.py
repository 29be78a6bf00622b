"""Make the README's pictures: ``python -m tests.ui.readme_picture ADDRESS QUESTION TOPIC``.

Uses a running server in Chromium at 1280 × 860 and keeps what it shows in ``docs/images``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ui.conftest import CHROMIUM_ARGS, ROOT, ask, chromium


def main(address: str, question: str, topic: str, folder: Path) -> None:
    """Write ``answer.png``, ``library.png`` and ``study.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(address)
        page.wait_for_selector(".lm-welcome")
        ask(page, question)
        page.wait_for_selector(".lm-source :is(mark, .lm-box)", state="attached")
        page.wait_for_timeout(1500)  # the picture of a PDF page, the focus ring's fading
        page.screenshot(path=str(folder / "answer.png"))
        page.goto(f"{address}/library")
        page.wait_for_selector(".lm-shelf-form")
        page.wait_for_timeout(500)
        page.screenshot(path=str(folder / "library.png"))
        page.goto(f"{address}/study")
        page.fill("[name=topic]", topic)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=时间表", timeout=60_000)
        page.wait_for_timeout(1000)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=str(folder / "study.png"))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3], ROOT / "docs" / "images")

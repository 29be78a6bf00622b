"""Make the README's picture: ``python -m tests.ui.readme_picture ADDRESS QUESTION [FILE]``.

Asks a running server in Chromium at 1280 × 860 and keeps what it shows.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ui.conftest import CHROMIUM_ARGS, ROOT, ask, chromium


def main(address: str, question: str, target: Path) -> None:
    """Write the picture to ``target``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(address)
        page.wait_for_selector(".lm-welcome")
        ask(page, question)
        page.wait_for_selector(".lm-source :is(mark, .lm-box)", state="attached")
        page.wait_for_timeout(1500)  # the picture of a PDF page, the focus ring's fading
        page.screenshot(path=str(target))
        browser.close()


if __name__ == "__main__":
    given = Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT / "docs" / "images" / "answer.png"
    main(sys.argv[1], sys.argv[2], given)

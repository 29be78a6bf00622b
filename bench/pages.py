"""How soon a page can be used: from the address being opened to the first field or button in it.

A real Chromium opens every page of the site on loopback. ``首次`` is a browser that has nothing in
its cache, ``再次`` the same browser once more. A page can be used when the first field, button or
link below its navigation bar is visible and enabled. Times are medians in milliseconds, measured
by the page's own clock (``performance.now``: from the start of the navigation).

    python -m bench.pages [--home FOLDER] [--runs 5] [--json]

Without ``--home`` a server is started on the sample corpus. Needs the tests' packages and Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

_ROOT = Path(__file__).parents[1]
_SERVE = (
    "from index.settings import Settings\nfrom ui.server import serve\n"
    "serve(Settings(), port=0, on_ready=lambda url: print(url, flush=True))"
)
_USABLE = """() => {
  const seen = () => {
    const found = [...document.querySelectorAll(
      '#lm-main :is(input, textarea, select, button, a[href])')].some(one =>
        !one.disabled && one.checkVisibility?.({ visibilityProperty: true, opacityProperty: true })
        && one.getBoundingClientRect().width > 0);
    if (found) window.__usable = performance.now(); else requestAnimationFrame(seen);
  };
  seen();
}"""
_PHONE, _DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@contextmanager
def server(home: Path) -> Iterator[str]:
    """The address of a server on ``home``, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        cwd=_ROOT,
        env={**os.environ, "LUMING_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise SystemExit("服务没有启动，请先运行 luming doctor 查看原因。")
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def usable_after(context: BrowserContext, address: str) -> float:
    """Milliseconds until the page at ``address`` can be used, in a new tab of ``context``."""
    page = context.new_page()
    page.add_init_script(f"({_USABLE})()")
    page.goto(address)
    page.wait_for_function("window.__usable !== undefined", timeout=60_000)
    time = float(page.evaluate("window.__usable"))
    page.wait_for_timeout(500)  # what comes later is in the cache too when it is opened again
    page.close()
    return time


def measured(browser: Browser, url: str, paths: list[str], runs: int) -> list[dict[str, Any]]:
    """A row a page."""
    rows = []
    for path in paths:
        row: dict[str, Any] = {"page": f"/{path}"}
        for name, viewport in (("desk", _DESK), ("phone", _PHONE)):
            cold, warm = [], []
            for _ in range(runs):
                context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
                cold.append(usable_after(context, f"{url}/{path}"))
                warm.append(usable_after(context, f"{url}/{path}"))
                context.close()
            row[name] = {
                "cold_ms": round(statistics.median(cold)),
                "cold_most_ms": round(max(cold)),
                "warm_ms": round(statistics.median(warm)),
                "warm_most_ms": round(max(warm)),
            }
        rows.append(row)
    return rows


def sample_home(folder: Path) -> Path:
    """A home with the sample corpus."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    library = Library(Settings(home=folder))
    try:
        ingest_paths(library, [_ROOT / "corpus"], "示例文库")
    finally:
        library.close()
    return folder


def table(rows: list[dict[str, Any]], first: float) -> str:
    """The rows for a person; medians with the longest in brackets."""
    lines = [
        f"服务刚启动后第一次打开首页：{first:.0f} 毫秒",
        "",
        "| 页面 | 首次 | 再次 | 手机宽度，首次 | 手机宽度，再次 |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        cells = [
            f"{row[width][f'{kind}_ms']}（{row[width][f'{kind}_most_ms']}）"
            for width in ("desk", "phone")
            for kind in ("cold", "warm")
        ]
        lines.append(f"| {row['page']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Print the table, or with --json one object."""
    parser = argparse.ArgumentParser(description="页面打开到能用的时间")
    parser.add_argument("--home", type=Path, help="资料库目录；不给就用示例文件")
    parser.add_argument("--runs", type=int, default=5, help="每页每种打开几次")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    from ui.pages.site import pages

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("需要 Chromium，请先运行 make test 安装。", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        server(given.home or sample_home(Path(folder) / "home")) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=_DESK)  # type: ignore[arg-type]
        first = usable_after(context, f"{url}/")
        context.close()
        rows = measured(browser, url, [page.path for page in pages()], given.runs)
        browser.close()
    if given.json:
        print(json.dumps({"first_ms": round(first), "pages": rows}, ensure_ascii=False))
    else:
        print(table(rows, first))
    return 0


if __name__ == "__main__":
    sys.exit(main())

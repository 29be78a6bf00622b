"""Stored and reflected scripts, by every way that words take to a page, in a real browser.

The payloads stand in ``payloads.txt``. A page has failed when a script ran, a dialog opened, the
browser had to refuse a handler or a load, a request left the server, or an element of a payload
exists in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index.settings import Settings
from tests.ui.access.conftest import Visitor
from tests.ui.conftest import Server, ask, ingest, start_server
from ui.access.accounts import Accounts
from ui.access.audit import Action
from ui.access.model import Principal, Right, Role

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()
IMAGE = "<img src=x onerror=window.__xss=100>"
SHELF = f"甲处{IMAGE}"
CHIEF, PASSWORD = "主任", "三棵老槐树-2026-楼前"
BUNDLE = 6
#: A rule that a session with questions can be made of; what it says holds a payload, too.
_SEALS = f"""印章管理办法{IMAGE}（示例）
第一条 印章由办公室专人保管，借用印章应当提前三日提出申请{IMAGE}。
第二条 印章每年检查二次，检查结果由办公室主任签字并存档五年。
第三条 印章遗失的，保管人应当在二十四小时内书面报告办公室主任。
第四条 有下列情形之一的，不得使用印章：
（一）文件内容空白的；
（二）未经处室负责人审批的；
（三）用印手续不齐全的。
第五条 用印登记簿应当写明用印日期、文件名称、份数和经手人，保存期限不少于十年。
第六条 印章停止使用后，应当在十五日内交回办公室封存。
第七条 违反本办法用印的，由办公室责令改正；造成损失的，依照有关规定处理。
"""
#: Elements and attributes that can only have come out of a payload.
FOREIGN = r"""() => {
  const bad = [];
  const roots = [document];
  for (const root of roots) for (const one of root.querySelectorAll('*')) {
    if (one.shadowRoot) roots.push(one.shadowRoot);
    const tag = one.localName;
    const text = one.cloneNode(false).outerHTML;
    if (tag === 'base' && text === '<base href="./">') continue;  // Gradio's own
    if (['iframe', 'object', 'embed', 'base', 'marquee', 'math', 'xmp'].includes(tag)) bad.push(text);
    if (tag === 'meta' && /refresh/i.test(one.httpEquiv)) bad.push(text);
    if (['script', 'style'].includes(tag) && /__xss|evil/.test(one.textContent)) bad.push(text);
    for (const { name, value } of one.attributes) {
      const target = /^(src|href|action|formaction|srcdoc|data|background|xlink:href|style)$/.test(name);
      if (/^on/.test(name) || /^(data-)?hx-on/.test(name)) bad.push(text);
      if (/^(data-)?hx-(get|post)$/.test(name) && !value.startsWith('/')) bad.push(text);
      if (target && /^\s*(javascript|vbscript|data:text|(https?:)?\/\/evil)|url\(.*evil/i.test(value)) bad.push(text);
      if (target && ['img', 'svg', 'use', 'video', 'audio'].includes(tag) && value === 'x') bad.push(text);
    }
  }
  return bad.slice(0, 3);
}"""


@dataclass
class Watch:
    """A page and what went wrong in it."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.wrong.append(f"pageerror {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, line: Any) -> None:
        if line.type == "error" and "status of 4" not in line.text:
            self.wrong.append(f"console {line.text}")

    def _request(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:")) or url.endswith("/x"):
            self.wrong.append(f"request {url}")

    def open(self, path: str, ready: str = "body") -> None:
        """Go there, wait, look."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(ready)
        self.look(path)

    def look(self, where: str) -> None:
        """Nothing of a payload has become more than words."""
        self.page.wait_for_timeout(150)  # a handler of an element runs a moment after it is made
        assert self.page.evaluate("window.__xss") is None, where
        assert not self.page.evaluate(FOREIGN), where
        assert not self.wrong, where


def bundles() -> list[list[str]]:
    """The payloads, some at a time."""
    return [PAYLOADS[at : at + BUNDLE] for at in range(0, len(PAYLOADS), BUNDLE)]


def write(folder: Path) -> Path:
    """Documents of each flat format with payloads in title, headings, text and file name."""
    folder.mkdir()
    for number, bundle in enumerate(bundles(), start=1):
        title = f"值班办法{number}号{bundle[0]}（示例）"
        lines = "\n\n".join(
            f"第{n}项 值班材料{number}号由专人登记{one}。" for n, one in enumerate(bundle)
        )
        ending = (".txt", ".md", ".html")[number % 3]
        name = f"{number}{bundle[-1]}".replace("/", "∕").encode()[:200].decode("utf-8", "ignore")
        text = f"{title}\n第一条 值班办法。\n{lines}\n"
        if ending == ".md":
            text = f"# {title}\n\n## 一、值班{bundle[1]}\n\n{lines}\n"
        if ending == ".html":
            import html

            said = html.escape(lines)
            text = f"<title>{html.escape(title)}</title><h1>{html.escape(title)}</h1><p>{said}</p>{lines}"
        (folder / f"{name}{ending}").write_text(text, "utf-8")
    (folder / "印章.txt").write_text(_SEALS, "utf-8")
    return folder


def entered(accounts: Accounts) -> None:
    """Every payload as a person's shown name, a token's label and a browser's name for itself."""
    for number, one in enumerate(PAYLOADS):
        name = f"人{number}"
        accounts.people.add(name, None, Role.READER, [SHELF, one], one)
        accounts.tokens.create(name, one, frozenset({Right.READ}))
        accounts.sessions.open(name, "10.0.0.9", one)
        accounts.record(Principal(name=name), Action.ASKED, one, one, "10.0.0.9")


def sources(home: Path, folder: Path) -> None:
    """Every payload as a remembered folder, and as a file in it whose reading fails."""
    from index.library import Library
    from ingest.syncing import add_source

    library = Library(Settings(home=home))
    try:
        for number, one in enumerate(PAYLOADS):
            name = f"{number}{one}".replace("/", "∕").encode()[:180].decode("utf-8", "ignore")
            inside = folder / name
            inside.mkdir(parents=True)
            (inside / f"{name}.docx").write_bytes(b"PK\x03\x04 no archive")
            add_source(library, inside, SHELF)
    finally:
        library.close()
    ingest(home, [folder], SHELF)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("敌意")
    home = base / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    ingest(home, [write(base / "files")], SHELF)
    accounts = Accounts(Settings(home=home))
    accounts.people.add(CHIEF, PASSWORD, Role.ADMIN, None, f"赵{IMAGE}")
    accounts.people.add("某人", PASSWORD, Role.READER, [SHELF], PAYLOADS[3])
    entered(accounts)
    accounts.close()
    sources(home, base / "来源")
    server = start_server(home)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture
def watch(hostile: Server, browser: Browser) -> Iterator[Watch]:
    """A browser that has logged in as the administrator."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{hostile.url}/login?next=/account")
    page.fill("[name=name]", CHIEF)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/account")
    yield Watch(page, hostile.url)
    context.close()


def documents(watch: Watch) -> list[dict[str, Any]]:
    found = watch.page.request.get(f"{watch.url}/api/v1/documents?limit=100").json()
    listed: list[dict[str, Any]] = found["documents"]
    return listed


def test_there_are_many() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_documents_titles_and_names_stay_words(watch: Watch) -> None:
    listed = documents(watch)
    assert len(listed) == len(bundles()) + 1
    watch.open("/library", ".lp > *:not(.lm-progress), .ll-list, #lm-header a")
    for one in listed:
        key = one["document_id"]
        watch.open(f"/source/{key}")
        watch.open(f"/diff/{listed[0]['document_id']}/{key}")
    for one in listed[:3]:
        watch.open(f"/doc/{one['document_id']}", "#lm-header a")
        watch.page.wait_for_timeout(700)
        watch.look("doc")
    watch.open("/source")
    watch.open("/results?q=" + quote("值班材料由专人登记"))


def test_questions_and_answers_stay_words(watch: Watch) -> None:
    watch.open("/", ".lm-welcome")
    for number, bundle in enumerate(bundles(), start=1):
        ask(watch.page, f"值班材料{number}号由谁登记？{' '.join(bundle)}"[:400])
        watch.look(f"ask {number}")
    watch.open("/ask?q=" + quote(f"值班{PAYLOADS[0]}{IMAGE}"), ".lm-answer")
    for one in PAYLOADS:
        watch.page.request.get(f"{watch.url}/results?q={quote(one)}")
    watch.open("/results?q=" + quote(" ".join(PAYLOADS)[:900]))


def test_a_draft_stays_words(watch: Watch) -> None:
    watch.open("/verify", "[name=text]")
    said = "\n".join(f"根据《值班办法{one}》第一条，{one}。" for one in PAYLOADS)
    watch.page.fill("[name=text]", f"{said}\n根据《值班办法1号》第一条。")
    watch.page.click("button.lp-main")
    watch.page.wait_for_selector(".lv-draft")
    watch.look("verify")
    expect(watch.page.locator(".lv-draft")).to_contain_text(PAYLOADS[0])


def test_names_of_people_tokens_sources_and_failures_stay_words(watch: Watch) -> None:
    for tab in ("users", "tokens", "audit"):
        watch.open(f"/admin/tab/{tab}")
        assert PAYLOADS[-1][:20] in watch.page.inner_text("body"), tab
    watch.open(f"/admin/tab/audit?text={quote(IMAGE)}&user={quote(IMAGE)}")
    watch.open(f"/admin/users/{quote('人7')}")
    watch.open("/intake/tab/sources")
    assert watch.page.inner_text("body").count("onerror") > 3
    watch.open("/intake/jobs")
    watch.open("/intake/jobs/2")
    assert watch.page.inner_text("body").count("onerror") > 3
    for path, wanted in (("/admin", "users"), ("/admin", "tokens"), ("/intake", "sources")):
        watch.open(path, "#lp-tab > *")
        watch.page.click(f".lp-tabs [data-tab={wanted}]")
        watch.page.wait_for_timeout(500)
        watch.look(f"{path} {wanted}")


def test_what_people_write_stays_words(watch: Watch) -> None:
    page, url = watch.page, watch.url
    origin = {"Origin": url}
    # An upload into a hostile collection, an account, a token and a remark on an answer.
    name = f"{IMAGE}.txt"
    text = f"用印办法{IMAGE}\n第一条 {PAYLOADS[0]}用印须登记。".encode()
    sent = page.request.post(
        f"{url}/api/v1/uploads?collection={quote(SHELF)}",
        headers=origin,
        multipart={"files": {"name": name, "mimeType": "text/plain", "buffer": text}},
    )
    assert sent.status == 202, sent.text()
    asked = page.request.post(
        f"{url}/api/v1/ask", headers=origin, data={"question": f"火星食堂{PAYLOADS[11]}开放吗？"}
    ).json()
    told = page.request.post(
        f"{url}/api/v1/feedback",
        headers=origin,
        data={
            "question_id": asked["question_id"],
            "verdict": "有误",
            "reason": " ".join(PAYLOADS[:8]),
        },
    )
    assert told.status == 201, told.text()
    with Visitor(url) as visitor:
        assert visitor.login(CHIEF, PASSWORD).status_code == 303
        visitor.submit("/account", "/account/tokens", label=IMAGE, rights="read")
        visitor.get("/login", params={"next": f"/{IMAGE}"})
    for tab in ("jobs", "duplicates", "sources", "documents", "gaps"):
        watch.open(f"/intake/tab/{tab}")
    watch.open("/intake/jobs")
    watch.open("/intake/jobs/1")
    for tab in ("users", "tokens", "audit", "system"):
        watch.open(f"/admin/tab/{tab}")
    for path in ("/intake", "/admin"):
        watch.open(path, "#lp-tab > *")
        for button in page.locator(".lp-tabs [data-tab]").all():
            button.click()
            page.wait_for_timeout(300)
            watch.look(path)
    watch.open("/account")
    watch.open("/login?next=" + quote(f'/"><script>window.__xss=1</script>{IMAGE}'))
    watch.open("/" + quote(IMAGE))
    watch.open("/download/" + quote(IMAGE))


def test_a_study_session_and_its_quiz_stay_words(watch: Watch, browser: Browser) -> None:
    page, url = watch.page, watch.url
    watch.open("/study", "[name=topic]")
    page.fill("[name=topic]", f"印章管理{PAYLOADS[0]}{IMAGE}"[:200])
    page.fill("[name=minutes]", "30")
    page.get_by_role("button", name="生成初稿").click()
    page.wait_for_selector("[data-session]", timeout=60_000)
    expect(page.locator(".ls-head")).to_contain_text(PAYLOADS[0])
    watch.look("study")
    page.fill("textarea[name=text]", " ".join(PAYLOADS[:20])[:480])
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.locator(".ls-mine").first).to_be_visible()
    watch.look("study own words")
    where = "/study/s/" + (page.locator("[data-session]").get_attribute("data-session") or "")
    origin = {"Origin": url}
    renamed = page.request.post(url + where + "/rename", headers=origin, form={"title": IMAGE})
    assert renamed.ok, renamed.text()
    for path in (where, f"{where}/preview", "/study/home"):
        watch.open(path)
    watch.open("/study", "[name=topic]")
    begun = page.request.post(f"{url}{where}/room", headers=origin)
    assert begun.ok, begun.text()
    found = re.search(r"/room/([A-Z0-9]{4,})", begun.text())
    assert found, begun.text()[:500]
    phone = Watch(browser.new_context().new_page(), url)
    phone.open(f"/room/{found[1]}")
    joined = phone.page.request.post(
        f"{url}/room/{found[1]}/join", headers=origin, data={"nickname": "<img src=x>"}
    )
    assert joined.ok, joined.text()
    phone.open(f"/room/{found[1]}")
    phone.page.context.close()


def test_a_conversation_that_is_renamed_stays_words(watch: Watch) -> None:
    watch.open("/", ".lm-welcome")
    ask(watch.page, "值班材料1号由谁登记？")
    if not watch.page.locator(".lm-talk").first.is_visible():
        watch.page.locator(".lm-talks > summary").click()
    row = watch.page.locator(".lm-talk-list li").first
    row.locator(".lm-deeds summary").click()
    row.locator("[data-deed=rename]").click()
    name = f"{IMAGE}{PAYLOADS[5]}"[:60]
    row.locator(".lm-rename input").fill(name)
    row.locator(".lm-rename input").press("Enter")
    expect(watch.page.locator(".lm-talk", has_text=IMAGE).first).to_be_attached()
    watch.look("renamed")
    watch.open("/", ".lm-welcome")
    watch.look("renamed, opened anew")

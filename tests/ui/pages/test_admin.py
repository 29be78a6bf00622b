"""The page 管理 in a real browser: people, rights at once, the log, the state of the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect

from index.settings import Settings
from tests.ui.conftest import Server, start_server
from tests.ui.pages.conftest import CHIEF, OURS, READER, THEIRS, Opened, entered, fits
from tests.ui.test_accessibility import findings
from tests.ui.test_page import shot

Visits = Callable[[str], httpx.Client]
HOSTILE = '<img src=x onerror="window.__xss=1">'
_SECRET = "窗前 七盏 灯 2026"


def row(page: Page, name: str) -> object:
    """The row of a person."""
    return page.locator("#lp-tab tbody tr", has_text=name).first


def new_person(page: Page, name: str, display: str = "", *collections: str) -> None:
    """Through the form."""
    form = page.locator("form[hx-post='/admin/users']")
    form.locator("[name=name]").fill(name)
    form.locator("[name=display]").fill(display)
    form.locator("[name=password]").fill(_SECRET)
    for one in collections:
        form.locator(f"[name=collection][value='{one}']").check()
    form.locator("button[type=submit]").click()
    expect(page.locator("#lp-tab tbody tr", has_text=name).first).to_be_visible()


def test_the_first_administrator_is_made_on_the_page_and_then_all_log_in(
    browser: Browser, office: Server, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    server = start_server(home)
    page = browser.new_page()
    try:
        page.goto(f"{server.url}/admin")
        expect(page.locator("#lp-tab")).to_contain_text("还没有用户")
        shot(page, "admin-first-1280-light")
        form = page.locator("form[hx-post='/admin/users']")
        form.locator("[name=name]").fill("处长")
        form.locator("[name=password]").fill("123456")
        form.locator("button[type=submit]").click()
        expect(form.locator("[data-error]")).to_contain_text("密码太短")
        form.locator("[name=password]").fill(_SECRET)
        form.locator("button[type=submit]").click()
        page.click("text=去登录")
        page.fill("[name=name]", "处长")
        page.fill("[name=password]", _SECRET)
        page.click("button[type=submit]")
        page.goto(f"{server.url}/admin")
        expect(row(page, "处长")).to_contain_text("管理")
        assert httpx.get(f"{server.url}/admin/panel", trust_env=False).status_code == 401
    finally:
        page.close()
        server.stop()


def test_rights_hold_at_once_and_every_change_is_logged(
    opened: Opened, departments: Server
) -> None:
    with opened(CHIEF, "/admin") as page:
        new_person(page, "钱二", HOSTILE, OURS)
        expect(row(page, "钱二")).to_contain_text("img src=x")
        expect(row(page, "钱二")).to_contain_text("待改密码")
        assert findings(page) == []
        shot(page, "admin-1280-light")
        # An administrator's reset shows a password that is good for one login.
        page.once("dialog", lambda dialog: dialog.accept())
        row(page, "钱二").locator("text=重设密码").click()
        password = page.locator("#lp-tab .lp-good code").inner_text()
        reader = entered_anew(departments, "钱二", password)
        assert [c["name"] for c in reader.get("/api/v1/collections").json()["collections"]] == [
            OURS
        ]
        # From 甲处 to 乙处, while logged in.
        row(page, "钱二").locator("text=改权限").click()
        form = page.locator("form[hx-post$='/rights']")
        form.locator(f"[name=collection][value='{OURS}']").uncheck()
        form.locator(f"[name=collection][value='{THEIRS}']").check()
        form.locator("text=保存").click()
        expect(row(page, "钱二")).to_contain_text(THEIRS)
        found = reader.get("/api/v1/collections").json()["collections"]
        assert [one["name"] for one in found] == [THEIRS]
        # Disabled: the session ends.
        page.once("dialog", lambda dialog: dialog.accept())
        row(page, "钱二").locator("text=停用").click()
        expect(row(page, "钱二")).to_contain_text("已停用")
        assert reader.get("/api/v1/collections").status_code == 401
        reader.close()
        page.click(".lp-tabs [data-tab=audit]")
        page.fill("#lp-tab [name=text]", "钱二")
        page.locator("#lp-tab form button[type=submit]").click()
        expect(page.locator("#lp-tab tbody tr", has_text="权限变动").first).to_be_visible()
        expect(page.locator("#lp-tab tbody tr", has_text="停用").first).to_be_visible()
        expect(page.locator("#lp-tab tbody tr", has_text=f"读者；{THEIRS}")).to_have_count(1)
        assert findings(page) == []
        shot(page, "admin-audit-1280-light")
        with page.expect_download() as waiting:
            page.click("text=导出 CSV")
        table = Path(waiting.value.path()).read_text("utf-8-sig")
        assert "钱二" in table and "权限变动" in table


def entered_anew(server: Server, name: str, password: str) -> httpx.Client:
    """Log in with a one-time password, change it, stay logged in."""
    visitor = entered_with(server, name, password)
    assert visitor.get("/api/v1/collections").status_code == 403  # not before it is changed
    new = "梅花 三弄 渔樵 晚钟"
    visitor.submit("/account", "/account/password", old=password, new=new, again=new)
    assert visitor.get("/api/v1/collections").status_code == 200
    return visitor


def entered_with(server: Server, name: str, password: str):  # type: ignore[no-untyped-def]
    from tests.ui.access.conftest import Visitor

    visitor = Visitor(server.url)
    assert visitor.login(name, password).status_code == 303
    return visitor


def test_whoever_leaves_takes_their_conversations_along(
    opened: Opened, departments: Server
) -> None:
    """A later person of the same name finds nothing of them."""
    from ui.api.service import Service

    with opened(CHIEF, "/admin") as page:
        new_person(page, "sun", "孙三", OURS)
        service = Service(Settings(home=departments.home))
        service.converse("返回后几日内报销？", "", (), False, None, "sun")
        store = service.conversations.store
        assert store.conversations("sun", 10)
        page.once("dialog", lambda dialog: dialog.accept())
        row(page, "孙三").locator("text=删除").click()
        expect(page.locator("#lp-tab tbody tr", has_text="孙三")).to_have_count(0)
        assert not store.conversations("sun", 10)
        service.close()


def test_the_last_administrator_stays(opened: Opened) -> None:
    with opened(CHIEF, "/admin") as page:
        page.once("dialog", lambda dialog: dialog.accept())
        row(page, CHIEF).locator("text=停用").click()
        expect(page.locator("#lm-toast")).to_contain_text("最后一个能用的管理员")
        expect(row(page, CHIEF)).not_to_contain_text("已停用")
        page.click(".lp-tabs [data-tab=audit]")
        refused = page.locator("#lp-tab tbody tr", has_text="没有办成")
        expect(refused.first).to_contain_text("最后一个能用的管理员")


def test_logins_are_ended_and_tokens_made_and_taken_back(
    opened: Opened, departments: Server
) -> None:
    reader = entered(departments, READER)
    with opened(CHIEF, "/admin?tab=tokens") as page:
        logins = page.locator("#lp-tab tr", has_text=READER).locator("text=让它退出")
        expect(logins.first).to_be_visible()
        before = logins.count()
        logins.first.click()  # the one used last
        expect(logins).to_have_count(before - 1)
        assert reader.get("/api/v1/collections").status_code == 401
        form = page.locator("form[hx-post='/admin/tokens']")
        form.locator("[name=user]").select_option(READER)
        form.locator("[name=label]").fill(HOSTILE)
        form.locator("[name=right][value=administer]").check()
        form.locator("button[type=submit]").click()
        expect(form.locator("[data-error]")).to_contain_text("不能超过本人的权限")
        form.locator("[name=right][value=administer]").uncheck()
        form.locator("button[type=submit]").click()
        secret = page.locator("#lp-tab .lp-good code").inner_text()
        headers = {"Authorization": f"Bearer {secret}"}
        address = f"{departments.url}/api/v1/collections"
        assert httpx.get(address, headers=headers, trust_env=False).status_code == 200
        page.locator("#lp-tab tr", has_text="img src=x").locator("text=撤销").click()
        expect(page.locator("#lp-tab tr", has_text="img src=x")).to_have_count(0)
        assert httpx.get(address, headers=headers, trust_env=False).status_code == 401
    reader.close()


def test_the_state_of_the_server_is_told_without_its_secrets(
    opened: Opened, departments: Server
) -> None:
    with opened(CHIEF, "/admin?tab=system") as page:
        expect(page.locator("#lp-tab dl")).to_contain_text("2 ")
        page.click("text=开始体检")
        expect(page.locator("#lp-doctor .lp-good")).to_contain_text("完好", timeout=120_000)
        page.click("text=现在备份")
        expect(page.locator("#lp-backup")).to_contain_text("已备份", timeout=60_000)
        page.click("text=现在的设置")
        settings = page.locator("#lp-tab details table")
        expect(settings.locator("tr", has_text="LUMING_LLM_API_KEY")).to_contain_text("不显示")
        assert "sk-never-shown" not in page.content()
        assert findings(page) == []
        shot(page, "admin-system-1280-light")
    made = list((departments.home / "backups").glob("luming-*.zip"))
    assert made and all(one.stat().st_mode & 0o077 == 0 for one in made)
    assert re.fullmatch(r"luming-\d{8}-\d{6}\.zip", made[0].name)


def test_what_a_repair_would_replace_under_a_running_server_is_not_offered(
    departments: Server, visits: Visits
) -> None:
    chief = visits(CHIEF)
    lexical = departments.home / "lexical"
    aside = departments.home / "lexical-aside"
    lexical.rename(aside)
    try:
        shown = chief.post("/admin/doctor", timeout=120).text
        assert "怎么办" in shown and "/admin/repair" not in shown
        assert chief.post("/admin/repair", timeout=120).status_code == 409
        assert not (lexical / "meta.json").exists()
    finally:
        if lexical.exists():
            import shutil

            shutil.rmtree(lexical)
        aside.rename(lexical)


def test_at_390_px_in_the_dark_every_tab_fits(opened: Opened) -> None:
    for tab in ("users", "tokens", "audit", "system"):
        with opened(CHIEF, f"/admin?tab={tab}", 390, "dark") as page:
            expect(page.locator("#lp-tab > *").first).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            fits(page)
            assert findings(page) == []
            shot(page, f"admin-{tab}-390-dark")

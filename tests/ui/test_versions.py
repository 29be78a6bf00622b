"""`luming versions` and `luming diff` as people and scripts use them: real processes and files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder
from tests.index.versions.conftest import rules

ROOT = Path(__file__).parents[2]
HOSTILE = "<script>window.x=1</script>"


class Office:
    """A home with two versions of a rule, a rule of one version and a notice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = folder / "文件"
        files.mkdir()
        old = rules("值班管理办法", "（2019年5月10日印发）", "本办法自2019年6月1日起施行。", "值班")
        new = old.replace("（2019年5月10日印发）", "（2019年5月10日印发 2024年1月8日修订）")
        new = new.replace("2019年6月1日起", "2024年3月1日起").replace(
            "第三条", "第三条 节假日加强值班。\n第四条", 1
        )
        for number in range(9, 3, -1):  # one article was put in: those behind it count on
            digits = "零一二三四五六七八九十"
            head, _, tail = new.rpartition(f"\n第{digits[number]}条 ")
            new = f"{head}\n第{digits[number + 1]}条 {tail}"
        (files / "值班管理办法2019.txt").write_text(old, encoding="utf-8")
        (files / "值班管理办法2024.txt").write_text(f"{new}\n{HOSTILE}", encoding="utf-8")
        single = rules("印章办法", "（2020年1月2日印发）", "本办法自2020年2月1日起施行。", "印章")
        (files / "印章办法.txt").write_text(single, encoding="utf-8")
        settings = Settings(home=folder / "home")
        with Library(settings, encoder=HashingEncoder()) as library:
            assert ingest_paths(library, [files], "制度").failed == 0

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LUMING_HOME": str(self.folder / "home"), "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def json(self, *arguments: str) -> dict:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stdout + done.stderr
        return json.loads(done.stdout)

    def refused(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode != 0 and not done.stdout
        assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def test_versions_and_what_holds(office: Office) -> None:
    found = office.json("versions", "值班", "--as-of", "2025-01-01")
    versions = found["chains"][0]["versions"]
    assert [(one["validity"], one["made"]) for one in versions] == [
        ("已被修订", "2019-05-10"),
        ("现行", "2024-01-08"),
    ]
    assert found["chains"][0]["current"] == versions[1]["document_id"]
    earlier = office.json("versions", "值班管理办法", "--as-of", "2024年2月1日")
    assert [one["validity"] for one in earlier["chains"][0]["versions"]] == ["现行", "尚未施行"]
    shown = office.run("versions").stdout
    assert "值班管理办法" in shown and "印章" not in shown
    assert "2020年2月1日起施行" in office.run("versions", "印章").stdout


def test_a_day_to_come_is_said_to_be_one(office: Office) -> None:
    assert "还没有到" in office.run("versions", "值班", "--as-of", "2099-12-31").stdout
    assert office.json("versions", "值班", "--as-of", "2099-12-31")["note"]


def test_wrong_use_is_one_clear_line(office: Office, tmp_path: Path) -> None:
    assert "不是日期" in office.refused("versions", "--as-of", "昨天")
    assert "没有题名含“会计法”" in office.refused("versions", "会计法")
    assert "没有题名含“会计法”" in office.refused("diff", "会计法")
    assert "只有一个" in office.refused("diff", "印章办法")
    assert "2019年5月10日" in office.refused("diff", "值班", "--from", "2003")
    assert "不是年份" in office.refused("diff", "值班", "--from", "去年")
    assert "同一份" in office.refused("diff", "值班", "--from", "2024", "--to", "2024")
    assert "写不了" in office.refused("diff", "值班", "--html", str(tmp_path / "没有" / "a.html"))


def test_a_comparison(office: Office) -> None:
    found = office.json("diff", "值班", "--from", "2019", "--to", "2024-03-01")
    assert found["from"]["made"] == "2019-05-10" and found["to"]["validity"] == "现行"
    assert found["counts"] == {
        "unchanged": 2, "changed": 0, "moved": 6, "moved_changed": 1, "added": 1, "removed": 0,
    }  # fmt: skip
    added = next(one for one in found["articles"] if one["kind"] == "added")
    assert added["new"]["article"] == "第三条" and added["old"] is None
    changed = next(one for one in found["articles"] if one["kind"] == "moved_changed")
    assert any(kind == "removed" and "2019年" in text for kind, text in changed["words"])
    assert any(kind == "added" and "2024年" in text for kind, text in changed["words"])
    assert office.json("diff", "值班")["counts"] == found["counts"]
    shown = office.run("diff", "值班").stdout
    assert "第三条（新增）" in shown and "【增：" in shown and "第三条→第四条" in shown


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "data", "action"):
                self.loaded.append(value or "")


def test_the_page_is_whole_safe_and_linked(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "对照 页.html"
    done = office.run("diff", "值班", "--html", str(path))
    assert done.returncode == 0 and str(path) in done.stdout
    text = path.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert "script" not in page.tags and HOSTILE not in text
    assert not page.loaded and "url(" not in text and "@import" not in text
    assert page.links and all(one[0] == "#" and one[1:] in page.ids for one in page.links)
    assert {"ins", "del"} <= set(page.tags)
    assert "新增 <b>1</b> 条" in text

"""`luming chat` and `luming conversations` as a person and a script run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = """档案借阅办法

第一条 为规范档案借阅，制定本办法。

第二条 借阅档案由办公室主任批准。

第三条 档案借阅期限为15日，可以续借一次。

第四条 遗失档案的，应当在2日内书面报告。
"""
OPENING = "《档案借阅办法》第二条怎么规定的？"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    base = tmp_path_factory.mktemp("办公室")
    (base / "档案借阅办法.txt").write_text(RULES, encoding="utf-8")
    with Library(Settings(home=base / "home")) as library:
        ingest_paths(library, [base / "档案借阅办法.txt"], "制度")
    yield base / "home"


def luming(home: Path, *arguments: str, typed: str | bytes = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "LUMING_HOME": str(home)},
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_piped_lines_are_one_conversation(home: Path) -> None:
    code, out, errors = luming(home, "chat", typed=f"{OPENING}\n那第三条呢？\n\n退出\n不再问\n")
    assert code == 0
    assert "办公室主任批准" in out and "15日" in out
    assert "注：按“《档案借阅办法》第三条怎么规定的”理解。" in out
    assert "不再问" not in out + errors
    assert "luming chat --resume" in errors


def test_json_is_one_object_a_turn_and_errors_cost_only_their_line(home: Path) -> None:
    typed = f"\ufeff{OPENING}\n🙂\n{'长' * 20_000}\n下一条呢？\n谢谢\n"
    code, out, errors = luming(home, "chat", "--json", "--name", "借档案", typed=typed)
    first, emoji, long, second, thanks = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and errors.strip() == ""
    assert first["turn"] == 1 and second["turn"] == 2
    assert (
        second["understood"] == "《档案借阅办法》第三条怎么规定的？" and second["q"] == "下一条呢？"
    )
    assert second["citations"][0]["article"] == "第三条"
    assert "问题里没有文字" in emoji["error"] and "问题太长" in long["error"]
    assert first["conversation"] == second["conversation"] == thanks["conversation"]
    code, out, _ = luming(home, "conversations", "list", "--json")
    listed = json.loads(out)["conversations"]
    assert (listed[0]["name"], listed[0]["turns"]) == ("借档案", 2)


def test_a_new_conversation_and_resuming_one(home: Path) -> None:
    typed = f"{OPENING}\n新对话\n那第三条呢？\n"
    luming(home, "chat", "--name", "接着问", typed=typed)
    code, out, errors = luming(home, "chat", "--resume", "接着问", typed="第四条呢\n")
    assert code == 0 and "2日内书面报告" in out
    assert "接着“接着问”（1 问）" in errors
    code, _, errors = luming(home, "chat", "--resume", "没有的", typed="第四条呢\n")
    assert code == 1 and "luming conversations list" in errors and len(errors.splitlines()) == 1


def test_bytes_that_are_no_text_get_an_answer_or_a_line(home: Path) -> None:
    code, out, errors = luming(home, "chat", typed=b"\xff\xfe\x00bad\n" + OPENING.encode() + b"\n")
    assert "办公室主任批准" in out and "Traceback" not in errors
    assert code in (0, 1)


def test_show_rename_export_and_delete(home: Path, tmp_path: Path) -> None:
    hostile = "档案借阅<script>alert(1)</script>期限 # *多久* [x](http://a) ？"
    luming(home, "chat", "--name", "要导出的", typed=f"{OPENING}\n第三条呢\n{hostile}\n")
    code, out, _ = luming(home, "conversations", "show", "要导出的")
    assert code == 0 and "第三条呢" in out and "15日" in out
    for name in ("对话.md", "对话.docx", "对话.json"):
        code, out, errors = luming(
            home, "conversations", "export", "要导出的", "--out", str(tmp_path / name)
        )
        assert (code, out) == (0, "") and "3 问" in errors
    text = (tmp_path / "对话.md").read_text(encoding="utf-8")
    assert "《档案借阅办法》 第三条" in text and "> 第三条 档案借阅期限为15日" in text
    assert "<script>" not in text and "[x](" not in text
    data = json.loads((tmp_path / "对话.json").read_text(encoding="utf-8"))
    assert data["conversation"][1]["citations"][0]["article"] == "第三条"
    from docx import Document

    words = "\n".join(one.text for one in Document(str(tmp_path / "对话.docx")).paragraphs)
    assert "2. 第三条呢" in words and "《档案借阅办法》 第三条" in words and "<script>" in words
    code, _, errors = luming(
        home, "conversations", "export", "要导出的", "--out", str(tmp_path / "对话.pdf")
    )
    assert code == 2 and ".docx" in errors
    assert luming(home, "conversations", "rename", "要导出的", "新名")[0] == 0
    code, _, _ = luming(home, "conversations", "delete", "新名", typed="n\n")
    assert code != 0 and luming(home, "conversations", "show", "新名")[0] == 0
    assert luming(home, "conversations", "delete", "新名", "--yes")[0] == 0
    code, _, errors = luming(home, "conversations", "show", "新名")
    assert code == 1 and len(errors.splitlines()) == 1


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    code, out, errors = luming(tmp_path / "空", "chat", typed="有什么？\n")
    assert code == 1 and "luming ingest" in errors and out == ""
    code, out, _ = luming(tmp_path / "空", "conversations", "list")
    assert code == 0 and "luming chat" in out

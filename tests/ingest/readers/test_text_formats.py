"""Plain text, Markdown and web pages; and names that lie about what is inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.readers import ReadError, ReadLimits, read_document, reader_for
from ingest.readers.sniff import sniff

TEXT = "机关纪委工作办法（示例）\n\n第一条　为规范机关纪委的工作，制定本办法。\n\n第二条　本办法自印发之日起施行。\n"


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_encodings_are_told_from_the_bytes(tmp_path: Path, encoding: str) -> None:
    data = TEXT.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    document = read_document(write(tmp_path, "a.txt", data))
    assert [b.text for b in document.blocks] == [line for line in TEXT.split("\n") if line]


def test_wrapped_lines_of_plain_text_are_joined(tmp_path: Path) -> None:
    sentence = "为规范机关纪委的工作，加强对党员的日常监督，做到早发现、早提醒、早纠正，根据有关规定，制定本办法。"
    articles = [f"第{n}条　{sentence * 3}" for n in "一二三四"]
    wrapped = [line[at : at + 33] for line in articles for at in range(0, len(line), 33)]
    blocks = read_document(write(tmp_path, "a.txt", "\n".join(wrapped))).blocks
    assert [b.text for b in blocks] == articles


def test_markdown_keeps_words_and_drops_marks(tmp_path: Path) -> None:
    text = "# 要点（示例）\n\n**第一条：**内容[链接](http://x.y)。\n\n| 项目 | 标准 |\n| --- | --- |\n| 住宿 | 300元 |\n"
    document = read_document(write(tmp_path, "a.md", text))
    assert [(b.text, b.level) for b in document.blocks] == [
        ("要点（示例）", 1),
        ("第一条：内容链接。", 0),
        ("项目：住宿；标准：300元", 0),
    ]


def test_a_rule_of_dashes_below_a_line_makes_no_heading(tmp_path: Path) -> None:
    text = "# 标准（示例）\n\n第一条 见下表：\n类别  对象\n------------\n一类  机关\n"
    assert [b.level for b in read_document(write(tmp_path, "a.md", text)).blocks][1:].count(2) == 0


def test_a_saved_page_is_its_article_alone(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html><head><title>通知_某某网</title><script>alert(1)</script></head><body>"
        "<nav><a href='/'>首页</a></nav><main><h1>关于值班的通知（示例）</h1><p>每天安排两人值班。</p>"
        "<p style='display:none'>看不见</p></main><footer>版权所有</footer></body></html>"
    )
    document = read_document(write(tmp_path, "a.html", page))
    assert document.text == "关于值班的通知（示例）\n每天安排两人值班。"


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.docx", TEXT, "txt"),
        ("a.txt", b"%PDF-1.4\n", "pdf"),
        ("a.pdf", "<!DOCTYPE html><html><body><p>甲</p></body></html>", "html"),
        ("a", "# 标题\n\n- 甲\n- 乙\n\n## 二\n", "md"),
    ],
)
def test_the_content_says_what_a_file_is(
    tmp_path: Path, name: str, data: str | bytes, format: str
) -> None:
    assert sniff(write(tmp_path, name, data)) == format


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a.docx", rb"{\rtf1\ansi}"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("a.txt", b""),
        ("a.md", b"\n\n  \n"),
        ("a.bin", bytes(range(256)) * 20),
    ],
)
def test_what_can_not_be_read_is_said_in_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_document(write(tmp_path, name, data))
    said = str(caught.value)
    assert "\n" not in said and any("\u4e00" <= c <= "\u9fff" for c in said)


def test_limits_hold(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "很长的文件。" * 1000)
    with pytest.raises(ReadError, match="上限"):
        read_document(path, ReadLimits(max_bytes=1000))
    with pytest.raises(ReadError, match="上限"):
        read_document(path, ReadLimits(max_characters=1000))


def test_an_unknown_format_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="docx"):
        reader_for("exe")


_SOUP = st.text(
    st.sampled_from("第一条　（）。#*_`[]()<>!|-&\n\t \\~x甲乙\u200b\x00\r1."), max_size=200
)


@pytest.mark.parametrize("format", ["txt", "md", "html"])
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=_SOUP | st.text(max_size=100), data=st.none() | st.binary(max_size=120))
def test_anything_is_read_or_refused(
    tmp_path: Path, format: str, text: str, data: bytes | None
) -> None:
    path = tmp_path / "soup"
    path.write_bytes(data if data is not None else text.encode("utf-8", "surrogatepass"))
    try:
        document = reader_for(format).read(path, ReadLimits())
    except ReadError as error:
        assert str(error)
        return
    for block in document.blocks:
        assert block.text and not set(block.text) & set("\n\r\x00\u200b\u2028")

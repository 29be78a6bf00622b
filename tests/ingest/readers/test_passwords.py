"""Files with a password: opened with the operator's, else one line that says what to do."""

from __future__ import annotations

import io
import pickle
import shutil
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from ingest.readers import ReadError, ReadLimits, read_document
from ingest.readers.passwords import Passwords, read_passwords
from ingest.readers.pdf_page import render_page
from ingest.readers.pdfium import save_plain
from tests.ingest.readers.samples import RULES, TABLE, rules_docx, table_xlsx

DATA = Path(__file__).parent / "data"
PDF_PASSWORD = "Luming-2024"


def locked(plain: Path, password: str) -> Path:
    """The Office file with a password, as Office itself locks it."""
    out = io.BytesIO()
    with plain.open("rb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(file).encrypt(password, out)
    path = plain.with_name(f"锁_{plain.name}")
    path.write_bytes(out.getvalue())
    return path


def limits(*lines: str, folder: Path) -> ReadLimits:
    path = folder / "passwords.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return ReadLimits(passwords=read_passwords(path))


def test_a_locked_office_file_is_opened_with_one_of_the_passwords(tmp_path: Path) -> None:
    path = locked(rules_docx(tmp_path / "a.docx"), "晴空 42")
    document = read_document(path, limits("错的", "晴空 42", folder=tmp_path))
    assert [block.text for block in document.blocks] == RULES
    table = locked(table_xlsx(tmp_path / "b.xlsx"), "晴空 42")
    document = read_document(table, limits("晴空 42", folder=tmp_path))
    assert [block.text for block in document.blocks] == TABLE


def test_a_locked_pdf_is_opened_and_its_plain_copy_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    shutil.copyfile(DATA / "locked.pdf", path)
    document = read_document(path, limits(PDF_PASSWORD, folder=tmp_path))
    assert "第一条　值班期限为三十日。" in document.text.replace("第一条 ", "第一条　")
    plain = tmp_path / "plain.pdf"
    save_plain(path.read_bytes(), [PDF_PASSWORD], plain)
    assert read_document(plain).text == document.text
    assert render_page(plain, 1).startswith(b"\x89PNG")


@pytest.mark.parametrize("lines", [(), ("不对",), ("别的*.docx\t晴空 42",)])
def test_without_the_right_password_the_way_out_is_named(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    office = locked(rules_docx(tmp_path / "a.docx"), "晴空 42")
    pdf = tmp_path / "a.pdf"
    shutil.copyfile(DATA / "locked.pdf", pdf)
    given = limits(*lines, folder=tmp_path) if lines else ReadLimits()
    for path in (office, pdf):
        with pytest.raises(ReadError, match="--password-file") as caught:
            read_document(path, given)
        assert "晴空" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_pattern_says_for_which_files_a_password_is(tmp_path: Path) -> None:
    path = locked(rules_docx(tmp_path / "值班.docx"), "晴空 42")
    given = limits("*值班*\t晴空 42", "*.pdf\t别的", folder=tmp_path)
    assert read_document(path, given).blocks
    copy = path.rename(tmp_path / "000001.docx")
    assert read_document(copy, given, name="收文/值班.docx").blocks
    with pytest.raises(ReadError):
        read_document(copy, given)


def test_an_old_excel_file_locked_only_against_editing_opens_by_itself(tmp_path: Path) -> None:
    path = locked(table_xlsx(tmp_path / "a.xlsx"), "VelvetSweatshop")
    assert [block.text for block in read_document(path).blocks] == TABLE


def test_passwords_are_seen_nowhere(tmp_path: Path) -> None:
    given = limits("很秘密", folder=tmp_path)
    assert "很秘密" not in repr(given) and "很秘密" not in str(given.passwords)
    assert pickle.loads(pickle.dumps(given)).passwords.of("a.pdf") == ["很秘密"]


def test_a_password_file_in_the_encoding_of_notepad(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes("\ufeff第一个密码\r\n\r\n*.doc\t第二个 密码\r\n".encode("utf-8"))
    assert read_passwords(path).of("x.doc") == ["第一个密码", "第二个 密码"]
    path.write_bytes("第一个密码\r\n".encode("gb18030"))
    assert read_passwords(path).of("x.doc") == ["第一个密码"]
    path.write_bytes(b"")
    with pytest.raises(ReadError):
        read_passwords(path)
    assert not Passwords()

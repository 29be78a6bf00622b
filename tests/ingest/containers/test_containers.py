"""Archives and mails: their members with their paths, and every way in which they go wrong."""

from __future__ import annotations

import bz2
import email.message
import email.policy
import gzip
import io
import lzma
import os
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.containers import ContainerLimits, Member, MemberProblem, container_kind, expand
from ingest.containers.base import decoded_name, safe_name
from ingest.readers import ReadLimits
from ingest.readers.passwords import Passwords
from tests.ingest.readers.samples import rules_docx

FILES = {
    "通知.txt": "值班通知。".encode(),
    "制度/办法（试行）.md": "# 办法\n\n第一条　甲。\n".encode(),
}


def make_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in FILES.items():
            out.writestr(name, data)


def make_tar(mode: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with tarfile.open(path, mode) as out:  # type: ignore[call-overload]
            for name, data in FILES.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                out.addfile(info, io.BytesIO(data))

    return make


def make_7z(path: Path) -> None:
    py7zr = pytest.importorskip("py7zr")
    with py7zr.SevenZipFile(path, "w") as out:
        for name, data in FILES.items():
            out.writestr(data, name)


def make_rar(path: Path, files: dict[str, bytes] | None = None) -> None:
    """A RAR 5 archive of stored files (technical note of RARLAB)."""

    def number(value: int) -> bytes:
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    def header(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
        fields = number(kind) + number(flags) + (number(len(data)) if flags & 2 else b"") + body
        sized = number(len(fields)) + fields
        return struct.pack("<I", zlib.crc32(sized)) + sized + data

    out = [b"Rar!\x1a\x07\x01\x00", header(1, 0, number(0))]
    for name, data in (files or FILES).items():
        raw = name.encode()
        body = (
            number(4) + number(len(data)) + number(0o100644) + struct.pack("<I", zlib.crc32(data))
        )
        out.append(header(2, 2, body + number(0) + number(1) + number(len(raw)) + raw, data))
    out.append(header(5, 0, number(0)))
    path.write_bytes(b"".join(out))


needs_bsdtar = pytest.mark.skipif(not shutil.which("bsdtar"), reason="needs bsdtar")
ARCHIVES = [
    pytest.param("a.zip", "zip", make_zip, id="zip"),
    pytest.param("a.tar", "tar", make_tar("w"), id="tar"),
    pytest.param("a.tar.gz", "gzip", make_tar("w:gz"), id="tar.gz"),
    pytest.param("a.tar.bz2", "bzip2", make_tar("w:bz2"), id="tar.bz2"),
    pytest.param("a.tar.xz", "xz", make_tar("w:xz"), id="tar.xz"),
    pytest.param("a.7z", "7z", make_7z, id="7z"),
    pytest.param("a.rar", "rar", make_rar, id="rar", marks=needs_bsdtar),
]


def unfold(
    path: Path, read: ReadLimits | None = None, bounds: ContainerLimits | None = None
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Members with their bytes, and problems with their lines."""
    folder = path.parent / f"scratch-{len(list(path.parent.iterdir()))}"
    folder.mkdir()
    members: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    for one in expand(path, path.name, folder, read, bounds):
        if isinstance(one, Member):
            assert one.path.parent == folder and one.path.stat().st_size == one.size
            members[one.name] = one.path.read_bytes()
        else:
            assert isinstance(one, MemberProblem)
            assert "\n" not in one.reason and any("\u4e00" <= c <= "\u9fff" for c in one.reason)
            problems[one.name] = one.reason
    return members, problems


@pytest.mark.parametrize(("name", "kind", "make"), ARCHIVES)
def test_members_come_with_their_paths(
    tmp_path: Path, name: str, kind: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    make(path)
    assert container_kind(path) == kind
    assert unfold(path) == (FILES, {})
    # the content says what it is, not the name
    lying = path.rename(tmp_path / "通知.docx")
    assert unfold(lying)[0] == FILES


@pytest.mark.parametrize(("name", "kind", "make"), ARCHIVES)
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_an_archive_cut_off_is_said_and_gives_no_wrong_bytes(
    tmp_path: Path, name: str, kind: str, make: Callable[[Path], None], share: float
) -> None:
    path = tmp_path / name
    make(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    members, problems = unfold(path)
    assert all(FILES[inside] == content for inside, content in members.items())
    # bsdtar takes a RAR that ends in the middle of a header for one that ends there.
    if kind != "rar" and container_kind(path) is not None and members != FILES:
        assert problems


@pytest.mark.parametrize("opener", [gzip.open, bz2.open, lzma.open])
def test_a_single_file_that_is_compressed(
    tmp_path: Path, opener: Callable[..., io.BufferedWriter]
) -> None:
    path = tmp_path / "通知.txt.gz"
    with opener(path, "wb") as out:
        out.write(FILES["通知.txt"])
    assert unfold(path) == ({"通知.txt": FILES["通知.txt"]}, {})


def test_office_files_in_zip_form_are_no_archives(tmp_path: Path) -> None:
    assert container_kind(rules_docx(tmp_path / "a.docx")) is None
    (tmp_path / "a.txt").write_text("普通文字：没有别的。")
    assert container_kind(tmp_path / "a.txt") is None


def test_names_in_gbk_as_windows_packs_them(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("XXXXXXXX/YYYY.txt", b"a")
    raw = path.read_bytes()
    path.write_bytes(
        raw.replace(b"XXXXXXXX", "收文登记".encode("gbk")).replace(b"YYYY", "通知".encode("gbk"))
    )
    assert list(unfold(path)[0]) == ["收文登记/通知.txt"]


def test_archives_inside_archives_down_to_the_third(tmp_path: Path) -> None:
    def packed(name: str, data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, data)
        return out.getvalue()

    three = packed("c.zip", packed("b.zip", packed("通知.txt", b"a")))
    (tmp_path / "a.zip").write_bytes(three)
    assert unfold(tmp_path / "a.zip") == ({"c.zip!/b.zip!/通知.txt": b"a"}, {})
    (tmp_path / "a.zip").write_bytes(packed("d.zip", three))
    members, problems = unfold(tmp_path / "a.zip")
    assert not members and "层" in problems["d.zip!/c.zip!/b.zip"]


HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\a.txt",
    "a/../../b.txt",
    "..\\x.txt",
    "a\nb.txt",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leads_out_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(zipfile.ZipInfo(name), b"x")
        out.writestr("通知.txt", b"a")
    members, problems = unfold(path)
    assert members == {"通知.txt": b"a"} and len(problems) == 1 and "不安全" in str(problems)
    tar = tmp_path / "a.tar"
    with tarfile.open(tar, "w") as archive:
        info = tarfile.TarInfo(name)
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    members, problems = unfold(tar)
    assert not members and "不安全" in str(problems)
    assert sorted(os.listdir(tmp_path.parent)) == sorted({*os.listdir(tmp_path.parent)})
    assert not (tmp_path.parent / "b.txt").exists()


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as out:
        for name, kind in (("l", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("f", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            out.addfile(info)
    members, problems = unfold(path)
    assert not members and set(problems) == {"l", "h", "f"}
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("l")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert unfold(path)[0] == {}


def test_bombs_are_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("0.txt", b"\0" * (40 << 20))
        out.writestr("通知.txt", b"a")
    members, problems = unfold(path)
    assert list(members) == ["通知.txt"] and "炸弹" in problems["0.txt"]
    small = ContainerLimits(max_unpacked_bytes=1 << 20)
    _, problems = unfold(path, ReadLimits(), small)
    assert "解压后超过" in problems[""]
    members, problems = unfold(path, ReadLimits(max_bytes=1 << 20))
    assert list(members) == ["通知.txt"] and "上限" in problems["0.txt"]


def test_a_stated_size_that_lies_gives_no_more(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("0.txt", b"x" * 100_000)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<I", 100_000), struct.pack("<I", 10)))
    members, problems = unfold(path)
    assert not members and problems


def test_too_many_files_are_read_up_to_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for number in range(20):
            out.writestr(f"{number}.txt", b"x")
    members, problems = unfold(path, None, ContainerLimits(max_members=5))
    assert len(members) == 5 and "超过 5 个" in problems[""]


def test_a_locked_archive_opens_with_a_password_of_the_operators(tmp_path: Path) -> None:
    py7zr = pytest.importorskip("py7zr")
    path = tmp_path / "a.7z"
    with py7zr.SevenZipFile(path, "w", password="晴空42") as out:
        out.writestr(FILES["通知.txt"], "通知.txt")
    assert "--password-file" in unfold(path)[1][""]
    wrong = ReadLimits(passwords=Passwords((("*", "错"),)))
    assert "--password-file" in unfold(path, wrong)[1][""]
    right = ReadLimits(passwords=Passwords((("*", "错"), ("*.7z", "晴空42"))))
    assert unfold(path, right) == ({"通知.txt": FILES["通知.txt"]}, {})


def test_a_locked_zip(tmp_path: Path) -> None:
    if not shutil.which("7z"):
        pytest.skip("needs 7z to make one")
    import subprocess

    (tmp_path / "t.txt").write_bytes(b"abc" * 1000)
    for method, opens in (("ZipCrypto", True), ("AES256", False)):
        path = tmp_path / f"{method}.zip"
        subprocess.run(
            ["7z", "a", "-psky42", f"-mem={method}", str(path), str(tmp_path / "t.txt")],
            check=True, capture_output=True,
        )  # fmt: skip
        members, problems = unfold(path)
        assert not members and problems
        given = ReadLimits(passwords=Passwords((("*", "no"), ("*", "sky42"))))
        assert (unfold(path, given)[0] == {"t.txt": b"abc" * 1000}) is opens


def test_what_packing_programs_leave_behind_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name in ("__MACOSX/._a.txt", ".DS_Store", "Thumbs.db", "~$通知.docx", "通知.txt"):
            out.writestr(name, b"a")
    assert unfold(path) == ({"通知.txt": b"a"}, {})
    with zipfile.ZipFile(path, "w"):
        pass
    assert "没有文件" in unfold(path)[1][""]


def test_attachments_of_a_mail(tmp_path: Path) -> None:
    inner = email.message.EmailMessage(policy=email.policy.SMTP)
    inner["From"], inner["To"], inner["Subject"] = "a@b.c", "d@e.f", "原通知"
    inner.set_content("正文。")
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@b.c", "d@e.f", "转发"
    message.set_content("见附件。")
    docx = rules_docx(tmp_path / "r.docx").read_bytes()
    message.add_attachment(
        docx, maintype="application", subtype="octet-stream", filename="办法.docx"
    )
    message.add_attachment(
        docx, maintype="application", subtype="octet-stream", filename="../办法.docx"
    )
    message.add_attachment(inner)
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    assert container_kind(path) == "eml"
    members, problems = unfold(path)
    assert not problems
    assert list(members)[:2] == ["办法.docx", "办法~2.docx"] and members["办法.docx"] == docx
    assert list(members)[2] == "原通知.eml"


@given(st.text(max_size=40))
def test_a_safe_name_stays_inside(name: str) -> None:
    clean = safe_name(name)
    if clean is not None:
        parts = clean.split("/")
        assert ".." not in parts and "" not in parts and not clean.startswith("/")
        assert os.path.normpath(os.path.join("/x", clean)).startswith("/x/")


@given(st.binary(max_size=40))
def test_any_bytes_are_a_name(raw: bytes) -> None:
    assert isinstance(decoded_name(raw), str)


@pytest.mark.parametrize(
    "magic", [b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00"]
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rest=st.binary(max_size=200))
def test_rubbish_behind_a_magic_number_is_said(tmp_path: Path, magic: bytes, rest: bytes) -> None:
    path = tmp_path / "soup"
    path.write_bytes(magic + rest)
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for one in expand(path, "soup", folder):
        assert isinstance(one, Member | MemberProblem)

"""LibreOffice, where the machine has it: what our own readers can't read is converted first.

It runs headless with a profile of its own in which macros are switched off, and is stopped when
it takes too long. Nothing is ever asked of a network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.document import RawDocument
from ingest.readers.base import ReadError, ReadLimits

_SECONDS = 120
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = {
    "DisableMacrosExecution": "true",
    "MacroSecurityLevel": "3",
    "BlockUntrustedRefererLinks": "true",
}


def _profile() -> str:
    """The user's settings of a fresh profile: no macros, no links to elsewhere."""
    items = "".join(
        f'<item oor:path="{_SCRIPTING}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for name, value in _SETTINGS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )


def available() -> str | None:
    """The program's path, None where it isn't installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(path: Path, target: str, folder: Path, seconds: float = _SECONDS) -> Path:
    """A copy of ``path`` in the format ``target`` (docx, xlsx …), made in ``folder``.

    Raises :class:`ReadError` when LibreOffice isn't there, can't read it or takes too long.
    """
    program = available()
    if program is None:
        raise ReadError("读这个文件需要 LibreOffice，本机没有安装；请打开另存为新格式再放入")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    source = folder / f"source{path.suffix.lower()[:8]}"
    shutil.copyfile(path, source)
    out = folder / "out"
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--nolockcheck", "--convert-to", target, "--outdir", str(out), str(source),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise ReadError(
            f"LibreOffice 读了 {seconds:.0f} 秒还没读完，已停止；请打开另存一份再放入"
        ) from None
    finally:
        if process.poll() is None:
            _stop(process)
    made = sorted(out.glob(f"*.{target.partition(':')[0]}")) if out.is_dir() else []
    if not made:
        raise ReadError("LibreOffice 也读不了这个文件；请打开另存为新格式再放入")
    return made[0]


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends LibreOffice with the processes that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def read_as(path: Path, target: str, format: str, limits: ReadLimits) -> RawDocument:
    """What the reader of ``target`` makes of the converted file, as a document of ``format``."""
    from ingest.readers import reader_for

    with tempfile.TemporaryDirectory(prefix="luming-") as folder:
        made = convert(path, target, Path(folder))
        document = reader_for(target).read(made, limits)
    note = "由 LibreOffice 转换后读取"
    return replace(document, format=format, warnings=(*document.warnings, note))

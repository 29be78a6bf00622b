"""Template files: the office's or the built-in ones, read with bounds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from index.errors import shorten
from ui.handouts.base import HandoutError

TEMPLATES = Path(__file__).parent / "templates"
_MOST_BYTES = 20 << 20
_MOST_UNPACKED = 100 << 20


def template_path(name: str, folder: Path | None) -> Path:
    """The office's template of this name, else the built-in one."""
    if folder is not None and (folder / name).is_file():
        return folder / name
    return TEMPLATES / name


def copy_templates(folder: Path) -> list[Path]:
    """Put the built-in templates into a folder, for an office to change; files there stay.

    Raises HandoutError where the folder cannot be written or already holds one of them.
    """
    names = sorted(one.name for one in TEMPLATES.iterdir() if one.suffix in (".docx", ".pptx"))
    taken = next((one for one in names if (folder / one).exists()), None)
    if taken is not None:
        raise HandoutError(
            f"文件夹“{shorten(str(folder))}”里已有“{taken}”，没有覆盖；请换一个文件夹。"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in names:
            (folder / one).write_bytes((TEMPLATES / one).read_bytes())
    except OSError as error:
        raise HandoutError(
            f"写不了文件夹“{shorten(str(folder))}”：{error.strerror or error}，请检查路径和权限。"
        ) from error
    return [folder / one for one in names]


def read_package(path: Path) -> bytes:
    """The bytes of a docx or pptx that is a whole zip of bounded size; HandoutError for another."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise HandoutError(f"模板“{shorten(path.name)}”超过20MB，请去掉大图片后再用。")
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            whole = sum(one.file_size for one in package.infolist())
            if whole > _MOST_UNPACKED:
                raise HandoutError(f"模板“{shorten(path.name)}”解压后大得反常，没有使用。")
    except OSError as error:
        raise HandoutError(
            f"模板“{shorten(path.name)}”读不了：{error.strerror or error}，请检查路径和权限。"
        ) from error
    except zipfile.BadZipFile as error:
        raise broken(path) from error
    return data


def broken(path: Path) -> HandoutError:
    """A template that is damaged or no file of its kind."""
    kind = "Word 的 .docx" if path.suffix == ".docx" else "PowerPoint 的 .pptx"
    return HandoutError(
        f"模板“{shorten(path.name)}”打不开，不是完好的 {kind} 文件，请另存一份再试。"
    )

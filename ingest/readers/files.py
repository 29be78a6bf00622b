"""Opening files that may be anything: pipes, devices, too large, gone, or being written."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ingest.readers.base import ReadError, ReadLimits

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer must not make us wait
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
CHANGED = "读取时文件正被改动；请等它保存完毕再重新放入"


def reason(error: OSError | ValueError) -> str:
    """One Chinese line for why the system would not hand a file over, and what to do."""
    code = getattr(error, "errno", None)
    if code == errno.ENOENT or code == errno.ENOTDIR or code == errno.ESTALE:
        return "文件不见了（可能刚被移动、改名或删除）；请确认位置后重新放入"
    if code in (errno.EACCES, errno.EPERM):
        return "没有读取权限；请让文件的所有者开放读取权限后重试"
    if code == errno.ELOOP:
        return "快捷链接绕成了圈，找不到真正的文件；请改放原文件"
    if code == errno.ENAMETOOLONG:
        return "文件名或路径太长；请改短后重试"
    if code == errno.EISDIR:
        return "这是文件夹，不是文件；请直接放入文件夹，或选其中的文件"
    if code in (errno.EMFILE, errno.ENFILE):
        return "系统同时打开的文件太多；请稍后重试"
    if code in (errno.ENXIO, errno.ENODEV):
        return _NOT_REGULAR
    if isinstance(error, ValueError):
        return "路径里有无法使用的字符；请改名后重试"
    return "磁盘或网络盘读取出错；请检查文件能否正常打开后重试"


_NOT_REGULAR = "这是管道、设备或套接字，不是普通文件；请改放普通文件"


def check_regular(mode: int) -> None:
    """Raises :class:`ReadError` unless ``mode`` (of ``st_mode``) is that of a regular file."""
    if stat.S_ISDIR(mode):
        raise ReadError("这是文件夹，不是文件；请直接放入文件夹，或选其中的文件")
    if not stat.S_ISREG(mode):
        raise ReadError(_NOT_REGULAR)


def open_regular(path: Path) -> int:
    """A file descriptor of a regular file, never blocking; the caller closes it."""
    try:
        check_regular(os.stat(path).st_mode)  # before opening: opening some devices acts on them
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise ReadError(reason(error)) from error
    try:
        check_regular(os.fstat(descriptor).st_mode)
    except ReadError:
        os.close(descriptor)
        raise
    return descriptor


def too_large(size: int, limits: ReadLimits) -> ReadError:
    """The error for a file above the limit."""
    return ReadError(
        f"文件有 {size / 1024 / 1024:.0f} MB，超过 {limits.max_bytes / 1024 / 1024:.0f} MB 的上限；"
        "请拆成几份，或压缩其中的图片后再放入"
    )


def load(path: Path, limits: ReadLimits) -> bytes:
    """The whole file, at most ``limits.max_bytes``; raises :class:`ReadError` for anything else."""
    with os.fdopen(open_regular(path), "rb") as file:
        try:
            before = os.fstat(file.fileno())
            if before.st_size > limits.max_bytes:
                raise too_large(before.st_size, limits)
            data = file.read(limits.max_bytes + 1)
            after = os.fstat(file.fileno())
        except OSError as error:
            raise ReadError(reason(error)) from error
    if len(data) > limits.max_bytes:
        raise too_large(len(data), limits)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ReadError(CHANGED)
    if not data:
        raise ReadError("文件是空的（0 字节）；请换上有内容的文件再放入")
    return data


def load_head(path: Path, count: int) -> bytes:
    """The first ``count`` bytes of a regular file; raises :class:`ReadError`."""
    with os.fdopen(open_regular(path), "rb") as file:
        try:
            return file.read(count)
        except OSError as error:
            raise ReadError(reason(error)) from error

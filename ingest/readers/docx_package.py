"""The parts of a .docx: unpacked within bounds, parsed without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError, ReadLimits

if TYPE_CHECKING:
    from lxml.etree import _Element

_DAMAGED = "Word 文件不完整或已损坏；请用 Word 或 WPS 打开另存一份再放入"
_CHUNK = 1 << 20
_BIG = 1 << 20


class Package:
    """Reads parts by name. All that is unpacked counts, by its real size, not the stated one."""

    def __init__(self, data: bytes, limits: ReadLimits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = set(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ReadError(_DAMAGED) from error
        self._limits = limits
        self._unpacked = 0

    def part(self, name: str) -> _Element | None:
        """The root of an XML part; None where the package has none."""
        if name not in self._names:
            return None
        data = self._unpack(name)
        return _parse(data)

    def required(self, name: str) -> _Element:
        """The same of a part without which there is no document."""
        root = self.part(name)
        if root is None:
            raise ReadError(_DAMAGED)
        return root

    def _unpack(self, name: str) -> bytes:
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise ReadError("Word 文件有密码；请去掉密码另存一份再放入")
        out = bytearray()
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    out += chunk
                    self._unpacked += len(chunk)
                    self._check(len(out), info.compress_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise ReadError(_DAMAGED) from error
        return bytes(out)

    def _check(self, size: int, packed: int) -> None:
        too_dense = size > _BIG and size > max(packed, 1) * self._limits.max_unpack_ratio
        if too_dense or self._unpacked > self._limits.max_unpacked_bytes:
            raise ReadError("文件解压后大得反常（疑似压缩炸弹），没有读取；请确认来源后另存再放入")


def _parse(data: bytes) -> _Element:
    from lxml import etree

    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ReadError("Word 文件里有不该出现的声明，没有读取；请用 Word 打开另存一份再放入")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(_DAMAGED) from error

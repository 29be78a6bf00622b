"""The parts of a zip-based office file: unpacked within bounds, parsed without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError, ReadLimits

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHUNK = 1 << 20
_BIG = 1 << 20
_MAX_PARTS = 100_000


class Package:
    """Reads parts by name. All that is unpacked counts, by its real size, not the stated one.

    ``what`` names the kind of file in messages (Word 文件, 演示文稿 …).
    """

    def __init__(self, data: bytes, limits: ReadLimits, what: str = "Word 文件") -> None:
        self._what = what
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = self._zip.namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.damaged() from error
        if len(names) > _MAX_PARTS:
            raise ReadError(f"{what}里的部件多得反常，没有读取；请确认来源后另存再放入")
        self.names = frozenset(names)
        self._limits = limits
        self._unpacked = 0

    def damaged(self) -> ReadError:
        """The error for a file that is cut off or broken."""
        return ReadError(f"{self._what}不完整或已损坏；请打开另存一份再放入，打不开就重新获取")

    def part(self, name: str) -> _Element | None:
        """The root of an XML part; None where the package has none."""
        if name not in self.names:
            return None
        return self._parse(self.data(name))

    def required(self, name: str) -> _Element:
        """The same of a part without which there is no document."""
        root = self.part(name)
        if root is None:
            raise self.damaged()
        return root

    def size(self, name: str) -> int:
        """The unpacked size that the package states of a part that is there."""
        return self._zip.getinfo(name).file_size

    def data(self, name: str) -> bytes:
        """The bytes of a part that is there."""
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise ReadError(f"{self._what}有密码；请去掉密码另存一份再放入")
        out = bytearray()
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    out += chunk
                    self._unpacked += len(chunk)
                    self._check(len(out), info.compress_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise self.damaged() from error
        return bytes(out)

    def _check(self, size: int, packed: int) -> None:
        too_dense = size > _BIG and size > max(packed, 1) * self._limits.max_unpack_ratio
        if too_dense or self._unpacked > self._limits.max_unpacked_bytes:
            raise ReadError("文件解压后大得反常（疑似压缩炸弹），没有读取；请确认来源后另存再放入")

    def _parse(self, data: bytes) -> _Element:
        from lxml import etree

        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
            raise ReadError(f"{self._what}里有不该出现的声明，没有读取；请打开另存一份再放入")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged() from error

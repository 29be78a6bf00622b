"""Are the files of Chroma's graphs as long as their headers say? Chroma itself does not look."""

from __future__ import annotations

import struct
from pathlib import Path

#: Of header.bin (chroma-hnswlib, hnswalg.h, persistDirty): version, then offset of level 0, most
#: elements, elements, bytes of an element.
_HEADER = struct.Struct("<iQQQQ")
_LENGTH_BYTES = 4  # of an element's entry in length.bin


def short_files(folder: Path) -> list[str]:
    """Names of files that are too short, or are not there beside the others."""
    found = []
    for header in sorted(folder.glob("*/header.bin")):
        if not header.with_name("index_metadata.pickle").is_file():
            continue  # written for the first time when there are more than a few vectors
        data = header.read_bytes()
        if len(data) < _HEADER.size:
            found.append(header.name)
            continue
        _, _, _, elements, size = _HEADER.unpack_from(data)
        for name, least in (
            ("data_level0.bin", elements * size),
            ("length.bin", elements * _LENGTH_BYTES),
            ("link_lists.bin", 0),
        ):
            path = header.with_name(name)
            if not path.is_file() or path.stat().st_size < least:
                found.append(name)
    return found

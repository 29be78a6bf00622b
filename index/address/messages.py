"""What is said to the asker about an address, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from index.address.parse import Unit
from index.address.structure import NotThere
from index.errors import shorten

_MOST_TITLES = 5


def named(title: str) -> str:
    """A title in book marks; those within become 〈〉, those around it are not doubled."""
    bare = shorten(title, 80)
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        return bare
    return f"《{bare.replace('《', '〈').replace('》', '〉')}》"


def no_document(written: str, similar: Sequence[str]) -> str:
    """The library has no document of this title."""
    text = f"文库里没有{named(written)}。"
    if similar:
        text += f"您要找的是不是{listed(similar)}？请用文件的准确名称再问。"
    return text


def unclear(written: str, label: str, titles: Sequence[str]) -> str:
    """Several documents fit, or the question names none."""
    if not titles:
        return f"问题里没有说是哪份文件的{label}，请写上文件名，例如“《某某办法》{label}”。"
    return f"“{written}”可能指{listed(titles)}，请写明是哪份文件的{label}。"


def listed(titles: Sequence[str]) -> str:
    """《A》、《B》等 12 份文件."""
    shown = "、".join(named(one) for one in titles[:_MOST_TITLES])
    return shown if len(titles) <= _MOST_TITLES else f"{shown}等 {len(titles)} 份文件"


def not_there(title: str, lack: NotThere) -> str:
    """A document has no such chapter, article, 款 or 项; it has so many."""
    step, name = lack.step, f"{named(title)}{lack.above}"
    unit = step.unit.value
    if step.unit is Unit.NAMED:
        return f"{name}没有“{step.label}”。"
    if step.unit is Unit.ARTICLE and not lack.above:
        if not lack.count:
            return f"{name}不分条，没有{step.label}。"
        return f"{name}共 {lack.count} 条，没有{step.label}，它的最后一条是{lack.last}。"
    if not lack.count:
        return f"{name}不分{unit}，没有{step.label}。"
    if lack.count == 1 and step.unit is Unit.PARAGRAPH:
        return f"{name}只有一款，没有{step.label}。"
    measure = "个" if step.unit is Unit.SECTION else ""
    return f"{name}共 {lack.count} {measure}{unit}，没有{step.label}。"


def taken_for(written: str, title: str) -> str:
    """A name was read as another one."""
    return f"文库里没有“{shorten(written)}”，已按{named(title)}查找。"


def first_of(label: str, shown: int, total: int) -> str:
    """A chapter or a range is longer than what is shown."""
    return f"{label}共 {total} 条，这里列出前 {shown} 条。"


def short_of(title: str, last: str) -> str:
    """The end of a range is beyond the document's."""
    return f"{named(title)}到{last}为止，只列出有的部分。"


def elsewhere(label: str, path: str) -> str:
    """The article is not in the chapter that the question names."""
    return f"{label}不在问题所说的位置，它在“{path}”。"


def repeated(title: str, label: str, count: int) -> str:
    """One number counts several places of a document."""
    return f"{named(title)}里有 {count} 处{label}，都列在这里。"


def alike(titles: Sequence[str]) -> str:
    """Several documents fit a name equally."""
    return f"{listed(titles)}都符合问题里的文件名，分别列出。"


def no_such_version(title: str, wanted: str, shown: str) -> str:
    """The version that was asked for is not in the library; another one is shown."""
    return f"文库里没有{named(title)}{wanted}的版本，这里是{shown}。"

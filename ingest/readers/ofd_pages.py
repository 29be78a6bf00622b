"""Pages of an OFD file (GB/T 33190-2016): characters and ruling lines in points from the top left.

OFD is a zip of XML. Lengths are millimetres; an object has a boundary on the page and may have a
matrix. Producers disagree on namespaces, so elements are known by their local names.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from ingest.readers.clean import visible
from ingest.readers.package import Package
from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_rules import Rule, Rules, joined_rules

if TYPE_CHECKING:
    from lxml.etree import _Element

POINTS = 72 / 25.4
_ASCENT, _DESCENT = 0.88, 0.12  # of the font's size, above and below the base line
_DEEPEST = 32
_MAX_OBJECTS = 200_000  # of a page, those in templates and composites too
_MAX_PATHS = 20_000
_THIN = 3.2 / POINTS  # millimetres; a filled shape up to here is a line
_LEAN = math.radians(5)
_SLANT = 0.3
_PATH = re.compile(r"[A-Za-z]|-?\d{0,12}\.?\d{1,12}(?:[eE][-+]?\d{1,3})?")
_A4 = (0.0, 0.0, 210.0, 297.0)

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class OfdPage:
    """One page: size in points, characters in the order of the file, ruling lines."""

    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)


@dataclass
class OfdFile:
    """An OFD package: where its pages are and what it says of itself."""

    package: Package
    pages: list[tuple[str, tuple[float, float, float, float]]]  # part, default box
    templates: dict[str, str]
    units: dict[str, _Element]
    title: str | None
    missing: int = 0
    drawn: dict[str, _Element | None] = field(default_factory=dict)  # templates read

    def template(self, name: str) -> _Element | None:
        """The content of a template page, None where there is none."""
        part = self.templates.get(name, "")
        if part not in self.drawn:
            self.drawn[part] = self.package.part(part) if part else None
        return self.drawn[part]


def open_ofd(package: Package) -> OfdFile:
    """The pages of the first document in the package; raises :class:`ReadError`."""
    root = package.required("OFD.xml")
    body = _first(root, "DocBody")
    location = _text(body, "DocRoot") if body is not None else ""
    part = _resolve(package, "OFD.xml", location)
    if body is None or not part:
        raise package.damaged()
    info = _first(body, "DocInfo")
    document = package.required(part)
    common = _first(document, "CommonData")
    box = _box(_text(_first(common, "PageArea"), "PhysicalBox")) or _A4
    templates: dict[str, str] = {}
    units: dict[str, _Element] = {}
    for child in common if common is not None else ():
        name = _name(child)
        if name == "TemplatePage":
            templates[child.get("ID", "")] = _resolve(package, part, child.get("BaseLoc", ""))
        elif name in ("PublicRes", "DocumentRes"):
            _add_units(package, _resolve(package, part, child.text or ""), units)
    pages = []
    missing = 0
    for page in _children(_first(document, "Pages"), "Page"):
        found = _resolve(package, part, page.get("BaseLoc", ""))
        missing += not found
        if found:
            pages.append((found, box))
    title = _text(info, "Title") or None
    return OfdFile(package, pages, templates, units, title, missing)


def read_ofd_page(file: OfdFile, index: int) -> OfdPage:
    """Page ``index`` (from 0)."""
    part, box = file.pages[index]
    root = file.package.required(part)
    area = _first(root, "Area")
    x, y, width, height = _box(_text(area, "PhysicalBox")) or box
    page = OfdPage(round(width * POINTS, 2), round(height * POINTS, 2))
    drawing = _Drawing(file.units, (1, 0, 0, 1, -x, -y))
    for template in _children(root, "Template"):
        shape = file.template(template.get("TemplateID", ""))
        if shape is not None:
            drawing.content(shape)
    drawing.content(root)
    page.chars = [char for char in drawing.chars if char.x1 > 0 and char.y1 > 0
                  and char.x0 < page.width and char.y0 < page.height]  # fmt: skip
    page.rules = joined_rules(drawing.across, drawing.down)
    return page


class _Drawing:
    """Gathers what is drawn on a page."""

    def __init__(self, units: dict[str, _Element], matrix: Matrix) -> None:
        self.units = units
        self.matrix = matrix
        self.chars: list[Char] = []
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.left = _MAX_OBJECTS
        self.paths = _MAX_PATHS
        self._drawn: set[tuple[str, int, int]] = set()

    def content(self, root: _Element) -> None:
        """The layers of a page or template."""
        for layer in _children(_first(root, "Content"), "Layer"):
            self._objects(layer, self.matrix, 0)

    def _objects(self, parent: _Element, matrix: Matrix, depth: int) -> None:
        for element in parent:
            name = _name(element)
            self.left -= 1
            if self.left < 0 or element.get("Visible") == "false":
                continue
            if name == "TextObject":
                self._text(element, _compose(matrix, _own(element)))
            elif name == "PathObject" and self.paths > 0:
                self.paths -= 1
                self._path(element, _compose(matrix, _own(element)))
            elif depth >= _DEEPEST:
                continue
            elif name == "PageBlock":
                self._objects(element, matrix, depth + 1)
            elif name == "CompositeObject":
                unit = self.units.get(element.get("ResourceID", ""))
                content = _first(unit, "Content") if unit is not None else None
                if content is not None:
                    self._objects(content, _compose(matrix, _own(element)), depth + 1)

    def _text(self, element: _Element, matrix: Matrix) -> None:
        angle = math.atan2(matrix[1], matrix[0])
        quarters = round(angle / (math.pi / 2))
        if abs(angle - quarters * math.pi / 2) > _LEAN:
            return  # a watermark leans
        size = _float(element.get("Size"), 0.0)
        if size <= 0:
            return
        font = f"{element.get('Font', '')}{element.get('Weight', '')}"
        stretch = _float(element.get("HScale"), 1.0)
        x = y = 0.0
        for code in _children(element, "TextCode"):
            text = code.text or ""
            x, y = _float(code.get("X"), x), _float(code.get("Y"), y)
            across = _deltas(code.get("DeltaX"), len(text))
            down = _deltas(code.get("DeltaY"), len(text))
            at, base = x, y
            for index, char in enumerate(text):
                wide = size * stretch * (1.0 if east_asian_width(char) in "WFA" else 0.5)
                self._char(char, at, base, wide, size, matrix, font, quarters % 4)
                if index < len(across):
                    at += across[index]
                elif index >= len(down):
                    at += wide
                if index < len(down):
                    base += down[index]

    def _char(
        self, char: str, x: float, y: float, wide: float, size: float, matrix: Matrix, font: str,
        turn: int,
    ) -> None:  # fmt: skip
        text = visible(char)
        if not text or text == "\n":
            return
        if text.isspace() and text != "\u3000":
            text = " "
        ax, ay = _place(matrix, x, y - _ASCENT * size)
        bx, by = _place(matrix, x + wide, y + _DESCENT * size)
        key = (text, round(ax), round(ay))
        if text != " " and key in self._drawn:
            return  # drawn twice to look bold
        self._drawn.add(key)
        x0, x1 = sorted((round(ax, 2), round(bx, 2)))
        y0, y1 = sorted((round(ay, 2), round(by, 2)))
        self.chars.append(Char(text, x0, y0, x1, y1, font, turn))

    def _path(self, element: _Element, matrix: Matrix) -> None:
        data = _text(element, "AbbreviatedData")[:20_000]
        stroked = element.get("Stroke") != "false"
        filled = element.get("Fill") == "true"
        for points in _figures(data):
            placed = [_place(matrix, px, py) for px, py in points]
            xs, ys = [p[0] for p in placed], [p[1] for p in placed]
            wide, high = max(xs) - min(xs), max(ys) - min(ys)
            thin = _THIN * POINTS
            if filled and len(placed) > 2 and min(wide, high) <= thin < max(wide, high):
                self._rule(min(xs), min(ys), max(xs), max(ys))
            elif stroked:
                for (x0, y0), (x1, y1) in pairwise(placed):
                    if min(abs(x0 - x1), abs(y0 - y1)) <= _SLANT * POINTS:
                        self._rule(x0, y0, x1, y1)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(x1 - x0) >= abs(y1 - y0):
            self.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        else:
            self.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _figures(data: str) -> Iterator[list[tuple[float, float]]]:
    """The figures of straight lines of a path; one with a curve ends there."""
    points: list[tuple[float, float]] = []
    command = ""
    numbers: list[float] = []
    for token in _PATH.findall(data):
        if token.isalpha():
            command = token.upper()
            numbers = []
            if command == "C" and len(points) > 1:
                points.append(points[0])
            elif command not in "SMLC":
                if len(points) > 1:
                    yield points
                points = []
            continue
        numbers.append(_float(token, 0.0))
        if len(numbers) == 2 and command in ("S", "M", "L"):
            if command != "L":
                if len(points) > 1:
                    yield points
                points = []
            points.append((numbers[0], numbers[1]))
            numbers = []
    if len(points) > 1:
        yield points


def _add_units(package: Package, part: str, units: dict[str, _Element]) -> None:
    root = package.part(part) if part else None
    for unit in root.iter("{*}CompositeGraphicUnit") if root is not None else ():
        units.setdefault(unit.get("ID", ""), unit)


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _children(element: _Element | None, name: str) -> Iterator[_Element]:
    for child in element if element is not None else ():
        if _name(child) == name:
            yield child


def _first(element: _Element | None, name: str) -> _Element | None:
    return next(_children(element, name), None)


def _text(element: _Element | None, name: str) -> str:
    found = _first(element, name)
    return (found.text or "").strip() if found is not None else ""


def _resolve(package: Package, base: str, location: str) -> str:
    """The part that a location written in ``base`` means, empty for none."""
    location = location.strip().replace("\\", "/")
    if not location:
        return ""
    folder = posixpath.dirname(base)
    for path in (posixpath.join(folder, location), location):
        name = posixpath.normpath(path).lstrip("/")
        if name in package.names:
            return name
    return ""


def _own(element: _Element) -> Matrix:
    """From an object's own space to that around it: its matrix, then its boundary's corner."""
    box = _box(element.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    numbers = [_float(one, math.nan) for one in (element.get("CTM") or "").split()[:6]]
    a, b, c, d, e, f = (
        numbers if len(numbers) == 6 and not any(map(math.isnan, numbers)) else _IDENTITY
    )
    return (a, b, c, d, e + box[0], f + box[1])


def _compose(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that applies ``inner`` first."""
    oa, ob, oc, od, oe, of = outer
    a, b, c, d, e, f = inner
    return (
        oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d,
        oa * e + oc * f + oe, ob * e + od * f + of,
    )  # fmt: skip


def _place(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * POINTS, (b * x + d * y + f) * POINTS


def _box(value: str | None) -> tuple[float, float, float, float] | None:
    numbers = [_float(one, math.nan) for one in (value or "").split()[:4]]
    if len(numbers) < 4 or any(map(math.isnan, numbers)):
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _float(value: str | None, default: float) -> float:
    try:
        number = float(value) if value else default
    except ValueError:
        return default
    return number if abs(number) < 1e6 else default


def _deltas(value: str | None, most: int) -> list[float]:
    """Steps between characters; ``g 3 5`` stands for 5 5 5. At most ``most`` of them."""
    out: list[float] = []
    tokens = iter((value or "").split())
    for token in tokens:
        if len(out) >= most:
            break
        if token == "g":
            count, step = _float(next(tokens, None), 0.0), _float(next(tokens, None), 0.0)
            out += [step] * max(0, min(int(count), most - len(out)))
        else:
            out.append(_float(token, 0.0))
    return out

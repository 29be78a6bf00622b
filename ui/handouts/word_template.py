"""Filling a Word template: sandboxed, escaped, and with one clear line for each mistake in it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import shorten
from ui.handouts.base import HandoutError
from ui.handouts.template_files import broken, read_package

if TYPE_CHECKING:
    from docx.document import Document
    from jinja2.sandbox import SandboxedEnvironment

_FILTERS = ("default", "d", "join", "length", "count", "first", "last", "trim", "replace", "e")
_XML_TAG = re.compile(r"<[^<>]*>")  # no "<" inside: linear, and XML has none there


def filled(path: Path, fields: Mapping[str, Any]) -> Document:
    """The template with its fields filled in; HandoutError says what is wrong with it.

    A template may name fields, repeat and leave out parts. It can reach no attribute, function or
    file of the program: fields are texts, lists and mappings, in jinja2's sandbox.
    """
    import jinja2
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SecurityError

    data = read_package(path)
    try:
        template = DocxTemplate(io.BytesIO(data))
        template.init_docx()
    except Exception as error:  # python-docx and lxml raise what their parsers raise
        raise broken(path) from error
    try:
        template.render(dict(fields), jinja_env=_environment(path, fields), autoescape=True)
    except jinja2.UndefinedError as error:
        raise HandoutError(str(error)) from error
    except SecurityError as error:
        raise HandoutError(
            f"模板“{shorten(path.name)}”里有不允许的写法，模板只能填字段、重复和判断，不能运行程序。"
        ) from error
    except jinja2.TemplateError as error:
        raise HandoutError(_mistake(path, error)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise HandoutError(
            f"模板“{shorten(path.name)}”填不进内容：{shorten(str(error), 80)}，请对照内置模板修改。"
        ) from error
    except Exception as error:  # lxml, where tags cross a table's cells
        raise broken(path) from error
    document: Document = template.docx
    return document


def _environment(path: Path, fields: Mapping[str, Any]) -> SandboxedEnvironment:
    from jinja2 import Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

    class Environment(ImmutableSandboxedEnvironment):
        """Sandboxed; mappings by key only, nothing callable, no product that grows without end."""

        intercepted_binops = frozenset(["*", "**", "%", "+", "//", "/", "-"])

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise SecurityError("no arithmetic")

        def getattr(self, obj: Any, attribute: str) -> Any:
            return self.getitem(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            if isinstance(obj, Undefined):
                str(obj)  # raises: the first unknown name is the one to tell
            # jinja's own loop object is the one thing whose attributes may be read
            if type(obj).__module__ == "jinja2.runtime":
                return super().getattr(obj, argument)
            if isinstance(obj, (list, tuple)) and isinstance(argument, int):
                return super().getitem(obj, argument)
            if isinstance(obj, Mapping) and argument in obj:
                return obj[argument]
            return self.undefined(obj=obj, name=argument)

        def is_safe_callable(self, obj: Any) -> bool:
            return False

    environment = Environment(undefined=_undefined(path, fields), keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _undefined(path: Path, fields: Mapping[str, Any]) -> type:
    from jinja2 import StrictUndefined

    class Unknown(StrictUndefined):
        """Any use of it names the field and those that could have been meant."""

        @property
        def _undefined_message(self) -> str:
            owner = self._undefined_obj
            inside = isinstance(owner, Mapping)
            listed = "、".join(str(one) for one in (owner if inside else fields)) or "（没有）"
            return (
                f"模板“{shorten(path.name)}”里的字段“{shorten(str(self._undefined_name), 30)}”"
                f"不认识，{'这一层' if inside else ''}可用的字段有：{listed}。"
            )

    return Unknown


def _mistake(path: Path, error: Exception) -> str:
    around = [
        shorten(_XML_TAG.sub("", line), 40)
        for line in getattr(error, "docx_context", ())
        if _XML_TAG.sub("", line).strip()
    ]
    near = next((one for one in around if "{" in one), around[0] if around else "")
    place = f"，在“{near}”附近" if near else ""
    return (
        f"模板“{shorten(path.name)}”的标记写错了{place}：{shorten(str(error), 80)}；"
        "请检查 {{ }} 和 {% %} 是否成对。"
    )

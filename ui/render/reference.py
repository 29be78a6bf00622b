"""The reference of the REST interface as one page: plain HTML, made from its schema."""

from __future__ import annotations

import json
from typing import Any

from ui.render.text import esc

_STYLE = """:root{color-scheme:light dark;--bg:#fff;--fg:#1c2520;--dim:#56645c;--line:#d9e0db;
--soft:#f4f7f5;--link:#17603f}
@media(prefers-color-scheme:dark){:root{--bg:#131916;--fg:#e4ebe6;--dim:#9fb0a6;--line:#323d37;
--soft:#1b2420;--link:#7fd0a6}}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.7 "Noto Sans CJK SC","Source Han Sans SC",
"PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
main{max-width:960px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:24px}h2{font-size:19px;margin-top:32px}h3{font-size:16px;margin:20px 0 4px}
a{color:var(--link)}code,pre{font-family:"Noto Sans Mono CJK SC",monospace;font-size:14px}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:10px;overflow:auto}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:4px 8px;
text-align:left;vertical-align:top}p{margin:4px 0}.dim{color:var(--dim)}
summary{cursor:pointer;color:var(--link)}"""


def reference_page(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI schema: every operation with its parameters and answers."""
    groups: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["其他"])[0]
            groups.setdefault(tag, []).append(_operation(method, path, operation))
    body = "".join(
        f"<section><h2>{esc(tag)}</h2>{''.join(some)}</section>" for tag, some in groups.items()
    )
    models = "".join(
        f'<details id="{esc(name)}"><summary>{esc(name)}</summary><pre>{_pretty(model)}</pre></details>'
        for name, model in sorted(schema["components"]["schemas"].items())
    )
    info = schema["info"]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>接口说明 · 鹿鸣</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{esc(info['title'])} 接口说明</h1><p>{esc(info['description'])}</p>"
        '<p>机器可读的说明：<a href="/api/v1/openapi.json">/api/v1/openapi.json</a>'
        f"（OpenAPI {esc(schema['openapi'])}）</p>{body}<h2>数据结构</h2>{models}</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(_parameter(one) for one in operation.get("parameters", ()))
    table = (
        f"<table><thead><tr><th>参数</th><th>位置</th><th>说明</th></tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    body = ""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        body += f'<p class="dim">请求正文 {esc(kind)}：{_reference(content.get("schema", {}))}</p>'
    answers = "".join(
        f'<p class="dim">返回 {esc(code)} {esc(kind)}：{_reference(content.get("schema", {}))}</p>'
        for code, answer in operation.get("responses", {}).items()
        if code != "default"
        for kind, content in answer.get("content", {}).items()
    )
    return (
        f"<h3>{esc(operation.get('summary', ''))}</h3><p><code>{esc(method.upper())} {esc(path)}</code></p>"
        f"<p>{esc(operation.get('description', ''))}</p>{table}{body}{answers}"
    )


def _parameter(one: dict[str, Any]) -> str:
    schema = one.get("schema", {})
    words = [one.get("description") or schema.get("description") or ""]
    if one.get("required"):
        words.append("必填")
    if "default" in schema:
        words.append(f"默认 {schema['default']}")
    said = "；".join(word for word in words if word)
    return f"<tr><td><code>{esc(one['name'])}</code></td><td>{esc(one['in'])}</td><td>{esc(said)}</td></tr>"


def _reference(schema: dict[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        return f'<a href="#{esc(name)}">{esc(name)}</a>'
    return f"<code>{esc(json.dumps(schema, ensure_ascii=False))}</code>"


def _pretty(model: dict[str, Any]) -> str:
    return esc(json.dumps(model, ensure_ascii=False, indent=1))

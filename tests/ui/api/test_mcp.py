"""The tools by the SDK's own client, over HTTP and over stdio."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.ui.api import loops
from tests.ui.api.conftest import OFFICE, SECRET, Desk, problem
from tests.ui.conftest import ROOT

TOOLS = {"search", "ask", "read_article", "verify_citations", "diff"}
Work = Callable[[Client], Awaitable[Any]]


def over_http(desk: Desk, who: str, work: Work) -> Any:
    async def run() -> Any:
        headers = {"Authorization": f"Bearer {desk.tokens[who]}"}
        async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http:
            transport = streamable_http_client(f"{desk.url}/mcp", http_client=http)
            async with Client(transport) as client:
                return await work(client)

    return loops.run(run())


def over_stdio(desk: Desk, work: Work) -> Any:
    async def run() -> Any:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "ui.cli", "mcp"],
            cwd=str(ROOT),
            env={**os.environ, "LUMING_HOME": str(desk.home)},
        )
        async with Client(server, read_timeout_seconds=60) as client:
            return await work(client)

    return loops.run(run())


async def everything(client: Client) -> dict[str, Any]:
    listed = {one.name: one for one in (await client.list_tools()).tools}
    assert set(listed) == TOOLS
    for tool in listed.values():
        assert any("\u4e00" <= char <= "\u9fff" for char in tool.description or "")
        assert tool.output_schema and tool.annotations and tool.annotations.read_only_hint
    calls = {
        "search": {"query": "值班记录", "k": 3},
        "ask": {"question": "请假3天以上由谁批准？"},
        "read_article": {"document": "《值班管理办法（示例）》", "article": "第三条"},
        "verify_citations": {"text": "根据《值班管理办法（示例）》第九条，值班记录保存3年。"},
        "diff": {"document": "值班管理办法"},
    }
    found = {}
    for name, arguments in calls.items():
        result = await client.call_tool(name, arguments)
        assert not result.is_error, result.content
        found[name] = result.structured_content
    return found


def check(found: dict[str, Any]) -> None:
    assert "值班记录保存" in found["search"]["hits"][0]["text"]
    assert len(found["search"]["hits"]) <= 3
    assert not found["ask"]["abstained"]
    assert "分管领导" in found["ask"]["sentences"][0]["text"]
    assert found["ask"]["citations"][0]["quote"]
    assert found["read_article"]["text"].startswith("第三条 值班记录保存")
    assert found["read_article"]["path"] == "第二章 值班"
    assert found["verify_citations"]["problems"] == 1
    assert found["diff"]["counts"]["changed"] == 1
    assert [one["kind"] for one in found["diff"]["articles"]] == ["changed"]


def test_every_tool_over_http(desk: Desk) -> None:
    check(over_http(desk, "reader", everything))


def test_every_tool_over_stdio(desk: Desk) -> None:
    check(over_stdio(desk, everything))


def test_errors_are_chinese_lines(desk: Desk) -> None:
    async def work(client: Client) -> list[str]:
        lines = []
        for name, arguments in (
            ("search", {"query": "  "}),
            ("ask", {"question": "值班？", "collections": ["没有"]}),
            ("read_article", {"document": "没有这份"}),
            ("read_article", {"document": "值班管理办法（示例）", "article": "第九十条"}),
            ("verify_citations", {"text": ""}),
            ("diff", {"document": "请假规定"}),
        ):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            lines.append(str(result.content[0].text))  # type: ignore[union-attr]
        return lines

    for line in over_http(desk, "admin", work):
        assert any("\u4e00" <= char <= "\u9fff" for char in line), line
        assert str(desk.home) not in line


def test_another_departments_rules_do_not_exist(desk: Desk) -> None:
    async def work(client: Client) -> str:
        said = []
        for name, arguments in (
            ("search", {"query": "线索"}),
            ("ask", {"question": "线索由谁保管？"}),
            ("read_article", {"document": f"{SECRET}线索处置办法"}),
            ("verify_citations", {"text": f"依照《{SECRET}线索处置办法（示例）》第二条办理。"}),
            ("diff", {"document": "线索"}),
        ):
            result = await client.call_tool(name, arguments)
            said.append(json.dumps(result.model_dump(mode="json"), ensure_ascii=False))
        return "".join(said)

    assert "第三监督室" in over_http(desk, "admin", work)
    assert "第三监督室" not in over_http(desk, "reader", work)


def test_without_the_right_there_are_no_tools(desk: Desk) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    with desk.client("nobody") as client:
        problem(client.post("/mcp", json=call, headers=headers), 403)
    with desk.client("") as client:
        reply = client.post("/mcp", json=call, headers=headers)
        problem(reply, 401)
        assert reply.headers["www-authenticate"].startswith("Bearer")


def test_stdout_of_stdio_carries_the_protocol_only(desk: Desk) -> None:
    start = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        },
    }
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    arguments = {"question": "请假3天以上由谁批准？", "collections": [OFFICE]}
    ask = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}
    lines = [start, ready, {**ask, "params": {"name": "ask", "arguments": arguments}}]
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "mcp"],
        cwd=ROOT,
        env={**os.environ, "LUMING_HOME": str(desk.home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    for line in lines:
        process.stdin.write(json.dumps(line) + "\n")
        process.stdin.flush()
    said = []
    while not any(one.get("id") == 2 for one in said):
        said.append(json.loads(process.stdout.readline()))
    out, _ = process.communicate(timeout=30)
    assert out == "" and process.returncode == 0
    assert all(one["jsonrpc"] == "2.0" for one in said)
    result = next(one["result"] for one in said if one.get("id") == 2)
    assert "分管领导" in result["structuredContent"]["sentences"][0]["text"]


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_what_is_no_call_is_refused(desk: Desk, path: str) -> None:
    with desk.client("reader") as client:
        for body in (b"", b"{", b"[]", b"x" * 3_000_000):
            reply = client.post(
                path,
                content=body,
                headers={"Content-Type": "application/json"},
                follow_redirects=True,
            )
            assert 400 <= reply.status_code < 500

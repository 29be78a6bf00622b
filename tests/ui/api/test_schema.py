"""Every route against its own description: nothing that a client can send breaks the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from tests.ui.api.conftest import Desk, make_app, served
from ui.access.accounts import Accounts
from ui.api.schema import operations, schema_of

EXAMPLES = 12


@pytest.fixture
def alone(desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The same library on a machine without accounts."""
    accounts = Accounts(desk.service.settings.model_copy(update={"home": tmp_path}))
    with served(make_app(desk.service, accounts)[0]) as url:
        yield url
    accounts.close()


def test_nothing_that_a_reader_sends_breaks_the_server(desk: Desk) -> None:
    check(desk.url, {"Authorization": f"Bearer {desk.tokens['reader']}"})


def test_nothing_that_is_sent_at_the_machine_breaks_the_server(alone: str) -> None:
    check(alone, {})


def check(url: str, headers: dict[str, str]) -> None:
    with httpx.Client(trust_env=False) as client:
        described = client.get(f"{url}/api/v1/openapi.json", headers=headers).json()
    schema = schemathesis.openapi.from_dict(described)
    broken: list[str] = []
    undeclared: list[str] = []
    asked = 0

    def send(case: schemathesis.Case) -> None:
        nonlocal asked
        asked += 1
        reply = case.call(base_url=url, headers=headers, timeout=60)
        told = f"{case.as_curl_command()}\n{reply.status_code} {reply.text[:500]}"
        if reply.status_code >= 500:
            broken.append(told)
        kind = reply.headers.get("content-type", [""])[0]
        if reply.status_code >= 400 and kind != "application/problem+json":
            undeclared.append(f"{kind} {told}")

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        strategy = found.ok().as_strategy()
        chosen = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        chosen(given(case=strategy)(send))()
    assert asked > 200
    assert not broken, "\n\n".join(broken[:5])
    assert not undeclared, "\n\n".join(undeclared[:5])


def test_every_route_for_programs_is_described(desk: Desk, admin: httpx.Client) -> None:
    schema = admin.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert "/v1/chat/completions" in schema["paths"] and "/readyz" in schema["paths"]
    for path, operation in operations(schema):
        assert operation["summary"] and operation["tags"], path
        assert "default" in operation["responses"], path
        assert any("\u4e00" <= char <= "\u9fff" for char in operation["summary"])
    assert not {"HTTPValidationError"} & set(schema["components"]["schemas"])
    assert schema_of(desk.app) == schema


def test_the_reference_page_loads_nothing(admin: httpx.Client) -> None:
    page = admin.get("/api/v1/docs").text
    assert "/api/v1/ask/stream" in page and "<script" not in page
    assert "http://" not in page and "https://" not in page

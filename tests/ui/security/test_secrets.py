"""What must stay secret stands neither in the log nor in an answer."""

from __future__ import annotations

from pathlib import Path

from index.settings import Settings
from tests.assistant.llm import server as stub
from tests.ui.access.conftest import ADMIN, READER, Visitor, populate
from tests.ui.conftest import start_server
from ui.access.accounts import Accounts
from ui.access.model import Right

KEY, OIDC = "sk-llm-key-never-shown-1", "oidc-secret-never-shown-2"


def test_keys_of_other_services_are_nowhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    populate(home)
    with stub.running() as model:
        # The endpoint repeats the key in its error, as some do.
        model.behaviours = [stub.raw(f'{{"error": "bad key {KEY}"}}'.encode(), 401)] * 4
        server = start_server(
            home,
            LUMING_LLM_BASE_URL=model.url,
            LUMING_LLM_MODEL="m",
            LUMING_LLM_API_KEY=KEY,
            LUMING_OIDC_ISSUER="http://127.0.0.1:9",
            LUMING_OIDC_CLIENT_ID="luming",
            LUMING_PUBLIC_URL="http://127.0.0.1",
            LUMING_OIDC_CLIENT_SECRET=OIDC,
            PYTHONWARNINGS="default",
        )
        told: list[str] = []
        with Visitor(server.url) as visitor:
            told.append(visitor.get("/login/oidc").text)
            told.append(visitor.get("/login/oidc/callback?code=x&state=y").text)
            visitor.login(ADMIN)
            for path in ("/admin/tab/system", "/config", "/metrics", "/api/v1/health", "/readyz"):
                told.append(visitor.get(path).text)
            origin = {"Origin": server.url}
            asked = visitor.post("/api/v1/ask", json={"question": "值班补贴多少？"}, headers=origin)
            told.append(asked.text)
            told.append(visitor.post("/admin/doctor", headers=origin).text)
        _, log = server.stop()
    kept = b"".join(path.read_bytes() for path in home.rglob("*.db*") if path.is_file())
    for secret in (KEY, OIDC):
        assert secret not in log and secret.encode() not in kept
        assert not [one for one in told if secret in one]


def test_a_token_in_an_address_opens_nothing_and_is_not_written_down(tmp_path: Path) -> None:
    home = tmp_path / "home"
    populate(home)
    accounts = Accounts(Settings(home=home))
    token = accounts.tokens.create(READER, "程序", {Right.READ})
    accounts.close()
    server = start_server(home, PYTHONWARNINGS="default")
    with Visitor(server.url) as stranger:
        for name in ("token", "access_token", "api_key", "authorization", "key"):
            reply = stranger.get("/api/v1/me", params={name: token})
            assert reply.status_code == 401 and token not in reply.text
        good = stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert good.status_code == 200
        assert stranger.get("/", headers={"Authorization": f"Bearer {token}"}).status_code == 303
    _, log = server.stop()
    assert token not in log

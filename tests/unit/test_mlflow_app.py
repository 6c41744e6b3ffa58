"""MLflow's pages answer whoever has the secret, and nobody else."""

import asyncio
from pathlib import Path

import pytest

from orchestration.mlflow_app import REFUSED, read_secret, require_secret

SECRET = "a-secret"


async def inner(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"runs"})


def ask(path="/", query=b"", kind="http", **headers):
    """Return what the application sends for one request."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(require_secret(inner, SECRET)(scope, None, send))
    return sent


def test_a_request_without_the_secret_is_refused():
    start, body = ask("/api/2.0/mlflow/experiments/create")
    assert start["status"] == 401
    assert body["body"] == REFUSED


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"other=1; rakuten_ui={SECRET}"},
        {"authorization": f"Bearer {SECRET}"},
    ],
)
def test_the_secret_opens_every_page(headers):
    assert ask("/api/2.0/mlflow/runs/search", **headers)[1]["body"] == b"runs"


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "rakuten_ui=wrong"},
        {"cookie": f"another={SECRET}"},
        {"cookie": "rakuten_ui=é; broken\x01=="},
        {"authorization": "Bearer "},
        {"authorization": "Basic YTpi"},
    ],
)
def test_another_secret_opens_none(headers):
    assert ask("/", **headers)[0]["status"] == 401


def test_the_printed_address_sets_the_cookie_and_leaves_it_out_of_the_address():
    (start, _) = ask("/", f"key={SECRET}".encode())
    assert start["status"] == 303
    assert dict(start["headers"])[b"location"] == b"/"
    assert dict(start["headers"])[b"set-cookie"] == (
        f"rakuten_ui={SECRET}; Path=/; HttpOnly; SameSite=Lax".encode()
    )
    assert ask("/", b"key=wrong")[0]["status"] == 401
    assert ask("/api/2.0/mlflow/runs/search", f"key={SECRET}".encode())[0][
        "status"
    ] == (401)


def test_a_websocket_without_the_secret_is_closed():
    assert ask(kind="websocket") == [{"type": "websocket.close", "code": 1008}]


def test_the_secret_is_kept_for_its_owner_only(tmp_path: Path):
    secret = read_secret(tmp_path)
    assert len(secret) == 43
    assert read_secret(tmp_path) == secret
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("")  # as after a power loss
    assert len(read_secret(tmp_path)) == 43

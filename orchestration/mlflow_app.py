"""MLflow's server behind a secret, for `make ui`.

MLflow itself has no authentication: any account of the machine could read and write
files through it as the user who started it, with an experiment that has its own
artifact location. MLflow finds `create_app` by the entry point `mlflow.app` in
pyproject.toml (https://mlflow.org/docs/latest/ml/plugins/#custom-applications).
"""

import hmac
import os
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from core.durable import write_durably
from core.mlflow_command import allow_percent_in_paths

APP_NAME = "rakuten"
VARIABLE = "RAKUTEN_UI_SECRET"
COOKIE = "rakuten_ui"
PARAMETER = "key"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

REFUSED = (
    b"This MLflow is another user's, or this browser has not been here before: open the"
    b" address that `make ui` prints.\n"
)


def read_secret(folder: Path) -> str:
    """Return the secret in a folder, readable by its owner only; generate it if missing."""
    path = folder / "ui.secret"
    if not path.exists() or not path.read_text().strip():
        write_durably(path, secrets.token_urlsafe(32), mode=0o600)
    return path.read_text().strip()


def create_app() -> App:
    """Return MLflow's application behind the secret in the environment."""
    from mlflow.server.fastapi_app import app

    allow_percent_in_paths()
    return require_secret(app, os.environ[VARIABLE])


def require_secret(app: App, secret: str) -> App:
    """Return an ASGI application that passes on requests with the secret only.

    A page opened with `?key=SECRET` sets a cookie, which links from reports on disk
    also send; programs send `Authorization: Bearer SECRET` (MLFLOW_TRACKING_TOKEN).
    """

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _has_secret(scope, secret):
            await app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif _is_login(scope, secret):
            cookie = f"{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax"
            headers = [(b"location", b"/"), (b"set-cookie", cookie.encode())]
            await _answer(send, 303, headers, b"")
        else:
            await _answer(send, 401, [(b"content-type", b"text/plain")], REFUSED)

    return guarded


def _has_secret(scope: Message, secret: str) -> bool:
    offered = []
    for name, value in scope.get("headers", []):
        text = value.decode("latin-1")
        if name == b"authorization":
            offered.append(text.removeprefix("Bearer "))
        elif name == b"cookie":
            offered += _cookies(text)
    return any(_is_same(text, secret) for text in offered)


def _cookies(header: str) -> list[str]:
    try:
        return [
            morsel.value
            for name, morsel in SimpleCookie(header).items()
            if name == COOKIE
        ]
    except CookieError:
        return []


def _is_login(scope: Message, secret: str) -> bool:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    offered = query.get(PARAMETER, [""])[0]
    return scope["path"] == "/" and _is_same(offered, secret)


def _is_same(offered: str, secret: str) -> bool:
    return hmac.compare_digest(offered.encode(), secret.encode())


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, length]}
    )
    await send({"type": "http.response.body", "body": body})

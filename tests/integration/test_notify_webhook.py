"""Notifications against a real web server on loopback."""

import json
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from servers import free_port

from core.settings import Settings
from orchestration.notify import notify

TOKEN = "s3cr3t-t0ken"


@pytest.fixture
def webhook():
    """A server that keeps what it is sent and answers with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.received.append((self.path, json.loads(body)))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _settings(*urls):
    return Settings(_env_file=None, notify_urls=" ".join(urls) or None)


def _url(server):
    return f"json://user:{TOKEN}@127.0.0.1:{server.server_address[1]}/{TOKEN}"


def test_the_summary_is_printed_without_any_service(capsys):
    assert notify(_settings(), "week_3: fine", ok=True) == "printed"
    out, err = capsys.readouterr()
    assert (out, err) == ("week_3: fine\n", "")


@pytest.mark.parametrize(
    ("ok", "kind", "word"), [(True, "success", "done"), (False, "failure", "FAILED")]
)
def test_success_and_failure_reach_the_webhook(webhook, capsys, ok, kind, word):
    assert notify(_settings(_url(webhook)), "week_3: 2,547 rows", ok=ok) == "sent"
    [(path, sent)] = webhook.received
    assert path == f"/{TOKEN}"
    assert sent["message"] == "week_3: 2,547 rows"
    assert sent["type"] == kind
    assert word in sent["title"]
    assert capsys.readouterr() == ("week_3: 2,547 rows\n", "")


def test_each_service_is_notified_even_if_another_fails(webhook, capsys):
    gone = f"json://user:{TOKEN}@127.0.0.1:{free_port()}"
    settings = _settings("nosuch://host", gone, _url(webhook))
    assert notify(settings, "week_3", ok=True) == "sent to 1 of 3 services"
    assert len(webhook.received) == 1
    assert capsys.readouterr() == (
        "week_3\n",
        "Warning: service 1 of NOTIFY_URLS is a URL that apprise does not understand.\n"
        "Warning: service 2 of NOTIFY_URLS (JSON) did not accept the notification.\n",
    )


@pytest.mark.parametrize("broken", ["refusing", "unknown", "raising", "no apprise"])
def test_a_failing_notification_warns_without_a_secret(
    webhook, capsys, caplog, monkeypatch, broken
):
    caplog.set_level(logging.DEBUG)
    url = _url(webhook)
    if broken == "refusing":
        webhook.status = 500
    elif broken == "unknown":
        url = f"nosuch://user:{TOKEN}@host"
    elif broken == "raising":

        def fail(self, **_):
            raise ValueError(url)

        monkeypatch.setattr("apprise.NotifyBase.notify", fail)
    else:
        monkeypatch.setitem(sys.modules, "apprise", None)
    outcome = notify(_settings(url), "week_3", ok=False)
    assert outcome == "printed; nothing was sent"
    out, err = capsys.readouterr()
    assert out == "week_3\n"
    assert err.startswith("Warning: ")
    assert TOKEN not in out + err + caplog.text

"""Webhooks, against a real server on loopback that answers as servers do on bad days."""

from http.server import BaseHTTPRequestHandler

import pytest

from reconciler.errors import NotificationError
from reconciler.notify.secret import SecretUrl
from reconciler.notify.webhook import Webhook, WebhookTimeouts
from reconciler.ports import Notification
from support.clock import FakeClock
from support.receiving import CANARY, Answer, ReceivingServer, close, receiving, status

NOTIFICATION = Notification("title", "text", '{"text": "\\u2603"}')
SHORT = WebhookTimeouts(connect=0.3, read=0.3, total=5.0)


def send(url: str, clock: FakeClock | None = None, timeouts: WebhookTimeouts = SHORT) -> None:
    """Send the notification."""
    Webhook(SecretUrl(url, "RECONCILER_NOTIFY_OPS"), clock or FakeClock(), timeouts).send(NOTIFICATION)


def failure(url: str, clock: FakeClock | None = None, timeouts: WebhookTimeouts = SHORT) -> str:
    """The error of a notification that cannot be sent, in which nothing of the URL is."""
    with pytest.raises(NotificationError) as caught:
        send(url, clock, timeouts)
    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    assert caught.value.remedy
    return caught.value.message


def test_a_webhook_gets_the_document() -> None:
    """As a POST."""
    with receiving() as server:
        send(server.url)

    assert [(f"/{CANARY}", NOTIFICATION.document.encode())] == server.requests


@pytest.mark.parametrize("code", [200, 201, 202, 204])
def test_every_2xx_is_fine(code: int) -> None:
    """Services answer differently."""
    with receiving(status(code)) as server:
        send(server.url)

    assert 1 == len(server.requests)


@pytest.mark.parametrize("bad", [status(500), status(503), status(429), close])
def test_what_may_pass_is_tried_again(bad: Answer) -> None:
    """After a second."""
    clock = FakeClock()
    with receiving(bad, status(200)) as server:
        send(server.url, clock)

    assert (2, [1.0]) == (len(server.requests), clock.naps)


def test_tries_end() -> None:
    """After two more, a little later each time."""
    clock = FakeClock()
    with receiving(status(500)) as server:
        message = failure(server.url, clock)

    assert ("the server of RECONCILER_NOTIFY_OPS answered HTTP 500", 3, [1.0, 2.0]) == (
        message,
        len(server.requests),
        clock.naps,
    )


@pytest.mark.parametrize(("after", "nap"), [("3", 3.0), ("86400", 10.0), ("tomorrow", 1.0), ("-1", 1.0)])
def test_a_server_may_ask_for_a_longer_wait(after: str, nap: float) -> None:
    """Within reason."""
    clock = FakeClock()
    with receiving(status(429, Retry_After=after), status(200)) as server:
        send(server.url, clock)

    assert [nap] == clock.naps


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_a_refusal_is_final(code: int) -> None:
    """What the server says is not shown: it may repeat the URL."""
    with receiving(status(code, CANARY.encode())) as server:
        message = failure(server.url)

    assert (f"the server of RECONCILER_NOTIFY_OPS answered HTTP {code}", 1) == (message, len(server.requests))


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    """The secret, and the findings, stay with the server that they are for."""
    with receiving() as other, receiving(status(code, Location=other.url)) as server:
        message = failure(server.url)

    assert ([], 1) == (other.requests, len(server.requests))
    assert f"the server of RECONCILER_NOTIFY_OPS redirects (HTTP {code}), which is not followed" in message


def test_a_server_that_hangs_is_left() -> None:
    """Once: it may have delivered the notification."""
    with receiving() as server:
        server.answers[:] = [lambda _: server.ended.wait(5)]
        message = failure(server.url)

    assert ("the server of RECONCILER_NOTIFY_OPS did not answer in time", 1) == (message, len(server.requests))


def test_a_server_that_drips_is_left() -> None:
    """Each byte comes in time, the whole never."""

    def drip(server: ReceivingServer, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.ended.wait(0.05):
            handler.wfile.write(b"X: y\r\n")

    with receiving() as server:
        server.answers[:] = [lambda handler: drip(server, handler)]
        message = failure(server.url, timeouts=WebhookTimeouts(connect=1, read=1, total=0.4))

    assert "no answer within 0.4 seconds" == message


def test_a_huge_answer_is_not_read() -> None:
    """The status is all that matters."""

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        for _ in range(10_000):
            handler.wfile.write(b"x" * 65_536)

    with receiving(flood) as server:
        send(server.url)


def test_what_is_no_http_is_an_error() -> None:
    """Tried again, as what a broken proxy says."""
    clock = FakeClock()
    with receiving(lambda handler: handler.wfile.write(b"SSH-2.0\r\n")) as server:
        message = failure(server.url, clock)

    assert ("the server of RECONCILER_NOTIFY_OPS closed the connection", 2) == (message, len(clock.naps))


def test_nobody_listens() -> None:
    """Port 9 of loopback."""
    assert "the server of RECONCILER_NOTIFY_OPS cannot be reached" == failure(f"http://127.0.0.1:9/{CANARY}")


def test_a_server_without_tls_is_an_error() -> None:
    """At once: a certificate does not appear within seconds."""
    clock = FakeClock()
    with receiving() as server:
        message = failure(server.url.replace("http:", "https:"), clock)

    assert ("no secure connection to the server of RECONCILER_NOTIFY_OPS", []) == (message, clock.naps)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://hooks.example.com/{CANARY}", "contains an http:// URL, which would send it unencrypted"),
        (f"ftp://hooks.example.com/{CANARY}", "does not contain an https:// URL"),
        (f"https:///{CANARY}", "does not contain an https:// URL"),
        (CANARY, "does not contain an https:// URL"),
        (f"https://[::1/{CANARY}", "does not contain a URL"),
        (f"https://host:99999/{CANARY}", "does not contain a URL"),
    ],
)
def test_an_unsafe_url_is_refused(url: str, said: str) -> None:
    """Before anything is sent."""
    assert f"RECONCILER_NOTIFY_OPS {said}" == failure(url)


def test_localhost_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, too; no proxy is asked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with receiving() as server:
        send(server.url.replace("127.0.0.1", "localhost"))

    assert 1 == len(server.requests)


def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the environment, with its password, which it alone gets; here it connects to nothing."""
    asked = []

    def connect(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.path, handler.headers["Proxy-Authorization"]))
        status(502)(handler)

    with receiving() as server:
        port = server.url.rpartition(":")[2].partition("/")[0]
        monkeypatch.setenv("https_proxy", f"me:p%40ss@127.0.0.1:{port}")
        monkeypatch.setattr(BaseHTTPRequestHandler, "do_CONNECT", connect, raising=False)
        message = failure(f"https://hooks.example.com/{CANARY}")

    assert [("hooks.example.com:443", "Basic bWU6cEBzcw==")] * 3 == asked
    assert "the server of RECONCILER_NOTIFY_OPS closed the connection" == message

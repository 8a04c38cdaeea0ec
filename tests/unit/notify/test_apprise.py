"""Apprise: the real library with a service of its own on loopback, and none at all."""

import json
import logging
import sys

import pytest

from reconciler.errors import NotificationError
from reconciler.notify.apprise import AppriseNotifier
from reconciler.notify.secret import SecretUrl
from reconciler.ports import Notification
from support.receiving import CANARY, receiving, status

NOTIFICATION = Notification("a title", "a text", "{}")


def send(url: str) -> None:
    """Send the notification."""
    AppriseNotifier(SecretUrl(url, "RECONCILER_NOTIFY_CHAT")).send(NOTIFICATION)


def test_a_service_gets_title_and_text() -> None:
    """That of the scheme json://, which posts to a server."""
    with receiving() as server:
        send(server.url.replace("http:", "json:"))

    ((path, body),) = server.requests
    content = json.loads(body)
    assert (CANARY, "a title", "a text") == (path.strip("/"), content["title"], content["message"])


def test_a_service_that_refuses_is_an_error(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The library would log it with the URL."""
    with (
        receiving(status(403)) as server,
        pytest.raises(NotificationError, match="the service of RECONCILER_NOTIFY_CHAT did not take the notification"),
    ):
        send(server.url.replace("http:", "json:"))

    assert ("", ("", "")) == (caplog.text, capfd.readouterr())


@pytest.mark.parametrize("url", [f"nosuch://{CANARY}", CANARY, f"json://[{CANARY}"])
def test_a_url_that_apprise_does_not_know(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Neither message nor log quotes it."""
    caplog.set_level(logging.DEBUG)

    with pytest.raises(
        NotificationError, match="RECONCILER_NOTIFY_CHAT does not contain a URL that Apprise knows"
    ) as caught:
        send(url)
    assert CANARY not in f"{caught.value} {caplog.text}"


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is optional."""
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(NotificationError) as caught:
        send("json://127.0.0.1")
    assert "to install it: pip install 'apigw-reconciler[notify]'" == caught.value.remedy

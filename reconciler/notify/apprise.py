"""Notifications by Apprise, a library that knows Slack, Microsoft Teams, e-mail and a hundred other services.

It is an optional dependency (`[notify]`). Its URLs contain tokens and passwords, and its log shows them.
"""

import logging
import warnings
from typing import Final

from reconciler.errors import NotificationError
from reconciler.notify.deadline import within
from reconciler.notify.secret import SecretUrl
from reconciler.ports import Notification

INSTALL: Final = "pip install 'apigw-reconciler[notify]'"
_SECONDS: Final = 30.0


class AppriseNotifier:
    """`ports.Notifier` for one URL of Apprise. `seconds`: how long to wait for the service."""

    def __init__(self, url: SecretUrl, seconds: float = _SECONDS) -> None:
        self._url = url
        self._seconds = seconds

    def send(self, notification: Notification) -> None:
        """Send title and text. Raises NotificationError."""
        try:
            import apprise  # noqa: PLC0415 - an optional dependency
        except ImportError:
            raise NotificationError("the library Apprise is not installed", f"to install it: {INSTALL}") from None
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)

        def deliver() -> bool:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the services' modules, which are imported now
                channel = apprise.Apprise()
                if not channel.add(self._url.value):
                    message = f"{self._url.source} does not contain a URL that Apprise knows"
                    raise NotificationError(message, "see the services in the documentation of Apprise")
                style = apprise.NotifyFormat.TEXT
                return bool(channel.notify(notification.text, notification.title, body_format=style))

        if not within(self._seconds, deliver):
            message = f"the service of {self._url.source} did not take the notification"
            raise NotificationError(message, "check the URL and the channel")

"""Notifications to a topic of Amazon SNS.

The credentials are those that the run begins with, not those of the roles that environments assume.
"""

from typing import Final

import botocore.exceptions as boto

from reconciler.aws.clients import ProfileClients
from reconciler.aws.translate import failure_text
from reconciler.errors import NotificationError, ReconcilerError
from reconciler.ports import Notification

_LONGEST_SUBJECT: Final = 99
"""AWS takes fewer than 100 characters, of ASCII, without line breaks (API reference of Publish)."""

_LONGEST_MESSAGE: Final = 256_000
"""AWS takes 262,144 bytes."""


class Topic:
    """`ports.Notifier` for a topic: its subscribers get the title as subject, and the text."""

    def __init__(self, arn: str, profile: str | None = None) -> None:
        self._arn = arn
        self._profile = profile

    def send(self, notification: Notification) -> None:
        """Publish it. Raises NotificationError."""
        region = self._arn.split(":")[3]
        subject = notification.title.encode("ascii", "replace").decode()[:_LONGEST_SUBJECT]
        message = notification.text.encode()[:_LONGEST_MESSAGE].decode("utf-8", "ignore")
        try:
            client = ProfileClients(self._profile, 1).topic_client(region)
            client.publish(TopicArn=self._arn, Subject=subject, Message=message)
        except ReconcilerError as failure:
            raise NotificationError(f"{self._arn}: {failure.message}", failure.remedy) from failure
        except (boto.ClientError, boto.BotoCoreError, OSError) as failure:
            remedy = f"check the topic, and that the credentials allow sns:Publish on {self._arn}"
            raise NotificationError(f"{self._arn}: {failure_text(failure)}", remedy) from failure

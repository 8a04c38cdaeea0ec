"""Limit the time of a call that may never end, such as a DNS lookup or a server that sends a byte at a time."""

import threading
from collections.abc import Callable
from typing import TypeVar

from reconciler.errors import NotificationError

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns. Raises NotificationError if it takes longer; then it goes on in a daemon thread.

    Whatever else `work` raises becomes a NotificationError that names only its type, as its text may be a secret.
    """
    results: list[T] = []
    failures: list[NotificationError] = []

    def run() -> None:
        try:
            results.append(work())
        except NotificationError as failure:
            failures.append(failure)
        except Exception as failure:  # noqa: BLE001 - a library's, with a text that may contain the URL
            failures.append(NotificationError(f"it could not be sent ({type(failure).__name__})", "check the URL"))

    thread = threading.Thread(target=run, name="notification", daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    if failures:
        raise NotificationError(failures[0].message, failures[0].remedy) from None
    raise NotificationError(f"no answer within {seconds:g} seconds", "check that the channel's server is running")

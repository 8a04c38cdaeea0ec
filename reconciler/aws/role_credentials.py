"""Credentials of assumed roles, many of which share one client.

A client signs with the credentials of the role in whose `signing` the call is made: the role is a matter of the call,
not of the client. A call outside of any `signing` raises, so that none is ever signed for a role by accident.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Final

from botocore.credentials import ReadOnlyCredentials

from reconciler.aws.response_checks import Raw
from reconciler.ports import Clock

MAX_AGE: Final = 45 * 60.0
"""Seconds after which a role is assumed again: its credentials are valid for an hour (AWS's default)."""

_signing: Final[ContextVar[ReadOnlyCredentials | None]] = ContextVar("signing", default=None)


class RoleCredentials:
    """The credentials of one role; `assume` returns those of a response of AssumeRole. Safe to use from threads."""

    def __init__(self, assume: Callable[[], Raw], clock: Clock) -> None:
        self._assume = assume
        self._clock = clock
        self._lock = threading.Lock()  # one for each role: no account waits for another
        self._renew()

    def signing(self) -> AbstractContextManager[None]:
        """Return a context in which this thread's calls are signed by the role. Raises AwsError.

        Credentials that are old are renewed first.
        """
        with self._lock:
            if self._clock.monotonic() - self._assumed_at > MAX_AGE:
                self._renew()
            return _signed_with(self._current)

    def _renew(self) -> None:
        now = self._clock.monotonic()
        given = self._assume()
        self._current = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        self._assumed_at = now


@contextmanager
def _signed_with(credentials: ReadOnlyCredentials) -> Iterator[None]:
    token = _signing.set(credentials)
    try:
        yield
    finally:
        _signing.reset(token)


class RoleOfTheCall:
    """botocore's credentials: whatever role the call is signed for. Also the source of these credentials."""

    method = "assume-role"

    def load_credentials(self) -> "RoleOfTheCall":
        """Return the credentials, as botocore's component for credentials does."""
        return self

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of the role. Raises RuntimeError outside of any `signing`."""
        current = _signing.get()
        if current is None:
            raise RuntimeError("a call of an assumed role is not made within RoleCredentials.signing")
        return current

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Return a function that reads a property of the credentials when it is called, as botocore's does."""

        def read() -> Any:  # noqa: ANN401 - botocore's signature
            return getattr(self.get_frozen_credentials(), name, None)

        return read

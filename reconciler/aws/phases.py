"""How far one attempt of a call has got.

Whether a request was sent decides what a failure can mean: an exception before that is a mistake in the settings or
credentials of this machine, whatever its type, and never an unreadable response from AWS. boto3 emits events in the
thread that makes the call, so each attempt knows its own phase and exception types need no guessing. Clients that boto3
creates for itself, such as the STS client of a profile with `role_arn`, are not watched.
"""

import enum
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from botocore.client import BaseClient


class CallPhase(enum.IntEnum):
    """The phase of an attempt; later phases are greater."""

    CALLING = 0
    """boto3 has not been called yet: a failure now is a bug in this program."""

    PREPARING = 1
    """boto3 builds and signs the request, and may renew credentials for it. Nothing was sent."""

    SENDING = 2
    """The request was handed to the HTTP layer: it may have arrived."""

    ANSWERED = 3
    """A response arrived and is being read."""


_phase: Final[ContextVar[CallPhase]] = ContextVar("phase", default=CallPhase.CALLING)


def start_attempt() -> None:
    """Start an attempt in this thread."""
    _phase.set(CallPhase.CALLING)


def current_phase() -> CallPhase:
    """Return the phase that this thread's attempt has reached."""
    return _phase.get()


def watch(client: BaseClient) -> None:
    """Track the calls of this client. To be called before other hooks are added, so that the phase changes first."""
    events = client.meta.events
    events.register_first("provide-client-params", _enter(CallPhase.PREPARING))
    events.register_last("before-send", _enter(CallPhase.SENDING))
    events.register_first("before-parse", _enter(CallPhase.ANSWERED))


def _enter(phase: CallPhase) -> Callable[..., None]:
    def enter(**_: object) -> None:
        _phase.set(phase)

    return enter

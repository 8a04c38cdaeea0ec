"""How far one try of a call has got.

Whether a request was sent decides what a failure can mean: an exception before that is a mistake in settings or
credentials of this machine, and never an answer of AWS that cannot be read, whatever its type. boto3 emits events on
its way, in the thread that makes the call, so each try knows its own phase and exception types need not be guessed at.
Clients that boto3 makes for itself, such as the STS client of a profile with `role_arn`, are not watched.
"""

import enum
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from botocore.client import BaseClient


class CallPhase(enum.IntEnum):
    """Where a try is; later phases are greater."""

    CALLING = 0
    """boto3 has not been called yet: what fails now is a mistake in this program."""

    PREPARING = 1
    """boto3 builds and signs the request, for which it may have to renew credentials. Nothing was sent."""

    SENDING = 2
    """The request was handed to the HTTP layer: it may have arrived."""

    ANSWERED = 3
    """An answer came, and is being read."""


_phase: Final[ContextVar[CallPhase]] = ContextVar("phase", default=CallPhase.CALLING)


def start_attempt() -> None:
    """Start a try in this thread."""
    _phase.set(CallPhase.CALLING)


def current_phase() -> CallPhase:
    """The phase that the try of this thread has reached."""
    return _phase.get()


def watch(client: BaseClient) -> None:
    """Follow the calls of this client. Call it before other hooks are added: the phase changes ahead of them."""
    events = client.meta.events
    events.register_first("provide-client-params", _enter(CallPhase.PREPARING))
    events.register_last("before-send", _enter(CallPhase.SENDING))
    events.register_first("before-parse", _enter(CallPhase.ANSWERED))


def _enter(phase: CallPhase) -> Callable[..., None]:
    def enter(**_: object) -> None:
        _phase.set(phase)

    return enter

"""Failures and exit codes.

Problems of the *input* are diagnostics, values that reach the report. What cannot go on is one of these:

    ReconcilerError                     1
    ├── UsageError                     64   the command line is wrong
    ├── Interrupted                   130   Ctrl-C, SIGTERM or SIGHUP
    │   └── Abandoned                 130   a second one: calls under way were left alone
    ├── Unfinished                      3   a run was broken off after it had begun to write
    ├── Refused                         4   a safety rule speaks against going on at all
    ├── JournalError                    1   a run's journal cannot be written, or does not say what it should
    ├── ApiNotFound                     1   no API of that id or name, or several of one name
    ├── WrongProtocol                   1   an HTTP API where a WebSocket API is meant
    ├── UnknownStage                    1   the API has no stage of that name
    └── AwsError                        1   AWS, or the way to it, said no
        ├── CredentialsError                no credentials, or expired ones
        ├── ConfigurationError              no region, unknown profile
        ├── AccessDenied                    names the missing action and resource
        ├── NotFound                        404
        ├── BadRequest                      400
        ├── Conflict                        409 that no retry mends
        ├── QuotaExceeded                   a limit of the account, not of the pace
        ├── Throttled                       still throttled after the last try
        └── AnswerLost                      a call went out and no usable answer came back: it may have taken effect
            ├── Unreachable                 nothing listens there, no such host: it certainly took no effect
            └── UnreadableAnswer            an answer that is cut off or is not API Gateway's

Refusals of a plan by the guard (4), an apply that stopped part-way (3) and differences (2) are results, not exceptions.
"""

import enum
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from reconciler.rules import Rule, RunRule


class ExitCode(enum.IntEnum):
    """What the process says to its caller; never overloaded."""

    OK = 0
    FAILED = 1
    DIFFERENCES = 2
    STOPPED = 3
    REFUSED = 4
    USAGE = 64
    INTERRUPTED = 130


_GRAVEST_FIRST = (
    ExitCode.USAGE,
    ExitCode.INTERRUPTED,
    ExitCode.STOPPED,
    ExitCode.FAILED,
    ExitCode.REFUSED,
    ExitCode.DIFFERENCES,
    ExitCode.OK,
)


def worst_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """The code to exit with when several hold; OK when none does."""
    return min(codes, key=_GRAVEST_FIRST.index, default=ExitCode.OK)


class ReconcilerError(Exception):
    """What stops the command: one sentence for `message`, one for what to do now."""

    exit_code = ExitCode.FAILED
    rule: ClassVar[Rule] = RunRule.FAILED
    """The rule id under which it stands among diagnostics."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


@contextmanager
def nothing_written(done: str = "written") -> Iterator[None]:
    """Say in the message of an error before the first write that nothing was written, or whatever was to be `done`."""
    try:
        yield
    except ReconcilerError as failure:
        failure.message = f"{failure.message}; nothing was {done}"
        failure.args = (failure.message,)
        raise


class UsageError(ReconcilerError):
    """The command line does not make sense, or asks for what does not exist."""

    exit_code = ExitCode.USAGE


class Interrupted(ReconcilerError):  # noqa: N818 - not an error of anybody's
    """Stopped by the user or the system."""

    exit_code = ExitCode.INTERRUPTED


class Abandoned(Interrupted):
    """Stopped at once, on a second request: what became of the calls under way is not known."""


class Unfinished(ReconcilerError):  # noqa: N818 - read as "raise Unfinished"
    """A run that had begun to write was broken off, by an internal error say; the message names the run."""

    exit_code = ExitCode.STOPPED


class Refused(ReconcilerError):  # noqa: N818 - read as "raise Refused"
    """A safety rule speaks against going on at all: another account than expected, a target of two environments."""

    exit_code = ExitCode.REFUSED
    rule = RunRule.REFUSED


class JournalError(ReconcilerError):
    """A run's journal cannot be written, or does not say what it should."""

    rule = RunRule.JOURNAL


class ApiNotFound(ReconcilerError):  # noqa: N818 - read as "raise ApiNotFound"
    """The API that a manifest addresses is not there, or not the only one."""

    rule = RunRule.API_NOT_FOUND


class UnknownStage(ReconcilerError):  # noqa: N818 - read as "raise UnknownStage"
    """The API has no stage of that name."""

    rule = RunRule.UNKNOWN_STAGE


class WrongProtocol(ReconcilerError):  # noqa: N818 - read as "raise WrongProtocol"
    """The API is an HTTP API, which has no integration responses, where a REST or WebSocket API is meant."""

    rule = RunRule.WRONG_PROTOCOL

    def __init__(self, api_id: str, protocol: str) -> None:
        super().__init__(
            f"API {api_id} is an {protocol} API: only REST APIs and WebSocket APIs have integration responses",
            "an HTTP API maps responses in its integrations' own responseParameters; remove it from the manifests",
        )


class AwsError(ReconcilerError):
    """AWS, or the way to it, said no."""

    rule = RunRule.AWS


class CredentialsError(AwsError):
    """No credentials, or ones that AWS does not accept."""

    rule = RunRule.CREDENTIALS


class ConfigurationError(AwsError):
    """boto3's own settings do not make sense: no region, unknown profile."""

    rule = RunRule.AWS_SETTINGS


class AccessDenied(AwsError):  # noqa: N818 - AWS's own name for it
    """The credentials may not do this; the message names action and resource."""

    rule = RunRule.ACCESS_DENIED


class NotFound(AwsError):  # noqa: N818 - AWS's own name for it
    """404: what the call addresses is not there."""


class BadRequest(AwsError):  # noqa: N818 - AWS's own name for it
    """400: AWS refuses the request itself."""


class Conflict(AwsError):  # noqa: N818 - AWS's own name for it
    """409 that stays: something of that name or pattern exists already."""


class QuotaExceeded(AwsError):  # noqa: N818 - read as "raise QuotaExceeded"
    """A quota of the account is used up: trying again does not help."""


class Throttled(AwsError):  # noqa: N818 - read as "raise Throttled"
    """Too many calls, still so after the last try."""

    rule = RunRule.THROTTLED


class AnswerLost(AwsError):  # noqa: N818 - read as "raise AnswerLost"
    """The call went out and no usable answer came back: it may or may not have taken effect."""


class Unreachable(AnswerLost):
    """No connection could be made: the call took no effect."""

    rule = RunRule.UNREACHABLE


class UnreadableAnswer(AnswerLost):
    """The answer is cut off, or not an answer of API Gateway."""

    rule = RunRule.UNREADABLE_ANSWER

"""Failures and exit codes.

Problems of the *input* are diagnostics, values that reach the report. A failure that stops the command is one of these:

    ReconcilerError                     1
    ├── UsageError                     64   the command line is wrong
    ├── Interrupted                   130   Ctrl-C, SIGTERM or SIGHUP
    │   └── Abandoned                 130   a second one: calls in progress were abandoned
    ├── Unfinished                      3   a run broke off after its first write
    ├── Refused                         4   a safety rule stops the command
    ├── JournalError                    1   a run's journal cannot be written, or is invalid
    ├── HistoryError                    1   the history of drift runs cannot be read or written
    ├── NotificationError               1   a notification could not be delivered
    ├── ApiNotFound                     1   no API has that id or name, or several have that name
    ├── WrongProtocol                   1   an HTTP API instead of a WebSocket API
    ├── UnknownStage                    1   the API has no stage of that name
    ├── EarlierFailure                  1   a failure in the report of an earlier run
    └── AwsError                        1   a call to AWS failed
        ├── CredentialsError                no credentials, or expired ones
        ├── ConfigurationError              no region, unknown profile
        ├── AccessDenied                    names the missing action and resource
        ├── NotFound                        404
        ├── BadRequest                      400
        ├── Conflict                        409 that retries do not fix
        ├── QuotaExceeded                   a quota of the account, not a rate limit
        ├── Throttled                       still throttled after the last retry
        ├── TimedOut                        the time for a target is over
        │   └── RunTimedOut                 the time for the run is over
        └── AnswerLost                      a call was sent without a usable answer: it may have taken effect
            ├── Unreachable                 no connection, no such host: it had no effect
            └── UnreadableAnswer            an answer that is cut off or not from API Gateway

Refusals of a plan by the guard (4), an apply that stopped part-way (3) and differences (2) are results, not exceptions.
"""

import enum
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from reconciler.rules import Rule, RunRule


class ExitCode(enum.IntEnum):
    """The exit codes of the process; each has one meaning."""

    OK = 0
    FAILED = 1
    DIFFERENCES = 2
    STOPPED = 3
    REFUSED = 4
    USAGE = 64
    INTERRUPTED = 130


_WORST_FIRST = (
    ExitCode.USAGE,
    ExitCode.INTERRUPTED,
    ExitCode.STOPPED,
    ExitCode.FAILED,
    ExitCode.REFUSED,
    ExitCode.DIFFERENCES,
    ExitCode.OK,
)


def worst_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the most serious of several exit codes; OK if there are none."""
    return min(codes, key=_WORST_FIRST.index, default=ExitCode.OK)


class ReconcilerError(Exception):
    """A failure that stops the command: `message` says what is wrong, `remedy` what to do."""

    exit_code = ExitCode.FAILED
    rule: Rule = RunRule.FAILED
    """The rule of the diagnostic that reports it."""

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


def internal_error(bug: Exception) -> ReconcilerError:
    """Return the failure of one part of a run because of an unexpected exception, with its place in the source."""
    trace = bug.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2] if trace else ""
    place = f" ({file}:{trace.tb_lineno})" if trace else ""
    return ReconcilerError(f"internal error: {type(bug).__name__}: {bug}{place}", "report it with this message")


class UsageError(ReconcilerError):
    """The command line is invalid, or names something that does not exist."""

    exit_code = ExitCode.USAGE


class Interrupted(ReconcilerError):  # noqa: N818 - not an error of anybody's
    """Stopped by the user or the system."""

    exit_code = ExitCode.INTERRUPTED
    rule = RunRule.INTERRUPTED


class Abandoned(Interrupted):
    """Stopped at once by a second request: the results of calls in progress are unknown."""


class Unfinished(ReconcilerError):  # noqa: N818 - read as "raise Unfinished"
    """A run broke off after its first write, for example by an internal error; the message names the run."""

    exit_code = ExitCode.STOPPED


class Refused(ReconcilerError):  # noqa: N818 - read as "raise Refused"
    """A safety rule stops the command: the wrong account, or one target in two environments."""

    exit_code = ExitCode.REFUSED
    rule = RunRule.REFUSED


class JournalError(ReconcilerError):
    """A run's journal cannot be written, or is invalid."""

    rule = RunRule.JOURNAL


class HistoryError(ReconcilerError):
    """The history of drift runs cannot be read or written. A run reports it as a warning and goes on."""

    rule = RunRule.HISTORY


class NotificationError(ReconcilerError):
    """A notification could not be delivered. A run reports it as a warning; the message holds no secret."""

    rule = RunRule.NOTIFICATION


class ApiNotFound(ReconcilerError):  # noqa: N818 - read as "raise ApiNotFound"
    """The API of a manifest does not exist, or its name is not unique: `candidates` are the ids of all that have it."""

    rule = RunRule.API_NOT_FOUND

    def __init__(self, message: str, remedy: str = "", candidates: Iterable[str] = ()) -> None:
        super().__init__(message, remedy)
        self.candidates = frozenset(candidates)


class UnknownStage(ReconcilerError):  # noqa: N818 - read as "raise UnknownStage"
    """The API has no stage of that name."""

    rule = RunRule.UNKNOWN_STAGE


class EarlierFailure(ReconcilerError):  # noqa: N818 - named as the others are
    """A failure of an earlier run, as its report has it."""

    def __init__(self, rule: Rule, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.rule = rule


class WrongProtocol(ReconcilerError):  # noqa: N818 - read as "raise WrongProtocol"
    """The API is an HTTP API, which has no integration responses."""

    rule = RunRule.WRONG_PROTOCOL

    def __init__(self, api_id: str, protocol: str) -> None:
        super().__init__(
            f"API {api_id} is an {protocol} API: only REST APIs and WebSocket APIs have integration responses",
            "remove it from the manifests; HTTP APIs map responses in the responseParameters of their integrations",
        )


class AwsError(ReconcilerError):
    """a call to AWS failed."""

    rule = RunRule.AWS


class CredentialsError(AwsError):
    """There are no credentials, or AWS does not accept them."""

    rule = RunRule.CREDENTIALS


class ConfigurationError(AwsError):
    """boto3's settings are invalid: no region, unknown profile."""

    rule = RunRule.AWS_SETTINGS


class AccessDenied(AwsError):  # noqa: N818 - AWS's own name for it
    """The credentials lack a permission; the message names action and resource."""

    rule = RunRule.ACCESS_DENIED


class NotFound(AwsError):  # noqa: N818 - AWS's own name for it
    """404: the object of the call does not exist."""


class BadRequest(AwsError):  # noqa: N818 - AWS's own name for it
    """400: AWS refuses the request itself."""


class Conflict(AwsError):  # noqa: N818 - AWS's own name for it
    """409 after all retries: that name or pattern already exists."""


class QuotaExceeded(AwsError):  # noqa: N818 - read as "raise QuotaExceeded"
    """A quota of the account is exhausted: retries do not help."""


class Throttled(AwsError):  # noqa: N818 - read as "raise Throttled"
    """AWS still throttles the call after the last retry."""

    rule = RunRule.THROTTLED


class TimedOut(AwsError):  # noqa: N818 - read as "raise TimedOut"
    """The time that the user allows for reading a target is over."""

    rule = RunRule.TIMED_OUT


class RunTimedOut(TimedOut):
    """The time that the user allows for the run is over."""


class AnswerLost(AwsError):  # noqa: N818 - read as "raise AnswerLost"
    """The call was sent without a usable answer: it may or may not have taken effect."""


class Unreachable(AnswerLost):
    """No connection could be made: the call had no effect."""

    rule = RunRule.UNREACHABLE


class UnreadableAnswer(AnswerLost):
    """The answer is cut off, or does not come from API Gateway."""

    rule = RunRule.UNREADABLE_ANSWER

"""What boto3 raises, in our own terms, and whether to try again.

Promise: `failure_of` tells the failures of one try apart, by the tables of `failures`; `setting_up` those of boto3's
settings. What is no failure of AWS or of the way to it is a mistake of ours and stays what it is.

Of what AWS says only the first line is shown, without control characters: a refused signature, for one, is answered
with the canonical request, session token included.
"""

import contextlib
import math
import ssl
from collections.abc import Iterator
from typing import Any, Final

import botocore.exceptions as boto

from reconciler.aws.calls import Call
from reconciler.aws.failures import (
    ANSWERS,
    GIVE,
    NO_ANSWER,
    NO_CREDENTIALS,
    PACE,
    REACH,
    RENEW,
    SETTINGS,
    Again,
    Failure,
    ForeignAnswer,
    Said,
)
from reconciler.errors import (
    AccessDenied,
    AnswerLost,
    BadRequest,
    ConfigurationError,
    CredentialsError,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)

_LONGEST_TEXT: Final = 600
_TOO_MANY_REQUESTS: Final = 429

_UNSENDABLE: Final = Failure(
    CredentialsError,
    Again.NEVER,
    "the request cannot be written as HTTP",  # boto3's own text quotes the header, that is the credentials
    "check the credentials for stray line breaks and other control characters",
)


def failure_of(error: Exception, call: Call) -> Failure | None:
    """What went wrong with a try of this call; None when it is no failure of AWS or of the way to it."""
    match error:
        case boto.ClientError():
            return _answered(error, call)
        case ForeignAnswer():
            return _foreign(error)
        case boto.SSLError():
            return _insecure(error)
        case boto.HTTPClientError() if type(error.__context__) is ValueError:  # http.client's, of a header
            return _UNSENDABLE
        case boto.ParamValidationError():
            return Failure(BadRequest, Again.NEVER, " ".join(str(error).split()))
        case _:
            return _unanswered(error, call)


def _answered(error: boto.ClientError, call: Call) -> Failure:
    if error.operation_name != call.operation:
        # boto3 calls other services for credentials, such as AssumeRole
        return Failure(CredentialsError, Again.NEVER, one_line(str(error)), RENEW)
    answer: Any = error.response
    status, content = answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]
    said = Said(status, str(content.get("Code", "")), str(content.get("Message", "")), _retry_after(answer))
    row = next(row for row in ANSWERS if row.fits(said))
    text = f"HTTP {said.status} {said.code}: {one_line(said.text)}".rstrip(": ")
    if row.kind is AccessDenied:
        return _denied(text, call)
    return Failure(row.kind, row.again, text, row.remedy, said.retry_after)


def _denied(text: str, call: Call) -> Failure:
    return Failure(
        AccessDenied,
        Again.NEVER,
        f"these credentials lack {call.action} on {call.resource} ({text})",
        "allow it in the policies of the user or role, or choose other credentials with --profile",
    )


def _retry_after(answer: Any) -> float | None:  # noqa: ANN401 - the outside world's shape
    """Seconds out of the header, which the service model calls `retryAfterSeconds` for some errors; no dates."""
    headers = answer["ResponseMetadata"].get("HTTPHeaders", {})
    try:
        seconds = float(answer.get("retryAfterSeconds") or headers.get("retry-after") or "nan")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _foreign(answer: ForeignAnswer) -> Failure:
    text = f"HTTP {answer.status}: {one_line(answer.why)}"
    if answer.status == _TOO_MANY_REQUESTS:
        return Failure(Throttled, Again.REFUSED, text, PACE)
    return Failure(UnreadableAnswer, Again.LOST, text, REACH)


def _insecure(error: boto.SSLError) -> Failure:
    """TLS: without a handshake nothing was sent; before what breaks later, it may have been."""
    text = one_line(str(error))
    causes = [cause for cause in _chain(error) if isinstance(cause, ssl.SSLError)]
    if not causes:
        return Failure(Unreachable, Again.NEVER, text, "check the files that AWS_CA_BUNDLE or the profile name")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Failure(Unreachable, Again.NEVER, text, "name the file of the certificate authority in AWS_CA_BUNDLE")
    if any(getattr(cause, "reason", "") == "WRONG_VERSION_NUMBER" for cause in causes):
        return Failure(Unreachable, Again.NEVER, text, "check the endpoint URL: http:// instead of https://?")
    return Failure(AnswerLost, Again.LOST, text, REACH)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _unanswered(error: Exception, call: Call) -> Failure | None:
    for row in NO_ANSWER:
        if isinstance(error, row.exceptions):
            where = f"endpoint {call.place.endpoint} cannot be reached: " if row.kind is Unreachable else ""
            return Failure(row.kind, row.again, f"{where}{one_line(str(error))}", row.remedy)
    return None


@contextlib.contextmanager
def setting_up(what: str) -> Iterator[None]:
    """Around the making of sessions and clients, where boto3 reads its settings.

    Raises CredentialsError or ConfigurationError; `what` begins their message.
    """
    try:
        yield
    except boto.ProfileNotFound as error:
        remedy = "name one of ~/.aws/config with --profile or AWS_PROFILE"
        raise ConfigurationError(f"{what}: {one_line(str(error))}", remedy) from error
    except NO_CREDENTIALS as error:
        raise CredentialsError(f"{what}: {one_line(str(error))}", GIVE) from error
    except (boto.BotoCoreError, ValueError) as error:
        raise ConfigurationError(f"{what}: {one_line(str(error))}", SETTINGS) from error


def one_line(text: str) -> str:
    """The first line, without control characters and of bearable length."""
    first = next(iter(text.strip().splitlines()), "")
    shown = "".join(character if character.isprintable() else "?" for character in first)
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}..."

"""What boto3 raises, in our own terms, and whether to try again.

Promise: `classify` tells the failures of one try apart, by how far it got (`phases`) and the tables of `failures`;
`translating_setup_errors` those of boto3's settings. What boto3 was not called for yet is a mistake of ours and stays
what it is.

Of what AWS says only the first line is shown, without control characters: a refused signature, for one, is answered
with the canonical request, session token included.
"""

import contextlib
import math
import ssl
from collections.abc import Iterator
from typing import Any, Final

import botocore.exceptions as boto
import urllib3.exceptions

from reconciler.aws.calls import ApiCall
from reconciler.aws.failures import (
    CHECK_NETWORK,
    CHECK_SETTINGS,
    CREDENTIAL_EXCEPTIONS,
    EXCEPTION_RULES,
    PARSE_EXCEPTIONS,
    PROVIDE_CREDENTIALS,
    REDUCE_RATE,
    RENEW_CREDENTIALS,
    RESPONSE_RULES,
    ErrorResponse,
    FailedAttempt,
    InvalidResponse,
    RetryClass,
    WriteBlocked,
)
from reconciler.aws.phases import CallPhase
from reconciler.errors import (
    AccessDenied,
    AnswerLost,
    BadRequest,
    ConfigurationError,
    CredentialsError,
    ReconcilerError,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)

_LONGEST_TEXT: Final = 600
_TOO_MANY_REQUESTS: Final = 429

_UNSENDABLE: Final = FailedAttempt(
    CredentialsError,
    RetryClass.NEVER,
    "the request cannot be written as HTTP",  # boto3's own text quotes the header, that is the credentials
    "check the credentials for stray line breaks and other control characters",
)


def classify(error: Exception, call: ApiCall, phase: CallPhase) -> FailedAttempt | None:
    """What went wrong with a try of this call that got so far; None when it is a mistake in this program."""
    match error:
        case WriteBlocked():
            return None
        case CredentialsError():  # out of `credentials`, where boto3 renewed them to sign the request
            return FailedAttempt(CredentialsError, RetryClass.NEVER, error.message, error.remedy)
        case boto.ParamValidationError():
            return FailedAttempt(BadRequest, RetryClass.NEVER, " ".join(str(error).split()))
        case _:
            return (
                _classify_response(error, call)
                or _classify_transport(error)
                or _match_exception(error, call)
                or _classify_by_phase(error, phase)
            )


def _classify_response(error: Exception, call: ApiCall) -> FailedAttempt | None:
    match error:
        case boto.ClientError():
            return _error_response(error, call)
        case InvalidResponse():
            return _invalid_response(error)
        case _:
            return None


def _classify_transport(error: Exception) -> FailedAttempt | None:
    match error:
        case boto.SSLError():
            return _tls_failure(error)
        case boto.HTTPClientError() if quotes_a_header(error):
            return _UNSENDABLE
        case boto.HTTPClientError() if isinstance(error.__context__, urllib3.exceptions.LocationValueError):
            return FailedAttempt(ConfigurationError, RetryClass.NEVER, one_line(str(error.__context__)), CHECK_NETWORK)
        case _:
            return None


def quotes_a_header(error: Exception) -> bool:
    """Whether http.client refused a header: its text quotes it, and that may be a session token."""
    return isinstance(error, boto.HTTPClientError) and type(error.__context__) is ValueError


def _error_response(error: boto.ClientError, call: ApiCall) -> FailedAttempt:
    if error.operation_name != call.operation:
        # boto3 calls other services for credentials, such as AssumeRole
        return FailedAttempt(CredentialsError, RetryClass.NEVER, one_line(str(error)), RENEW_CREDENTIALS)
    answer: Any = error.response
    status, content = answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]
    response = ErrorResponse(
        status, str(content.get("Code", "")), str(content.get("Message", "")), _retry_after(answer)
    )
    row = next(row for row in RESPONSE_RULES if row.matches(response))
    text = f"HTTP {response.status} {response.code}: {one_line(response.text)}".rstrip(": ")
    if row.error_type is AccessDenied:
        return _denied(text, call)
    return FailedAttempt(row.error_type, row.retry, text, row.remedy, response.retry_after)


def _denied(text: str, call: ApiCall) -> FailedAttempt:
    return FailedAttempt(
        AccessDenied,
        RetryClass.NEVER,
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


def _invalid_response(answer: InvalidResponse) -> FailedAttempt:
    text = f"HTTP {answer.status}: {one_line(answer.reason)}"
    if answer.status == _TOO_MANY_REQUESTS:
        return FailedAttempt(Throttled, RetryClass.REFUSED, text, REDUCE_RATE)
    return FailedAttempt(UnreadableAnswer, RetryClass.LOST, text, CHECK_NETWORK)


def _tls_failure(error: boto.SSLError) -> FailedAttempt:
    """TLS: without a handshake nothing was sent; before what breaks later, it may have been."""
    text = one_line(str(error))
    causes = [cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)]
    if not causes:
        return FailedAttempt(
            Unreachable, RetryClass.NEVER, text, "check the files that AWS_CA_BUNDLE or the profile name"
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return FailedAttempt(
            Unreachable, RetryClass.NEVER, text, "name the file of the certificate authority in AWS_CA_BUNDLE"
        )
    if any(getattr(cause, "reason", "") == "WRONG_VERSION_NUMBER" for cause in causes):
        return FailedAttempt(
            Unreachable, RetryClass.NEVER, text, "check the endpoint URL: http:// instead of https://?"
        )
    return FailedAttempt(AnswerLost, RetryClass.LOST, text, CHECK_NETWORK)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _match_exception(error: Exception, call: ApiCall) -> FailedAttempt | None:
    for row in EXCEPTION_RULES:
        if isinstance(error, row.exceptions):
            where = f"endpoint {call.destination.endpoint} cannot be reached: " if row.error_type is Unreachable else ""
            return FailedAttempt(row.error_type, row.retry, f"{where}{one_line(str(error))}", row.remedy)
    return None


def _classify_by_phase(error: Exception, phase: CallPhase) -> FailedAttempt | None:
    """Of an exception that is none of boto3's own: only after the sending can it be about an answer."""
    if phase is CallPhase.CALLING:
        return None
    if phase is CallPhase.PREPARING:
        return FailedAttempt(
            ConfigurationError, RetryClass.NEVER, f"the request cannot be made: {_with_type(error)}", CHECK_SETTINGS
        )
    if isinstance(error, PARSE_EXCEPTIONS):
        return FailedAttempt(UnreadableAnswer, RetryClass.LOST, one_line(str(error)), CHECK_NETWORK)
    return None


def _with_type(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(str(error))}".removesuffix(": ")


@contextlib.contextmanager
def translating_setup_errors(what: str) -> Iterator[None]:
    """Around the making of sessions and clients, where boto3 reads its settings and nothing else is called.

    Raises CredentialsError or ConfigurationError, of whatever type the failure is; `what` begins their message.
    """
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{what}: {error.message}", error.remedy) from error
    except ReconcilerError:
        raise
    except boto.ProfileNotFound as error:
        remedy = "name one of ~/.aws/config with --profile or AWS_PROFILE"
        raise ConfigurationError(f"{what}: {one_line(str(error))}", remedy) from error
    except CREDENTIAL_EXCEPTIONS as error:
        raise CredentialsError(f"{what}: {one_line(str(error))}", PROVIDE_CREDENTIALS) from error
    except (boto.BotoCoreError, ValueError) as error:
        raise ConfigurationError(f"{what}: {one_line(str(error))}", CHECK_SETTINGS) from error
    except OSError as error:
        text = f"cannot read {error.filename}: {error.strerror}" if error.filename else _with_type(error)
        raise ConfigurationError(f"{what}: {text}", CHECK_SETTINGS) from error
    except Exception as error:
        raise ConfigurationError(f"{what}: {_with_type(error)}", CHECK_SETTINGS) from error


def one_line(text: str) -> str:
    """The first line, without control characters and of bearable length."""
    first = next(iter(text.strip().splitlines()), "")
    shown = "".join(character if character.isprintable() else "?" for character in first)
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}..."

"""boto3's exceptions as our own errors, and whether to retry.

`classify` classifies the failure of one attempt, by how far it got (`phases`) and the tables of `failures`;
`translating_setup_errors` does so for failures in boto3's settings. A failure before boto3 was called is a bug of ours
and is raised unchanged.

Only the first line of AWS's text is shown, without control characters: the response to a wrong signature, for example,
repeats the canonical request with the session token.
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

INVALID_HEADER: Final = "the request has an invalid HTTP header"
_UNSENDABLE: Final = FailedAttempt(
    CredentialsError,
    RetryClass.NEVER,
    INVALID_HEADER,  # boto3's own text quotes the header, which contains the credentials
    "check the credentials for line breaks and other control characters",
)


def classify(error: Exception, call: ApiCall, phase: CallPhase) -> FailedAttempt | None:
    """Classify the failure of an attempt that got this far; None for a bug in this program."""
    match error:
        case WriteBlocked():
            return None
        case CredentialsError():  # from `credentials`, when boto3 renewed them to sign the request
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
    """Whether http.client refused a header, which its message quotes: it may be a session token."""
    return isinstance(error, boto.HTTPClientError) and type(error.__context__) is ValueError


def _error_response(error: boto.ClientError, call: ApiCall) -> FailedAttempt:
    if error.operation_name != call.operation:
        # boto3 calls other operations to get credentials, such as AssumeRole
        return FailedAttempt(CredentialsError, RetryClass.NEVER, one_line(str(error)), RENEW_CREDENTIALS)
    raw: Any = error.response
    status, content = raw["ResponseMetadata"]["HTTPStatusCode"], raw["Error"]
    response = ErrorResponse(status, str(content.get("Code", "")), str(content.get("Message", "")), _retry_after(raw))
    row = next(row for row in RESPONSE_RULES if row.matches(response))
    text = f"HTTP {response.status} {response.code}: {one_line(response.text)}".rstrip(": ")
    if row.error_type is AccessDenied:
        return _denied(text, call)
    return FailedAttempt(row.error_type, row.retry, text, row.remedy, response.retry_after)


def _denied(text: str, call: ApiCall) -> FailedAttempt:
    return FailedAttempt(
        AccessDenied,
        RetryClass.NEVER,
        f"access denied: these credentials do not allow {call.action} on {call.resource} ({text})",
        "allow it in the IAM policies of the user or role, or choose other credentials with --profile",
    )


def _retry_after(raw: Any) -> float | None:  # noqa: ANN401 - the outside world's shape
    """Return the seconds of Retry-After, which some errors of the service model call `retryAfterSeconds`; no dates."""
    headers = raw["ResponseMetadata"].get("HTTPHeaders", {})
    try:
        seconds = float(raw.get("retryAfterSeconds") or headers.get("retry-after") or "nan")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _invalid_response(error: InvalidResponse) -> FailedAttempt:
    text = f"HTTP {error.status}: {one_line(error.reason)}"
    if error.status == _TOO_MANY_REQUESTS:
        return FailedAttempt(Throttled, RetryClass.REFUSED, text, REDUCE_RATE)
    return FailedAttempt(UnreadableAnswer, RetryClass.LOST, text, CHECK_NETWORK)


def _tls_failure(error: boto.SSLError) -> FailedAttempt:
    """Classify a TLS failure: nothing was sent before the handshake, but a later failure may follow a request."""
    text = one_line(str(error))
    causes = [cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)]
    if not causes:
        return FailedAttempt(
            Unreachable, RetryClass.NEVER, text, "check the certificate files that AWS_CA_BUNDLE or the profile names"
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return FailedAttempt(
            Unreachable, RetryClass.NEVER, text, "set AWS_CA_BUNDLE to the file of the certificate authority"
        )
    if any(getattr(cause, "reason", "") == "WRONG_VERSION_NUMBER" for cause in causes):
        return FailedAttempt(
            Unreachable,
            RetryClass.NEVER,
            text,
            "check whether the endpoint URL should start with http:// instead of https://",
        )
    return FailedAttempt(AnswerLost, RetryClass.LOST, text, CHECK_NETWORK)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _match_exception(error: Exception, call: ApiCall) -> FailedAttempt | None:
    for row in EXCEPTION_RULES:
        if isinstance(error, row.exceptions):
            prefix = (
                f"endpoint {call.destination.endpoint} cannot be reached: " if row.error_type is Unreachable else ""
            )
            return FailedAttempt(row.error_type, row.retry, f"{prefix}{one_line(str(error))}", row.remedy)
    return None


def _classify_by_phase(error: Exception, phase: CallPhase) -> FailedAttempt | None:
    """Classify an exception that is not boto3's own: only after sending can it be about a response."""
    if phase is CallPhase.CALLING:
        return None
    if phase is CallPhase.PREPARING:
        return FailedAttempt(
            ConfigurationError, RetryClass.NEVER, f"cannot build the request: {_with_type(error)}", CHECK_SETTINGS
        )
    if isinstance(error, PARSE_EXCEPTIONS):
        return FailedAttempt(UnreadableAnswer, RetryClass.LOST, one_line(str(error)), CHECK_NETWORK)
    return None


def _with_type(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(str(error))}".removesuffix(": ")


@contextlib.contextmanager
def translating_setup_errors(subject: str) -> Iterator[None]:
    """Wrap the creation of sessions and clients, where boto3 reads its settings and nothing else is called.

    Whatever the failure is, raises CredentialsError or ConfigurationError with a message that starts with `subject`.
    """
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{subject}: {error.message}", error.remedy) from error
    except ReconcilerError:
        raise
    except boto.ProfileNotFound as error:
        remedy = "choose a profile from ~/.aws/config with --profile or AWS_PROFILE"
        raise ConfigurationError(f"{subject}: {one_line(str(error))}", remedy) from error
    except CREDENTIAL_EXCEPTIONS as error:
        raise CredentialsError(f"{subject}: {one_line(str(error))}", PROVIDE_CREDENTIALS) from error
    except (boto.BotoCoreError, ValueError) as error:
        raise ConfigurationError(f"{subject}: {one_line(str(error))}", CHECK_SETTINGS) from error
    except OSError as error:
        text = f"cannot read {error.filename}: {error.strerror}" if error.filename else _with_type(error)
        raise ConfigurationError(f"{subject}: {text}", CHECK_SETTINGS) from error
    except Exception as error:
        raise ConfigurationError(f"{subject}: {_with_type(error)}", CHECK_SETTINGS) from error


def failure_text(error: Exception) -> str:
    """Return the text of an exception of boto3 on one line, without a header that it quotes."""
    return INVALID_HEADER if quotes_a_header(error) else one_line(str(error))


def one_line(text: str) -> str:
    """Return the first line, without control characters and cut to a readable length."""
    first = next(iter(text.strip().splitlines()), "")
    shown = "".join(character if character.isprintable() else "?" for character in first)
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}..."

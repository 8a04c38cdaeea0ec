"""boto3's exceptions as our own errors."""

import ssl
from collections.abc import Iterator
from typing import Any

import botocore.exceptions as boto
import pytest

from reconciler import errors
from reconciler.aws import calls
from reconciler.aws.calls import CallEffect, Destination
from reconciler.aws.failures import FailedAttempt, InvalidResponse, NoSuchStatus, RetryClass
from reconciler.aws.phases import CallPhase
from reconciler.aws.translate import classify, one_line, translating_setup_errors
from reconciler.models.keys import MethodKey
from reconciler.models.targets import ResponseRef
from support.aws_facts import REFUSALS

DESTINATION = Destination("123456789012", "cn-north-1", "aws-cn", "https://apigateway.cn-north-1.amazonaws.com.cn")
REF = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets", "GET"), "404")
PUT = calls.integration_response(DESTINATION, REF, "PutIntegrationResponse", CallEffect.SETS)


def failure(error: Exception, phase: CallPhase = CallPhase.ANSWERED) -> FailedAttempt:
    """Return the failure of a put with this exception."""
    classified = classify(error, PUT, phase)
    assert classified is not None
    return classified


def answered(status: int, code: str, text: str = "", operation: str = "PutIntegrationResponse") -> FailedAttempt:
    """Return the failure of a put with this error response."""
    response: Any = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
    }
    return failure(boto.ClientError(response, operation))


def refused() -> Iterator[tuple[int, str, FailedAttempt]]:
    """Yield HTTP status, text and failure of every known refusal of AWS."""
    for fact in REFUSALS:
        yield fact.status, fact.message, answered(fact.status, fact.code, fact.message)


KINDS = {404: errors.NotFound, 400: errors.BadRequest, 409: errors.Conflict}


def test_refusals_are_classified_by_status() -> None:
    """Every known refusal of AWS is a NotFound, a BadRequest or a Conflict, and is not retried."""
    wrong = [
        (status, text)
        for status, text, failed in refused()
        if KINDS[status] not in failed.error_type.__mro__ or failed.retry is not RetryClass.NEVER
    ]

    assert [] == wrong


def test_only_one_text_means_no_such_status() -> None:
    """Of all known 404s, one means that API and method exist without this status."""
    texts = {text for _, text, failed in refused() if failed.error_type is NoSuchStatus}

    assert {"Invalid Response status code specified"} == texts


@pytest.mark.parametrize(
    ("status", "code", "text", "error_type", "retry"),
    [
        (429, "TooManyRequestsException", "Too Many Requests", errors.Throttled, RetryClass.REFUSED),
        (400, "ThrottlingException", "Rate exceeded", errors.Throttled, RetryClass.REFUSED),
        (503, "RequestLimitExceeded", "", errors.Throttled, RetryClass.REFUSED),
        (429, "429", "", errors.Throttled, RetryClass.REFUSED),
        (429, "LimitExceededException", "Too Many Requests", errors.Throttled, RetryClass.REFUSED),
        (429, "LimitExceededException", "Too many APIs", errors.QuotaExceeded, RetryClass.NEVER),
        (400, "BadRequestException", "Concurrent. Please try again later.", errors.Conflict, RetryClass.REFUSED),
        (400, "BadRequestException", "bad: ['Please try again later.']", errors.BadRequest, RetryClass.NEVER),
        (400, "LimitExceededException", "Maximum number of x", errors.QuotaExceeded, RetryClass.NEVER),
        (503, "ServiceUnavailableException", "", errors.AnswerLost, RetryClass.LOST),
        (401, "UnauthorizedException", "", errors.AccessDenied, RetryClass.NEVER),
        (403, "ExpiredTokenException", "expired", errors.CredentialsError, RetryClass.NEVER),
        (403, "UnrecognizedClientException", "invalid", errors.CredentialsError, RetryClass.NEVER),
        (403, "MissingAuthenticationTokenException", "", errors.CredentialsError, RetryClass.NEVER),
        (404, "404", "no such page", errors.UnreadableAnswer, RetryClass.LOST),
        (404, "UnknownOperationException", "", errors.UnreadableAnswer, RetryClass.LOST),
        (302, "302", "", errors.UnreadableAnswer, RetryClass.LOST),
    ],
)
def test_error_responses(status: int, code: str, text: str, error_type: type, retry: RetryClass) -> None:
    """Responses are classified by status and code, and by text where AWS leaves no other way."""
    failed = answered(status, code, text)

    assert (error_type, retry) == (failed.error_type, failed.retry)


@pytest.mark.parametrize(
    ("error", "error_type", "retry"),
    [
        (boto.NoCredentialsError(), errors.CredentialsError, RetryClass.NEVER),
        (boto.PartialCredentialsError(provider="env", cred_var="x"), errors.CredentialsError, RetryClass.NEVER),
        (boto.SSOTokenLoadError(error_msg="expired"), errors.CredentialsError, RetryClass.NEVER),
        (boto.UnauthorizedSSOTokenError(), errors.CredentialsError, RetryClass.NEVER),
        (boto.EndpointConnectionError(endpoint_url="x"), errors.Unreachable, RetryClass.UNREACHABLE),
        (boto.ConnectTimeoutError(endpoint_url="x"), errors.Unreachable, RetryClass.UNREACHABLE),
        (boto.ProxyConnectionError(proxy_url="x"), errors.Unreachable, RetryClass.UNREACHABLE),
        (boto.ReadTimeoutError(endpoint_url="x"), errors.AnswerLost, RetryClass.LOST),
        (boto.ConnectionClosedError(endpoint_url="x"), errors.AnswerLost, RetryClass.LOST),
        (boto.ResponseStreamingError(error="x"), errors.AnswerLost, RetryClass.LOST),
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), errors.AnswerLost, RetryClass.LOST),
        (boto.EndpointProviderError(msg="x"), errors.ConfigurationError, RetryClass.NEVER),
        (boto.InvalidRegionError(region_name="x"), errors.ConfigurationError, RetryClass.NEVER),
        (boto.ParamValidationError(report="x"), errors.BadRequest, RetryClass.NEVER),
        (AttributeError("'str' object has no attribute 'get'"), errors.UnreadableAnswer, RetryClass.LOST),
        (InvalidResponse(200, "HTML"), errors.UnreadableAnswer, RetryClass.LOST),
        (InvalidResponse(429, "empty"), errors.Throttled, RetryClass.REFUSED),
    ],
)
def test_missing_responses(error: Exception, error_type: type, retry: RetryClass) -> None:
    """boto3's exceptions without a response are classified by type."""
    failed = failure(error)

    assert (error_type, retry) == (failed.error_type, failed.retry)


def insecure(cause: Exception) -> boto.SSLError:
    """boto3's error for a TLS failure with this cause."""
    error = boto.SSLError(endpoint_url="https://x", error=cause)
    error.__context__ = cause
    return error


def test_untrusted_certificate_is_not_retried() -> None:
    """An untrusted certificate stays untrusted, and nothing was sent."""
    failed = failure(insecure(ssl.SSLCertVerificationError(1, "certificate verify failed")))

    assert (errors.Unreachable, RetryClass.NEVER) == (failed.error_type, failed.retry)


def test_tls_that_breaks_later_is_a_lost_response() -> None:
    """A TLS failure after the handshake may follow a request."""
    failed = failure(insecure(ssl.SSLError(1, "bad record mac")))

    assert (errors.AnswerLost, RetryClass.LOST) == (failed.error_type, failed.retry)


def test_missing_certificate_file_is_not_retried() -> None:
    """Without the file of CA certificates no connection was made."""
    failed = failure(insecure(FileNotFoundError(2, "No such file or directory")))

    assert (errors.Unreachable, RetryClass.NEVER) == (failed.error_type, failed.retry)


def test_access_denied_names_action_and_resource() -> None:
    """The missing permission is named even if AWS does not, with the partition in its ARN."""
    failed = answered(403, "AccessDeniedException")

    assert (
        "access denied: these credentials do not allow apigateway:PUT on arn:aws-cn:apigateway:cn-north-1::"
        "/restapis/a1b2c3/resources/x1y2z3/methods/GET/integration/responses/404 (HTTP 403 AccessDeniedException)"
    ) == failed.text


def test_refused_role_is_a_credentials_error() -> None:
    """A refusal of boto3's own call for credentials is a CredentialsError."""
    failed = answered(403, "AccessDenied", "may not assume the role", operation="AssumeRole")

    assert errors.CredentialsError is failed.error_type


def test_unreachable_names_the_endpoint() -> None:
    """The message names the endpoint."""
    failed = failure(boto.EndpointConnectionError(endpoint_url="x"))

    assert failed.text.startswith(f"endpoint {DESTINATION.endpoint} cannot be reached: ")


LOCAL = [KeyError("x"), ValueError("x"), AttributeError("x"), TypeError("x"), OSError(2, "x"), RuntimeError("x")]


@pytest.mark.parametrize("error", LOCAL, ids=repr)
def test_failure_while_preparing_is_a_configuration_error(error: Exception) -> None:
    """Any exception while boto3 prepares the request is a ConfigurationError, and is not retried."""
    failed = failure(error, CallPhase.PREPARING)

    assert (errors.ConfigurationError, RetryClass.NEVER) == (failed.error_type, failed.retry)


@pytest.mark.parametrize("error", LOCAL, ids=repr)
def test_failure_before_boto3_is_called_is_a_bug(error: Exception) -> None:
    """An exception before boto3 is called is not translated: no setting can cause it."""
    assert classify(error, PUT, CallPhase.CALLING) is None


@pytest.mark.parametrize("error", LOCAL[:4], ids=repr)
def test_failure_after_a_response_is_an_unreadable_one(error: Exception) -> None:
    """An exception of boto3's parser, which checks nothing, is an UnreadableAnswer."""
    failed = failure(error, CallPhase.ANSWERED)

    assert (errors.UnreadableAnswer, RetryClass.LOST) == (failed.error_type, failed.retry)


def test_credentials_error_while_signing_is_kept() -> None:
    """A CredentialsError while a request is signed keeps its message and remedy."""
    failed = failure(errors.CredentialsError("the program failed", "fix it"), CallPhase.PREPARING)

    assert (errors.CredentialsError, RetryClass.NEVER, "the program failed", "fix it") == (
        failed.error_type,
        failed.retry,
        failed.text,
        failed.remedy,
    )


def test_bugs_are_not_failures() -> None:
    """An exception that neither AWS nor the network can cause is not translated."""
    assert classify(RuntimeError("ours"), PUT, CallPhase.ANSWERED) is None


def test_one_line_keeps_the_terminal_safe() -> None:
    """It returns one line without control characters."""
    assert "a?[31mb" == one_line("a\x1b[31mb\nsecond")


@pytest.mark.parametrize("error", [*LOCAL, UnicodeDecodeError("utf-8", b"a", 0, 1, "x")], ids=repr)
def test_any_failure_of_a_setting_is_a_configuration_error(error: Exception) -> None:
    """Python's exceptions from reading files and variables, which boto3 lets through, are translated."""
    with pytest.raises(errors.ConfigurationError, match="profile prod: "), translating_setup_errors("profile prod"):
        raise error


def test_unknown_profile() -> None:
    """A missing profile is named, with a remedy."""
    with pytest.raises(errors.ConfigurationError, match=r"nope.*--profile"), translating_setup_errors("profile nope"):
        raise boto.ProfileNotFound(profile="nope")

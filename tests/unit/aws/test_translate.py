"""Translation: what boto3 raises, in our own terms."""

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

PLACE = Destination("123456789012", "cn-north-1", "aws-cn", "https://apigateway.cn-north-1.amazonaws.com.cn")
REF = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets", "GET"), "404")
PUT = calls.integration_response(PLACE, REF, "PutIntegrationResponse", CallEffect.SETS)


def failure(error: Exception, phase: CallPhase = CallPhase.ANSWERED) -> FailedAttempt:
    """The failure that this is of a put."""
    found = classify(error, PUT, phase)
    assert found is not None
    return found


def answered(status: int, code: str, text: str = "", operation: str = "PutIntegrationResponse") -> FailedAttempt:
    """The failure that this answer is."""
    response: Any = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
    }
    return failure(boto.ClientError(response, operation))


def refused() -> Iterator[tuple[int, str, FailedAttempt]]:
    """HTTP status, text, and what it is, of every refusal that AWS is known to give."""
    for fact in REFUSALS:
        yield fact.status, fact.message, answered(fact.status, fact.code, fact.message)


KINDS = {404: errors.NotFound, 400: errors.BadRequest, 409: errors.Conflict}


def test_refusals_are_told_apart_by_status() -> None:
    """Every refusal that AWS is known to give is a NotFound, a BadRequest or a Conflict, and no repeat is tried."""
    wrong = [
        (status, text)
        for status, text, found in refused()
        if KINDS[status] not in found.error_type.__mro__ or found.retry is not RetryClass.NEVER
    ]

    assert [] == wrong


def test_only_one_text_means_no_such_status() -> None:
    """Of all known 404s, one says that API and method are there and the status is not."""
    texts = {text for _, text, found in refused() if found.error_type is NoSuchStatus}

    assert {"Invalid Response status code specified"} == texts


@pytest.mark.parametrize(
    ("status", "code", "text", "kind", "again"),
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
def test_answers(status: int, code: str, text: str, kind: type, again: RetryClass) -> None:
    """Answers are told apart by status and code, and by text where AWS leaves no other way."""
    found = answered(status, code, text)

    assert (kind, again) == (found.error_type, found.retry)


@pytest.mark.parametrize(
    ("error", "kind", "again"),
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
def test_missing_answers(error: Exception, kind: type, again: RetryClass) -> None:
    """What boto3 raises instead of an answer."""
    found = failure(error)

    assert (kind, again) == (found.error_type, found.retry)


def insecure(cause: Exception) -> boto.SSLError:
    """boto3's error for a TLS failure with this cause."""
    error = boto.SSLError(endpoint_url="https://x", error=cause)
    error.__context__ = cause
    return error


def test_untrusted_certificate_is_not_retried() -> None:
    """A certificate that is not trusted stays so, and nothing was sent."""
    found = failure(insecure(ssl.SSLCertVerificationError(1, "certificate verify failed")))

    assert (errors.Unreachable, RetryClass.NEVER) == (found.error_type, found.retry)


def test_tls_that_breaks_later_is_a_lost_answer() -> None:
    """A TLS failure that is not the handshake's may come after the request."""
    found = failure(insecure(ssl.SSLError(1, "bad record mac")))

    assert (errors.AnswerLost, RetryClass.LOST) == (found.error_type, found.retry)


def test_missing_certificate_file_is_not_retried() -> None:
    """Without the file of authorities no connection was made."""
    found = failure(insecure(FileNotFoundError(2, "No such file or directory")))

    assert (errors.Unreachable, RetryClass.NEVER) == (found.error_type, found.retry)


def test_access_denied_names_action_and_resource() -> None:
    """The permission that is missing is named even when AWS does not, in the partition's own ARN."""
    found = answered(403, "AccessDeniedException")

    assert (
        "these credentials lack apigateway:PUT on arn:aws-cn:apigateway:cn-north-1::"
        "/restapis/a1b2c3/resources/x1y2z3/methods/GET/integration/responses/404 (HTTP 403 AccessDeniedException)"
    ) == found.text


def test_refused_role_is_a_matter_of_credentials() -> None:
    """A refusal of the call by which boto3 gets credentials is not one of ours."""
    found = answered(403, "AccessDenied", "may not assume the role", operation="AssumeRole")

    assert errors.CredentialsError is found.error_type


def test_unreachable_names_the_endpoint() -> None:
    """The message says which endpoint it was."""
    found = failure(boto.EndpointConnectionError(endpoint_url="x"))

    assert found.text.startswith(f"endpoint {PLACE.endpoint} cannot be reached: ")


LOCAL = [KeyError("x"), ValueError("x"), AttributeError("x"), TypeError("x"), OSError(2, "x"), RuntimeError("x")]


@pytest.mark.parametrize("error", LOCAL, ids=repr)
def test_before_anything_is_sent_there_is_no_answer_to_be_unreadable(error: Exception) -> None:
    """Whatever is raised while boto3 prepares the request is a matter of settings, and not worth a repeat."""
    found = failure(error, CallPhase.PREPARING)

    assert (errors.ConfigurationError, RetryClass.NEVER) == (found.error_type, found.retry)


@pytest.mark.parametrize("error", LOCAL, ids=repr)
def test_before_boto3_is_called_it_is_a_mistake_of_ours(error: Exception) -> None:
    """Nobody's settings can cause it."""
    assert classify(error, PUT, CallPhase.CALLING) is None


@pytest.mark.parametrize("error", LOCAL[:4], ids=repr)
def test_after_an_answer_it_is_the_answer(error: Exception) -> None:
    """boto3's parser checks nothing."""
    found = failure(error, CallPhase.ANSWERED)

    assert (errors.UnreadableAnswer, RetryClass.LOST) == (found.error_type, found.retry)


def test_credentials_that_fail_while_a_request_is_signed_are_told_as_they_are() -> None:
    """The door of the credentials has said it already."""
    found = failure(errors.CredentialsError("the program failed", "fix it"), CallPhase.PREPARING)

    assert (errors.CredentialsError, RetryClass.NEVER, "the program failed", "fix it") == (
        found.error_type,
        found.retry,
        found.text,
        found.remedy,
    )


def test_mistakes_of_ours_are_no_failures() -> None:
    """What neither AWS nor the network can cause is not translated."""
    assert classify(RuntimeError("ours"), PUT, CallPhase.ANSWERED) is None


def test_one_line_keeps_the_terminal_safe() -> None:
    """One line, no control characters."""
    assert "a?[31mb" == one_line("a\x1b[31mb\nsecond")


@pytest.mark.parametrize("error", [*LOCAL, UnicodeDecodeError("utf-8", b"a", 0, 1, "x")], ids=repr)
def test_whatever_a_setting_ends_in_is_a_matter_of_configuration(error: Exception) -> None:
    """boto3 lets through what Python raises when it reads files and variables."""
    with pytest.raises(errors.ConfigurationError, match="profile prod: "), translating_setup_errors("profile prod"):
        raise error


def test_unknown_profile() -> None:
    """A profile that is not there is named, with what to do."""
    with pytest.raises(errors.ConfigurationError, match=r"nope.*--profile"), translating_setup_errors("profile nope"):
        raise boto.ProfileNotFound(profile="nope")

"""How calls to AWS fail: two tables.

`RESPONSE_RULES` classifies error responses by HTTP status, error code, and by text where AWS leaves no other way.
`EXCEPTION_RULES` classifies boto3's exceptions when there was no response. The first matching row wins. A new error
text of AWS is a new row here. Values only.

Code strings, not boto3's modelled exceptions: ValidationException and SerializationException occur and are not in the
service model (recorded answers).
"""

import enum
import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

import botocore.exceptions as boto
from botocore.parsers import ResponseParserError

from reconciler.errors import (
    AccessDenied,
    AnswerLost,
    AwsError,
    BadRequest,
    ConfigurationError,
    Conflict,
    CredentialsError,
    NotFound,
    QuotaExceeded,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)


class RetryClass(enum.Enum):
    """Whether the same call may succeed later."""

    NEVER = "never"
    """It cannot."""

    REFUSED = "refused"
    """It can: AWS turned the call away without acting on it."""

    LOST = "lost"
    """It can, but this attempt may have taken effect."""

    UNREACHABLE = "unreachable"
    """It can, but soon or not at all: no attempt reached AWS."""


class NoSuchStatus(NotFound):
    """404: the method exists, but not this status. No other 404 says anything about a response."""


class WriteBlocked(RuntimeError):  # noqa: N818 - read as "raise WriteBlocked"
    """A reader was about to send something other than GET: a bug in this program."""


class InvalidResponse(Exception):  # noqa: N818 - read as "raise InvalidResponse"
    """A response that is truncated or not from API Gateway: its HTTP status and what is wrong with it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """One failed attempt: the error to raise, and whether to retry. `retry_after` is in seconds."""

    error_type: type[AwsError]
    retry: RetryClass
    text: str
    remedy: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An error response; `retry_after` is in seconds, None without that header."""

    status: int
    code: str
    text: str
    retry_after: float | None = None


class _Anything:
    """Contains everything: a column that does not matter."""

    def __contains__(self, _: object) -> bool:
        return True


_ANY: Final = _Anything()


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """Maps responses with such a status, code and text (a regular expression) to an error."""

    error_type: type[AwsError]
    retry: RetryClass
    statuses: Container[int] = _ANY
    codes: Container[str] = _ANY
    text: str = ""
    has_retry_after: Container[bool] = _ANY
    remedy: str = ""

    def matches(self, response: ErrorResponse) -> bool:
        """Whether this rule applies to the response."""
        return (
            response.status in self.statuses
            and response.code in self.codes
            and (response.retry_after is not None) in self.has_retry_after
            and re.search(self.text, response.text) is not None
        )


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """Maps exceptions of boto3 to an error."""

    error_type: type[AwsError]
    retry: RetryClass
    exceptions: tuple[type[Exception], ...]
    remedy: str = ""


REDUCE_RATE: Final = (
    "the quota is shared by everything in this account and region: try again later, or lower --quota-share"
)
CHECK_PROXY: Final = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and that the proxy is running"
CHECK_NETWORK: Final = "check the endpoint URL, the region, the proxy settings and the network"
RENEW_CREDENTIALS: Final = "renew the credentials (`aws sso login`, `aws login` ...), or choose others with --profile"
PROVIDE_CREDENTIALS: Final = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, pass --profile, or run `aws sso login`"
)
CHECK_SETTINGS: Final = "check --region, --endpoint-url, the AWS_* variables and ~/.aws/config"
_RAISE_QUOTA: Final = "delete what you no longer need, or request a higher quota from AWS"

RESPONSE_RULES: Final = (
    # Two writes to one API at a time; in 2015-16 as BadRequestException (issue trackers of deployment tools). Matched
    # only at the end of the text, because AWS also echoes the request
    ResponseRule(
        Conflict,
        RetryClass.REFUSED,
        codes={"ConflictException", "BadRequestException"},
        text=r"Please try again later\.\s*$",
    ),
    # A quota is used up, though the service model lists it as a throttling error (issue trackers)
    ResponseRule(
        QuotaExceeded,
        RetryClass.NEVER,
        codes={"LimitExceededException"},
        text="^Maximum number of",
        remedy=_RAISE_QUOTA,
    ),
    # Never with Retry-After for WebSocket APIs, whose reference calls throttling LimitExceededException
    ResponseRule(
        Throttled, RetryClass.REFUSED, statuses={429}, text="^(Too Many Requests|Rate exceeded)", remedy=REDUCE_RATE
    ),
    ResponseRule(
        QuotaExceeded, RetryClass.NEVER, codes={"LimitExceededException"}, has_retry_after={False}, remedy=_RAISE_QUOTA
    ),
    ResponseRule(Throttled, RetryClass.REFUSED, statuses={429}, remedy=REDUCE_RATE),
    # With other statuses, as other AWS services and front ends send them
    ResponseRule(
        Throttled,
        RetryClass.REFUSED,
        codes={
            "RequestLimitExceeded",
            "RequestThrottled",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        },
        remedy=REDUCE_RATE,
    ),
    ResponseRule(
        CredentialsError,
        RetryClass.NEVER,
        codes={"IncompleteSignature", "InvalidSignatureException", "RequestExpired", "SignatureDoesNotMatch"},
        remedy="check the secret access key and this machine's clock",
    ),
    ResponseRule(
        CredentialsError,
        RetryClass.NEVER,
        codes={"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"},
        remedy=RENEW_CREDENTIALS,
    ),
    ResponseRule(
        CredentialsError,
        RetryClass.NEVER,
        codes={
            "AuthFailure",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
        },
        remedy="check that the credentials are complete and active, and that the region is enabled for the account",
    ),
    ResponseRule(AccessDenied, RetryClass.NEVER, statuses={401, 403}),
    # CloudTrail refuses with HTTP 400, as services with the JSON protocol do (service models)
    ResponseRule(AccessDenied, RetryClass.NEVER, codes={"AccessDenied", "AccessDeniedException"}),
    ResponseRule(
        NoSuchStatus,
        RetryClass.NEVER,
        statuses={404},
        codes={"NotFoundException"},
        text="^Invalid Response status code specified",  # recorded answers: only then do API and method exist
    ),
    ResponseRule(NotFound, RetryClass.NEVER, statuses={404}, codes={"NotFoundException"}),
    ResponseRule(Conflict, RetryClass.NEVER, statuses={409}),
    ResponseRule(AnswerLost, RetryClass.LOST, statuses={408, *range(500, 600)}),
    # A 404 without API Gateway's code comes from something else: it must not pass for "does not exist"
    ResponseRule(UnreadableAnswer, RetryClass.LOST, statuses={404, *range(300, 400)}, remedy=CHECK_NETWORK),
    ResponseRule(BadRequest, RetryClass.NEVER),
)

CREDENTIAL_EXCEPTIONS: Final = (
    boto.CredentialRetrievalError,
    boto.LoginError,
    boto.MetadataRetrievalError,
    boto.MissingDependencyException,
    boto.NoAuthTokenError,
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.RefreshWithMFAUnsupportedError,
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.UnknownCredentialError,
)

EXCEPTION_RULES: Final = (
    ExceptionRule(CredentialsError, RetryClass.NEVER, CREDENTIAL_EXCEPTIONS, PROVIDE_CREDENTIALS),
    ExceptionRule(
        Unreachable,
        RetryClass.UNREACHABLE,
        (boto.ProxyConnectionError,),
        CHECK_PROXY,
    ),
    ExceptionRule(
        Unreachable,
        RetryClass.UNREACHABLE,
        (boto.ConnectTimeoutError, boto.EndpointConnectionError),
        CHECK_NETWORK,
    ),
    ExceptionRule(
        AnswerLost,
        RetryClass.LOST,
        # HTTPClientError: connection closed, read timeout, broken stream
        (boto.ChecksumError, boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError),
        CHECK_NETWORK,
    ),
    # All other exceptions of boto3 are raised before anything is sent
    ExceptionRule(ConfigurationError, RetryClass.NEVER, (boto.BotoCoreError,), CHECK_SETTINGS),
)

PARSE_EXCEPTIONS: Final = (ResponseParserError, AttributeError, KeyError, TypeError, ValueError)
"""What boto3's parser, which checks nothing, raises for a response of another shape. Before a response these
exceptions mean something else."""

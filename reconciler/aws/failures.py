"""How AWS and the way to it fail: two tables.

Promise: values only. `RESPONSE_RULES` tells answers apart by HTTP status, error code, and text where AWS leaves no
other way; `EXCEPTION_RULES` tells boto3's exceptions apart where there is none. The first row that matches holds.

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
    """No."""

    REFUSED = "refused"
    """Later: AWS turned the call away without acting on it."""

    LOST = "lost"
    """Later, but this try may have taken effect."""

    UNREACHABLE = "unreachable"
    """Soon or not at all: no try got as far as AWS."""


class NoSuchStatus(NotFound):
    """404: the method is there, this status of it is not. Any other 404 says nothing about a response."""


class WriteBlocked(RuntimeError):  # noqa: N818 - read as "raise WriteRefused"
    """Something but a GET was about to be sent by a reader: a mistake in this program."""


class InvalidResponse(Exception):  # noqa: N818 - read as "raise ForeignAnswer"
    """An answer that is cut off or not API Gateway's: its HTTP status and what is wrong with it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """One failed try: the error that it would be, and what may follow. `retry_after` is in seconds."""

    error_type: type[AwsError]
    retry: RetryClass
    text: str
    remedy: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """What an answer says of a failure; `retry_after` is in seconds, None when it does not say."""

    status: int
    code: str
    text: str
    retry_after: float | None = None


class _Anything:
    """Holds everything: a column that does not matter."""

    def __contains__(self, _: object) -> bool:
        return True


_ANY: Final = _Anything()


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """An answer with such a status, code and text (a regular expression) is that error."""

    error_type: type[AwsError]
    retry: RetryClass
    statuses: Container[int] = _ANY
    codes: Container[str] = _ANY
    text: str = ""
    has_retry_after: Container[bool] = _ANY
    remedy: str = ""

    def matches(self, response: ErrorResponse) -> bool:
        """Whether the answer belongs to this row."""
        return (
            response.status in self.statuses
            and response.code in self.codes
            and (response.retry_after is not None) in self.has_retry_after
            and re.search(self.text, response.text) is not None
        )


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """These exceptions of boto3 are that error."""

    error_type: type[AwsError]
    retry: RetryClass
    exceptions: tuple[type[Exception], ...]
    remedy: str = ""


REDUCE_RATE: Final = "the quota is shared with everything else in the account and region: wait, or lower --quota-share"
CHECK_PROXY: Final = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and that the proxy is up"
CHECK_NETWORK: Final = "check the endpoint URL, the region, proxies and the network"
RENEW_CREDENTIALS: Final = "renew the credentials (`aws sso login`, `aws login` ...) or choose others with --profile"
PROVIDE_CREDENTIALS: Final = (
    "give credentials: --profile, AWS_PROFILE, AWS_ACCESS_KEY_ID, `aws configure`, `aws sso login` ..."
)
CHECK_SETTINGS: Final = "check --region, --endpoint-url, the AWS_* variables and ~/.aws/config"
_RAISE_QUOTA: Final = "delete what is not needed, or ask AWS for a higher quota"

RESPONSE_RULES: Final = (
    # Two writes to one API at a time; in 2015-16 as BadRequestException (issue trackers of deployment tools). Only at
    # the end of the text: AWS also echoes what was sent
    ResponseRule(
        Conflict,
        RetryClass.REFUSED,
        codes={"ConflictException", "BadRequestException"},
        text=r"Please try again later\.\s*$",
    ),
    # A quota used up, though the service model has it among the throttling errors (issue trackers)
    ResponseRule(
        QuotaExceeded,
        RetryClass.NEVER,
        codes={"LimitExceededException"},
        text="^Maximum number of",
        remedy=_RAISE_QUOTA,
    ),
    # Never with a Retry-After for WebSocket APIs, whose reference calls the throttle LimitExceededException
    ResponseRule(
        Throttled, RetryClass.REFUSED, statuses={429}, text="^(Too Many Requests|Rate exceeded)", remedy=REDUCE_RATE
    ),
    ResponseRule(
        QuotaExceeded, RetryClass.NEVER, codes={"LimitExceededException"}, has_retry_after={False}, remedy=_RAISE_QUOTA
    ),
    ResponseRule(Throttled, RetryClass.REFUSED, statuses={429}, remedy=REDUCE_RATE),
    # With other statuses, as other AWS services and front ends have it
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
        remedy="check the secret access key, and that this machine's clock is right",
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
        remedy="check that the credentials are complete and active, and that the account has enabled the region",
    ),
    ResponseRule(AccessDenied, RetryClass.NEVER, statuses={401, 403}),
    ResponseRule(
        NoSuchStatus,
        RetryClass.NEVER,
        statuses={404},
        codes={"NotFoundException"},
        text="^Invalid Response status code specified",  # recorded answers: only then are API and method there
    ),
    ResponseRule(NotFound, RetryClass.NEVER, statuses={404}, codes={"NotFoundException"}),
    ResponseRule(Conflict, RetryClass.NEVER, statuses={409}),
    ResponseRule(AnswerLost, RetryClass.LOST, statuses={408, *range(500, 600)}),
    # A 404 without API Gateway's code is something else's: it must not pass for "nothing there"
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
        # HTTPClientError: connection closed, read timed out, stream broke
        (boto.ChecksumError, boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError),
        CHECK_NETWORK,
    ),
    # What is left of boto3's own happens before anything is sent
    ExceptionRule(ConfigurationError, RetryClass.NEVER, (boto.BotoCoreError,), CHECK_SETTINGS),
)

PARSE_EXCEPTIONS: Final = (ResponseParserError, AttributeError, KeyError, TypeError, ValueError)
"""How an answer of another shape ends: boto3's parser checks nothing. Before an answer they mean something else."""

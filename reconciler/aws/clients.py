"""The clients of a profile, or of a role that it assumes.

All of boto3's own settings work (AWS_PROFILE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_API_GATEWAY,
AWS_ENDPOINT_URL_APIGATEWAYV2 ...), and AWS_REGION as well, which boto3 does not read. A missing or wrong setting raises
CredentialsError or ConfigurationError before anything is sent. No client retries by itself.
"""

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.client import BaseClient

from reconciler.aws import credentials, readonly, settings
from reconciler.aws.calls import Destination
from reconciler.aws.client_factory import ClientFactory
from reconciler.aws.credentials import CredentialsOwner
from reconciler.aws.failures import PROVIDE_CREDENTIALS
from reconciler.aws.response_checks import Raw
from reconciler.aws.role_credentials import RoleCredentials, RoleOfTheCall
from reconciler.aws.translate import translating_setup_errors
from reconciler.errors import ConfigurationError, CredentialsError
from reconciler.models.targets import Coordinates, Role, region_name

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_s3 import S3Client
    from types_boto3_sns import SNSClient
    from types_boto3_sts import STSClient

_ATTEMPTS: Final = 3
_ANY: Final = "us-east-1"
"""The region to ask about a bucket where none is set; S3 names the bucket's own."""


class Clients(ABC):
    """The clients of one set of credentials; safe to use from several threads.

    `settings` names where the settings come from and `credentials_name` whose credentials are used, for messages.
    """

    def __init__(self, owner: str, make_factory: Callable[[], ClientFactory]) -> None:
        self.settings = owner or "AWS settings"
        self.credentials_name = owner or "the default credentials"
        self._owner = owner
        with translating_setup_errors(self.settings):
            self._factory = make_factory()

    @abstractmethod
    def sign_in(self, coordinates: Coordinates) -> None:
        """Load the credentials, which may prompt the user. Raises CredentialsError, ConfigurationError."""

    @abstractmethod
    def signing(self) -> AbstractContextManager[None]:
        """Return the context in which a call is to be made, in the thread that makes it. Raises AwsError."""

    def region(self, coordinates: Coordinates) -> str:
        """Return the requested region, else AWS_REGION, else boto3's (AWS_DEFAULT_REGION, the profile's)."""
        with translating_setup_errors(self.settings):
            default = os.environ.get("AWS_REGION") or self._factory.session.region_name
            region = region_name(coordinates.region or default)
        if not region:
            raise ConfigurationError(
                self._for_owner("no AWS region set"), "pass --region, set AWS_REGION, or add `region` to ~/.aws/config"
            )
        return region

    def _for_owner(self, message: str) -> str:
        return f"{message} for {self._owner}" if self._owner else message

    def read_client(self, coordinates: Coordinates) -> "APIGatewayClient":
        """Return a client that sends only GET requests."""
        client: APIGatewayClient = self._client("apigateway", "API_GATEWAY", coordinates, _for_reads)
        return client

    def write_client(self, coordinates: Coordinates) -> "APIGatewayClient":
        """Return a client without restrictions."""
        client: APIGatewayClient = self._client("apigateway", "API_GATEWAY", coordinates, _for_writes)
        return client

    def websocket_read_client(self, coordinates: Coordinates) -> "ApiGatewayV2Client":
        """Return a client for WebSocket APIs that sends only GET requests."""
        client: ApiGatewayV2Client = self._client("apigatewayv2", "APIGATEWAYV2", coordinates, _for_websocket_reads)
        return client

    def invoke_client(self, coordinates: Coordinates, timeout: float) -> "APIGatewayClient":
        """Return a client that sends only TestInvokeMethod and waits `timeout` seconds for an answer."""
        client: APIGatewayClient = self._client("apigateway", "API_GATEWAY", coordinates, _for_test_calls, timeout)
        return client

    def trail_client(self, coordinates: Coordinates) -> "CloudTrailClient":
        """Return a client that sends only LookupEvents. An endpoint URL applies to CloudTrail too."""
        client: CloudTrailClient = self._client("cloudtrail", "CLOUDTRAIL", coordinates, _for_lookups)
        return client

    def websocket_write_client(self, coordinates: Coordinates) -> "ApiGatewayV2Client":
        """Return a client for WebSocket APIs without restrictions."""
        client: ApiGatewayV2Client = self._client(
            "apigatewayv2", "APIGATEWAYV2", coordinates, readonly.reject_invalid_responses
        )
        return client

    def sts_client(self, coordinates: Coordinates) -> "STSClient":
        """Return a client that can find out whose the credentials are. An endpoint URL applies to STS too.

        Loads the credentials first. Raises CredentialsError, and the same error at every later call: another region
        neither prompts the user again nor runs a program again.
        """
        self.sign_in(coordinates)
        client: STSClient = self._client("sts", "STS", coordinates, _as_it_is)
        return client

    def storage_client(self, region: str | None) -> "S3Client":
        """Return a client of S3, which retries by itself: it shares no quota with people at work."""
        client: S3Client = self._other_client("s3", "S3", region)
        return client

    def topic_client(self, region: str) -> "SNSClient":
        """Return a client of SNS, which retries by itself."""
        client: SNSClient = self._other_client("sns", "SNS", region)
        return client

    def _other_client(self, service: str, name: str, region: str | None) -> Any:  # noqa: ANN401 - one type per service
        """Return a client of a service besides API Gateway, whose endpoint URL does not apply to it."""
        region = region or os.environ.get("AWS_REGION") or self._factory.session.region_name or _ANY
        self.sign_in(Coordinates(region=region))
        with translating_setup_errors(self.settings):
            return self._factory.client(service, name, region, None, _as_it_is, attempts=_ATTEMPTS)

    def _client(
        self,
        service: str,
        name: str,
        coordinates: Coordinates,
        prepare: Callable[[Any], None],
        read_timeout: float | None = None,
    ) -> Any:  # noqa: ANN401 - one type per service
        region = self.region(coordinates)
        with translating_setup_errors(self.settings):
            return self._factory.client(service, name, region, coordinates.endpoint_url, prepare, read_timeout)

    def destination(self, client: BaseClient, account_id: str = "") -> Destination:
        """Return where a client sends its calls."""
        url = urlsplit(client.meta.endpoint_url)
        endpoint = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
        return Destination(account_id, client.meta.region_name, client.meta.partition, endpoint)


class ProfileClients(Clients):
    """The clients of a profile. Without one, boto3 looks for credentials by itself."""

    def __init__(self, profile: str | None, parallelism: int) -> None:
        self._sign_in_error: CredentialsError | None = None
        self._is_signed_in = False
        self._lock = threading.Lock()
        self._new_role_factory = cache(partial(ClientFactory, profile, parallelism, RoleOfTheCall()))
        super().__init__(f"profile {profile}" if profile else "", partial(ClientFactory, profile, parallelism))

    def sign_in(self, coordinates: Coordinates) -> None:
        """Load the credentials, which may prompt the user. Raises CredentialsError, ConfigurationError."""
        with self._lock:
            if self._sign_in_error:
                raise CredentialsError(self._sign_in_error.message, self._sign_in_error.remedy)
            if self._is_signed_in:
                return
            try:
                self._load_credentials(coordinates)
            except CredentialsError as failure:
                self._sign_in_error = failure
                raise
            self._is_signed_in = True

    def _load_credentials(self, coordinates: Coordinates) -> None:
        region = self.region(coordinates)
        with translating_setup_errors(self.settings):  # before running a program or prompting the user
            settings.check_route("STS", coordinates.endpoint_url, region)
        label = f"environment {coordinates.environment} ({self.settings})" if coordinates.environment else self.settings
        credentials.install(self._factory.core, region, CredentialsOwner(self.settings, label))
        loaded = self._factory.session.get_credentials()
        if loaded is None:
            raise CredentialsError(f"{self._for_owner('no AWS credentials found')} ({region})", PROVIDE_CREDENTIALS)
        loaded.get_frozen_credentials()

    def assume(self, client: "STSClient", role: Role) -> Raw:
        """Call AssumeRole and return its response."""
        external: dict[str, str] = {"ExternalId": role.external_id} if role.external_id else {}
        response: Raw = client.assume_role(RoleArn=role.arn, RoleSessionName=role.session_name, **external)  # type: ignore[arg-type] # the stubs know no optional arguments by dict
        return response

    def as_role(self, role: Role, role_credentials: RoleCredentials) -> "RoleClients":
        """Return the clients of a role, which every role of this profile shares."""
        with self._lock:
            return RoleClients(role, role_credentials, self._new_role_factory)

    def signing(self) -> AbstractContextManager[None]:
        """Return a context without effect: the clients sign with the profile's credentials."""
        return nullcontext()


class RoleClients(Clients):
    """The clients of a role, with credentials of its own."""

    def __init__(
        self, role: Role, role_credentials: RoleCredentials, make_factory: Callable[[], ClientFactory]
    ) -> None:
        super().__init__(f"role {role.arn}", make_factory)
        self._role_credentials = role_credentials

    def sign_in(self, coordinates: Coordinates) -> None:
        """Do nothing: the role is assumed already."""

    def signing(self) -> AbstractContextManager[None]:
        """Return the context in which calls are signed by the role, which is assumed again when it gets old."""
        return self._role_credentials.signing()


def _as_it_is(_: BaseClient) -> None:
    """Add no hook."""


def _for_writes(client: BaseClient) -> None:
    readonly.reject_invalid_responses(client)
    readonly.keep_unknown_members(client)


def _for_reads(client: BaseClient) -> None:
    _for_writes(client)
    readonly.block_writes(client)


def _for_websocket_reads(client: BaseClient) -> None:
    readonly.reject_invalid_responses(client)
    readonly.block_writes(client)


def _for_lookups(client: BaseClient) -> None:
    readonly.allow_lookups(client)
    readonly.reject_invalid_responses(client)


def _for_test_calls(client: BaseClient) -> None:
    readonly.allow_test_invocations(client)
    readonly.reject_invalid_responses(client)

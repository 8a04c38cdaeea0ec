"""boto3's sessions and clients with our configuration.

All of boto3's own settings work (AWS_PROFILE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_API_GATEWAY,
AWS_ENDPOINT_URL_APIGATEWAYV2 ...), and AWS_REGION as well, which boto3 does not read. A missing or wrong setting raises
CredentialsError or ConfigurationError before anything is sent. No client retries by itself. Creating clients is not
thread-safe.
"""

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

from reconciler import __version__
from reconciler.aws import credentials, phases, readonly, settings
from reconciler.aws.calls import Destination
from reconciler.aws.credentials import CredentialsOwner
from reconciler.aws.failures import PROVIDE_CREDENTIALS
from reconciler.aws.response_checks import Raw
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

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 30
_MIN_CONNECTIONS: Final = 10  # boto3's own default
_ATTEMPTS: Final = 3
_ANY: Final = "us-east-1"
"""The region to ask about a bucket where none is set; S3 names the bucket's own."""

NO_CREDENTIALS: Final[Raw] = MappingProxyType({})


class Clients:
    """The clients of one profile or of an assumed role. Without either, boto3 looks for credentials by itself.

    `settings` names where the settings come from and `credentials_name` whose credentials are used, for messages.
    """

    def __init__(
        self, profile: str | None, parallelism: int, role: Role | None = None, role_credentials: Raw = NO_CREDENTIALS
    ) -> None:
        owner = f"role {role.arn}" if role else f"profile {profile}" if profile else ""
        self.settings = owner or "AWS settings"
        self.credentials_name = owner or "the default credentials"
        self._owner = owner
        self._profile = profile
        self._parallelism = parallelism
        timeouts = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS)
        self._config = timeouts.merge(
            Config(
                # Only `retry` retries; without a mode, AWS_RETRY_MODE=adaptive would add its own rate limit
                retries={"mode": "standard", "total_max_attempts": 1},
                max_pool_connections=max(_MIN_CONNECTIONS, parallelism),
                user_agent_extra=f"reconciler/{__version__}",
            )
        )
        self._has_role_credentials = bool(role_credentials)
        self._sign_in_error: CredentialsError | None = None
        self._is_signed_in = False
        with translating_setup_errors(self.settings):
            settings.check_home()
            self._core = botocore.session.get_session()
            self._core.set_default_client_config(timeouts)  # for clients that boto3 creates to get credentials
            self._session = boto3.Session(
                aws_access_key_id=role_credentials.get("AccessKeyId"),
                aws_secret_access_key=role_credentials.get("SecretAccessKey"),
                aws_session_token=role_credentials.get("SessionToken"),
                profile_name=profile,
                botocore_session=self._core,
            )
            settings.check(self._core)

    def region(self, coordinates: Coordinates) -> str:
        """Return the requested region, else AWS_REGION, else boto3's (AWS_DEFAULT_REGION, the profile's)."""
        with translating_setup_errors(self.settings):
            region = region_name(coordinates.region or os.environ.get("AWS_REGION") or self._session.region_name)
        if not region:
            raise ConfigurationError(
                self._for_owner("no AWS region set"), "pass --region, set AWS_REGION, or add `region` to ~/.aws/config"
            )
        return region

    def _for_owner(self, message: str) -> str:
        return f"{message} for {self._owner}" if self._owner else message

    def read_client(self, coordinates: Coordinates) -> "APIGatewayClient":
        """Create a client that sends only GET requests."""
        client = self.write_client(coordinates)
        readonly.block_writes(client)
        return client

    def write_client(self, coordinates: Coordinates) -> "APIGatewayClient":
        """Create a client without restrictions."""
        client: APIGatewayClient = self._client("apigateway", "API_GATEWAY", coordinates)
        readonly.reject_invalid_responses(client)
        readonly.keep_unknown_members(client)
        return client

    def websocket_read_client(self, coordinates: Coordinates) -> "ApiGatewayV2Client":
        """Create a client for WebSocket APIs that sends only GET requests."""
        client = self.websocket_write_client(coordinates)
        readonly.block_writes(client)
        return client

    def invoke_client(self, coordinates: Coordinates, timeout: float) -> "APIGatewayClient":
        """Create a client that sends only TestInvokeMethod and waits `timeout` seconds for an answer."""
        config = self._config.merge(Config(read_timeout=timeout))
        client: APIGatewayClient = self._client("apigateway", "API_GATEWAY", coordinates, config)
        readonly.allow_test_invocations(client)
        readonly.reject_invalid_responses(client)
        return client

    def trail_client(self, coordinates: Coordinates) -> "CloudTrailClient":
        """Create a client that sends only LookupEvents. An endpoint URL applies to CloudTrail too."""
        client: CloudTrailClient = self._client("cloudtrail", "CLOUDTRAIL", coordinates)
        readonly.allow_lookups(client)
        readonly.reject_invalid_responses(client)
        return client

    def websocket_write_client(self, coordinates: Coordinates) -> "ApiGatewayV2Client":
        """Create a client for WebSocket APIs without restrictions."""
        client: ApiGatewayV2Client = self._client("apigatewayv2", "APIGATEWAYV2", coordinates)
        readonly.reject_invalid_responses(client)
        return client

    def sts_client(self, coordinates: Coordinates) -> "STSClient":
        """Create a client that can find out whose the credentials are. An endpoint URL applies to STS too.

        Loads the credentials first. Raises CredentialsError, and the same error at every later call: another region
        neither prompts the user again nor runs a program again.
        """
        self._sign_in(coordinates)
        client: STSClient = self._client("sts", "STS", coordinates)
        return client

    def storage_client(self, region: str | None) -> "S3Client":
        """Create a client of S3, which retries by itself: it shares no quota with people at work."""
        client: S3Client = self._other_client("s3", "S3", region)
        return client

    def topic_client(self, region: str) -> "SNSClient":
        """Create a client of SNS, which retries by itself."""
        client: SNSClient = self._other_client("sns", "SNS", region)
        return client

    def _other_client(self, service: str, name: str, region: str | None) -> Any:  # noqa: ANN401 - one type per service
        """Create a client of a service besides API Gateway, whose endpoint URL does not apply to it."""
        coordinates = Coordinates(region=region or os.environ.get("AWS_REGION") or self._session.region_name or _ANY)
        self._sign_in(coordinates)
        retries = Config(retries={"mode": "standard", "total_max_attempts": _ATTEMPTS})
        return self._client(service, name, coordinates, self._config.merge(retries))

    def _client(self, service: str, name: str, coordinates: Coordinates, config: Config | None = None) -> Any:  # noqa: ANN401 - one type per service
        """Create a client of a service; `name` is its part of botocore's endpoint variables."""
        region, url = self.region(coordinates), coordinates.endpoint_url
        with translating_setup_errors(self.settings):
            settings.check_route(name, url, region)
            make: Any = self._session.client
            client = make(service, region_name=region, endpoint_url=url, config=config or self._config)
            settings.check_endpoint(client.meta.endpoint_url, name, url)
            settings.check_proxy(client.meta.endpoint_url)
        phases.watch(client)
        return client

    def _sign_in(self, coordinates: Coordinates) -> None:
        if self._sign_in_error:
            raise CredentialsError(self._sign_in_error.message, self._sign_in_error.remedy)
        if self._has_role_credentials or self._is_signed_in:
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
        credentials.install(self._core, region, CredentialsOwner(self.settings, label))
        loaded = self._session.get_credentials()
        if loaded is None:
            raise CredentialsError(f"{self._for_owner('no AWS credentials found')} ({region})", PROVIDE_CREDENTIALS)
        loaded.get_frozen_credentials()

    def assume(self, client: "STSClient", role: Role) -> Raw:
        """Call AssumeRole and return its response."""
        external: dict[str, str] = {"ExternalId": role.external_id} if role.external_id else {}
        response: Raw = client.assume_role(RoleArn=role.arn, RoleSessionName=role.session_name, **external)  # type: ignore[arg-type] # the stubs know no optional arguments by dict
        return response

    def as_role(self, role: Role, credentials: Raw) -> "Clients":
        """Return the clients of an assumed role, whose credentials are valid for an hour (AWS's default)."""
        return Clients(self._profile, self._parallelism, role, credentials)

    def destination(self, client: BaseClient, account_id: str = "") -> Destination:
        """Return where a client sends its calls."""
        url = urlsplit(client.meta.endpoint_url)
        endpoint = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
        return Destination(account_id, client.meta.region_name, client.meta.partition, endpoint)

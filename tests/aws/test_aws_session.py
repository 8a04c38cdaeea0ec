"""The entry point: account, region, and invalid boto3 settings."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reconciler import errors
from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates, Kind
from reconciler.ports import Connection, Usage
from support.clock import FakeClock
from support.stub import (
    ACCOUNT,
    IDENTITY,
    PAGE,
    REGION,
    TARGET,
    Scripted,
    Stub,
    closed_port,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")


def test_connection_knows_account_and_region(connected: Connection) -> None:
    """A connection has the account that STS returns."""
    assert (ACCOUNT, REGION) == (connected.account_id, connected.region)


def test_account_comes_first(stub: Stub, cloud: AwsCloud) -> None:
    """Connecting calls STS and nothing else."""
    cloud.connect(Coordinates(endpoint_url=stub.url))

    assert ["POST /"] == stub.calls


def test_account_is_asked_once_for_several_regions(stub: Stub, cloud: AwsCloud) -> None:
    """The account of the same credentials is requested once per run."""
    for region in ("eu-west-1", "us-east-1", "eu-west-1"):
        cloud.connect(Coordinates(region=region, endpoint_url=stub.url))

    assert ["POST /"] == stub.calls


def test_threads_ask_for_the_account_once(stub: Stub, cloud: AwsCloud) -> None:
    """Connecting from many threads at once makes one connection."""
    found: list[Connection] = []
    threads = [
        threading.Thread(target=lambda: found.append(cloud.connect(Coordinates(endpoint_url=stub.url))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (["POST /"], 8, 1) == (stub.calls, len(found), len(set(map(id, found))))


def test_meter_counts_what_is_sent_to_api_gateway(connected: Connection, stub: Stub) -> None:
    """Both kinds of API, retries and throttles; STS is not API Gateway."""
    before = connected.meter.usage()
    throttled = refused(429, "TooManyRequestsException")
    stub.answers = [throttled, PAGE, said({"items": []}), throttled, said({"items": []})]
    connected.reader.rest_api(TARGET)
    connected.reader.websocket_apis()
    connected.reader.websocket_responses("chat1", "int1")

    assert Usage(5, 2) == connected.meter.usage() - before
    assert (Usage(2, 1), Usage(2, 1)) == (connected.meter.usage(TARGET.api_id), connected.meter.usage("chat1"))


def test_read_delay_is_that_of_the_quota(stub: Stub) -> None:
    """Half of the burst of GetResources is two calls; without a quota there is no delay."""
    stub.answers = [PAGE] * 6
    delays = []
    for share in (0.5, None):
        connection = AwsCloud(FakeClock(), threading.Event(), share).connect(Coordinates(endpoint_url=stub.url))
        for _ in range(3):
            connection.reader.rest_api(TARGET)
        delays.append(connection.read_delay(Kind.REST_API))

    assert [pytest.approx(0.8), None] == delays


def test_failed_identity_is_asked_once(stub: Stub, cloud: AwsCloud) -> None:
    """Credentials that AWS refused are refused for every target without another call."""
    stub.identity = Scripted(
        403,
        "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
        "<Message>The security token included in the request is expired</Message></Error></ErrorResponse>",
    )
    for _ in range(2):
        with pytest.raises(errors.CredentialsError, match=r"ExpiredToken.*renew the credentials"):
            cloud.connect(Coordinates(endpoint_url=stub.url))

    assert ["POST /"] == stub.calls


def test_failed_region_spoils_no_other(stub: Stub, cloud: AwsCloud) -> None:
    """Credentials that fail in one region may work in another."""
    stub.identity = Scripted(403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>")
    with pytest.raises(errors.CredentialsError, match="is enabled for the account"):
        cloud.connect(Coordinates(region="ap-east-1", endpoint_url=stub.url))
    stub.identity = Scripted(200, IDENTITY)

    assert "eu-west-1" == cloud.connect(Coordinates(endpoint_url=stub.url)).region


@pytest.mark.parametrize(
    "body",
    ["<html><body>Welcome to the hotel network</body></html>", IDENTITY.replace(f"<Account>{ACCOUNT}</Account>", "")],
)
def test_identity_without_account_is_no_identity(stub: Stub, cloud: AwsCloud, body: str) -> None:
    """A response without an account is an UnreadableAnswer."""
    stub.identity = Scripted(200, body)

    with pytest.raises(errors.UnreadableAnswer, match="GetCallerIdentity"):
        cloud.connect(Coordinates(endpoint_url=stub.url))


def test_unreachable_endpoint(cloud: AwsCloud) -> None:
    """If nothing listens, the message names the endpoint."""
    url = closed_port()

    with pytest.raises(errors.Unreachable, match=f"endpoint {url} cannot be reached"):
        cloud.connect(Coordinates(endpoint_url=url))


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_region_of_the_environment(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """AWS_REGION works as well as AWS_DEFAULT_REGION, although boto3 does not read it."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv(name, "us-east-2")

    assert "us-east-2" == cloud.connect(Coordinates(endpoint_url=stub.url)).region


def test_no_region(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a region the error has a remedy."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(errors.ConfigurationError, match=r"no AWS region set; pass --region, set AWS_REGION"):
        cloud.connect(Coordinates(endpoint_url=stub.url))


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """boto3's configuration file, empty; no credentials in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "config"


def test_region_of_the_profile(stub: Stub, cloud: AwsCloud, profiles: Path) -> None:
    """A profile's region is used if nothing else sets one."""
    profiles.write_text(
        "[profile prod]\nregion = ap-south-1\naws_access_key_id = A\naws_secret_access_key = B\n", encoding="utf-8"
    )

    assert "ap-south-1" == cloud.connect(Coordinates(profile="prod", endpoint_url=stub.url)).region


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_API_GATEWAY"])
def test_endpoint_of_the_environment(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """boto3's own endpoint variables work."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", stub.url)
    monkeypatch.setenv(name, stub.url)
    stub.answers = [said({"item": []})]
    cloud.connect(Coordinates()).reader.rest_apis()

    assert ["GET /restapis?limit=500"] == stub.gateway_calls


def test_endpoint_without_tls(stub: Stub, cloud: AwsCloud) -> None:
    """https:// for an http:// endpoint fails at once, without retries."""
    with pytest.raises(errors.Unreachable, match="http:// instead of https://"):
        cloud.connect(Coordinates(endpoint_url=stub.url.replace("http:", "https:")))


def test_unknown_profile(cloud: AwsCloud) -> None:
    """A missing profile is a ConfigurationError with a remedy."""
    with pytest.raises(errors.ConfigurationError, match=r"profile nope: .*--profile or AWS_PROFILE"):
        cloud.connect(Coordinates(profile="nope"))


def test_unknown_profile_of_the_environment(cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one that AWS_PROFILE names."""
    monkeypatch.setenv("AWS_PROFILE", "nope")

    with pytest.raises(errors.ConfigurationError, match=r"AWS settings: .*nope"):
        cloud.connect(Coordinates())


@pytest.mark.parametrize("url", ["localhost", "not a url", "http://", "ftp//x"])
def test_invalid_endpoint(cloud: AwsCloud, url: str) -> None:
    """An endpoint that is not a URL is a ConfigurationError."""
    with pytest.raises(errors.ConfigurationError, match="--endpoint-url"):
        cloud.connect(Coordinates(endpoint_url=url))


def test_invalid_region(cloud: AwsCloud) -> None:
    """An impossible region is a ConfigurationError."""
    with pytest.raises(errors.ConfigurationError, match="--region"):
        cloud.connect(Coordinates(region="eu west 1"))


def test_no_credentials(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials nothing is sent."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(errors.CredentialsError, match="set AWS_PROFILE"):
        cloud.connect(Coordinates(endpoint_url=stub.url))

    assert [] == stub.calls


def test_partial_credentials(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Incomplete credentials name the missing half."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(errors.CredentialsError, match="AWS_SECRET_ACCESS_KEY"):
        cloud.connect(Coordinates(endpoint_url=stub.url))


def test_expired_sso(stub: Stub, cloud: AwsCloud, profiles: Path) -> None:
    """An expired SSO login names the command that renews it."""
    profiles.write_text(
        "[profile sso]\nregion = eu-west-1\nsso_start_url = https://example.com\nsso_region = eu-west-1\n"
        "sso_account_id = 123456789012\nsso_role_name = ci\n",
        encoding="utf-8",
    )

    with pytest.raises(errors.CredentialsError, match=r"profile sso.*sso login"):
        cloud.connect(Coordinates(profile="sso", endpoint_url=stub.url))


def test_credentials_with_a_line_break_are_not_shown(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session token that no HTTP header can carry is refused without being quoted."""
    monkeypatch.setenv("AWS_SESSION_TOKEN", "TOPSECRET\nX")
    cloud = AwsCloud(FakeClock(), threading.Event())
    with pytest.raises(errors.CredentialsError) as caught:
        cloud.connect(Coordinates(endpoint_url=stub.url))

    assert ("TOPSECRET" in str(caught.value), "line breaks" in str(caught.value)) == (False, True)


def test_importing_the_package_does_not_import_boto3() -> None:
    """Importing `reconciler.aws` does not import boto3."""
    code = "import reconciler.aws, sys; print([name for name in ('boto3', 'botocore') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()

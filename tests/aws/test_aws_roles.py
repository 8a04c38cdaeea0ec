"""Assumed roles, through real boto3."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from reconciler import errors
from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates, Role
from reconciler.sandbox.server import Server, serve
from support.stub import Scripted, Stub, said

pytestmark = pytest.mark.usefixtures("settings")

ARN = "arn:aws:iam::210987654321:role/ci"
ROLE = Role(ARN)
GIVEN = (
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
    "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    "<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
)
DENIED = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: x is not authorized to perform: "
    "sts:AssumeRole</Message></Error></ErrorResponse>"
)


@pytest.fixture
def assumed(stub: Stub) -> Stub:
    """A server that returns credentials of a role to everybody."""
    stub.role = Scripted(200, GIVEN)
    return stub


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A local AWS without APIs."""
    with serve(seed=False) as server:
        yield server


def asked(stub: Stub) -> list[str]:
    """Return the names of the calls to STS."""
    return [parse_qs(body)["Action"][0] for body in stub.sts_bodies]


def test_role_of_another_account(server: Server, cloud: AwsCloud) -> None:
    """The connection is for the account of the role, and reads its APIs."""
    server.aws.plane("210987654321", "eu-west-1").call("CreateRestApi", name="theirs")
    connection = cloud.connect(Coordinates("eu-west-1", endpoint_url=server.url, role=ROLE))

    assert ("210987654321", ["theirs"]) == (connection.account_id, [api.name for api in connection.reader.rest_apis()])


def test_role_is_assumed_once_for_several_regions(assumed: Stub, cloud: AwsCloud) -> None:
    """There is one AssumeRole and one GetCallerIdentity, however many regions there are."""
    for region in ("eu-west-1", "us-east-1", "eu-west-1"):
        cloud.connect(Coordinates(region, endpoint_url=assumed.url, role=ROLE))

    assert ["AssumeRole", "GetCallerIdentity"] == asked(assumed)


def test_calls_are_signed_by_the_role(assumed: Stub, cloud: AwsCloud) -> None:
    """Later calls are signed with the credentials of the role."""
    assumed.answers = [said({"item": []})]
    cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE)).reader.rest_apis()

    assert ["AKIATEST", "ASIAROLE", "ASIAROLE"] == assumed.signers


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (ROLE, {"RoleArn": ARN, "RoleSessionName": "reconciler"}),
        (Role(ARN, "me", "secret"), {"RoleArn": ARN, "RoleSessionName": "me", "ExternalId": "secret"}),
    ],
)
def test_session_name_and_external_id(assumed: Stub, cloud: AwsCloud, role: Role, expected: dict[str, str]) -> None:
    """Session name and external id are sent unchanged."""
    cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=role))
    sent = {name: values[0] for name, values in parse_qs(assumed.sts_bodies[0]).items()}

    assert expected == {name: value for name, value in sent.items() if name not in {"Action", "Version"}}


def test_role_and_profile_are_two_identities(assumed: Stub, cloud: AwsCloud) -> None:
    """The credentials without the role stay what they were."""
    cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url))
    cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE))

    assert ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"] == asked(assumed)


def test_role_that_may_not_be_assumed(assumed: Stub, cloud: AwsCloud) -> None:
    """Action and role are named, and the role is requested once for all targets."""
    assumed.role = Scripted(403, DENIED)
    for _ in range(2):
        with pytest.raises(errors.AccessDenied, match=f"do not allow sts:AssumeRole on {ARN}"):
            cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE))

    assert ["AssumeRole"] == asked(assumed)


def test_answer_without_credentials(assumed: Stub, cloud: AwsCloud) -> None:
    """A response of AssumeRole without credentials is an UnreadableAnswer."""
    assumed.role = Scripted(200, GIVEN.replace("<SessionToken>t</SessionToken>", ""))

    with pytest.raises(errors.UnreadableAnswer, match=f"AssumeRole for role {ARN}"):
        cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE))

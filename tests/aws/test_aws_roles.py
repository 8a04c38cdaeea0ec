"""Assumed roles, through real boto3."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from reconciler import errors
from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates, Role
from reconciler.parallel import in_parallel
from reconciler.sandbox.server import Server, serve
from support.clock import FakeClock
from support.stub import ACCOUNT, Handler, Scripted, Stub, said

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


def test_refusal_holds_in_every_region(assumed: Stub, cloud: AwsCloud) -> None:
    """A role that may not be assumed is not requested again for another region."""
    assumed.role = Scripted(403, DENIED)
    for region in ("eu-west-1", "us-east-1", "ap-south-1"):
        with pytest.raises(errors.AccessDenied, match=ARN):
            cloud.connect(Coordinates(region, endpoint_url=assumed.url, role=ROLE))

    assert ["AssumeRole"] == asked(assumed)


def test_threads_assume_a_role_once(assumed: Stub, cloud: AwsCloud) -> None:
    """However many regions and environments connect at the same time."""
    places = [
        Coordinates(region, endpoint_url=assumed.url, role=ROLE, environment=environment)
        for region in ("eu-west-1", "us-east-1", "ap-south-1")
        for environment in ("blue", "green")
    ]
    connections = in_parallel(cloud.connect, places, len(places))

    assert (["AssumeRole", "GetCallerIdentity"], 3) == (asked(assumed), len({id(each) for each in connections}))


@dataclass
class MeetingStub(Stub):
    """A server on which a role is only assumed when others are requested at the same time."""

    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(4, timeout=20))

    def answer(self, request: str, body: str, agent: str) -> Scripted:
        """Wait for the others."""
        if "Action=AssumeRole&" in body:
            self.together.wait()
        return super().answer(request, body, agent)


class CountingHandler(Handler):
    """Plays the script, and counts connections."""

    connections: ClassVar[list[object]]

    def setup(self) -> None:
        """Count a connection."""
        self.connections.append(self.client_address)
        super().setup()


@pytest.fixture
def meeting() -> Iterator[tuple[MeetingStub, list[object]]]:
    """A server on which roles meet, and its connections."""
    stub, connections = MeetingStub(role=Scripted(200, GIVEN)), list[object]()
    handler = type("MeetingHandler", (CountingHandler,), {"stub": stub, "connections": connections})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        stub.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield stub, connections
        server.shutdown()


def roles(stub: Stub, count: int) -> list[Coordinates]:
    """Return the coordinates of so many accounts."""
    arns = [f"arn:aws:iam::{number:012}:role/ci" for number in range(count)]
    return [Coordinates("eu-west-1", endpoint_url=stub.url, role=Role(arn)) for arn in arns]


def test_accounts_do_not_wait_for_each_other(meeting: tuple[MeetingStub, list[object]], cloud: AwsCloud) -> None:
    """Four roles are assumed at the same time: each request is answered when all four have arrived."""
    stub, _ = meeting
    connections = in_parallel(cloud.connect, roles(stub, 4), 4)

    assert [ACCOUNT] * 4 == [connection.account_id for connection in connections]


def test_accounts_share_connections(meeting: tuple[MeetingStub, list[object]], cloud: AwsCloud) -> None:
    """Twenty roles, one after another, use one HTTP connection to assume them, one for STS and one for API Gateway."""
    stub, connections = meeting
    stub.together = threading.Barrier(1)
    stub.answers = [said({"item": []})] * 20
    for place in roles(stub, 20):
        cloud.connect(place).reader.rest_apis()

    assert (60, 3) == (len(stub.calls), len(connections))


def test_old_role_is_assumed_again(assumed: Stub) -> None:
    """A run that takes longer than the credentials are valid goes on with new ones."""
    clock = FakeClock()
    reader = (
        AwsCloud(clock, threading.Event()).connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE)).reader
    )
    clock.time += 3600
    assumed.role = Scripted(200, GIVEN.replace("ASIAROLE", "ASIANEW"))
    assumed.answers = [said({"item": []})] * 2
    reader.rest_apis()
    reader.rest_apis()

    assert ["AKIATEST", "ASIAROLE", "AKIATEST", "ASIANEW", "ASIANEW"] == assumed.signers


def test_answer_without_credentials(assumed: Stub, cloud: AwsCloud) -> None:
    """A response of AssumeRole without credentials is an UnreadableAnswer."""
    assumed.role = Scripted(200, GIVEN.replace("<SessionToken>t</SessionToken>", ""))

    with pytest.raises(errors.UnreadableAnswer, match=f"AssumeRole for role {ARN}"):
        cloud.connect(Coordinates("eu-west-1", endpoint_url=assumed.url, role=ROLE))

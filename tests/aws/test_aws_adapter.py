"""The adapter end to end: real boto3 against a scripted HTTP server on loopback."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler import errors
from reconciler.aws.clients import Clients
from reconciler.aws.guards import WriteRefused
from reconciler.aws.session import AwsCloud
from reconciler.models.keys import MethodKey
from reconciler.models.live import ApiSummary, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Coordinates, ResponseRef, Target
from reconciler.ports import Connection, Reader, Writer

ACCOUNT = "123456789012"
REGION = "eu-west-1"
TARGET = Target(ACCOUNT, REGION, "a1b2c3")
GET_PETS = MethodKey("/pets", "GET")
REF = ResponseRef("a1b2c3", "x1y2z3", GET_PETS, "404")
RESPONSE_PATH = "/restapis/a1b2c3/resources/x1y2z3/methods/GET/integration/responses/404"
STORED = {"statusCode": "404", "selectionPattern": "", "responseTemplates": {"application/json": None}}
ROOT = {"id": "root", "path": "/"}
PETS = {
    "id": "x1y2z3",
    "path": "/pets",
    "resourceMethods": {
        "GET": {
            "httpMethod": "GET",
            "methodResponses": {"404": {"statusCode": "404", "responseParameters": {"method.response.header.X": True}}},
            "methodIntegration": {"type": "MOCK", "integrationResponses": {"404": STORED}},
        }
    },
}
IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/ci</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@dataclass(frozen=True)
class Scripted:
    """One answer of the server. `cut` announces more than is sent; `dropped` closes the connection without a word."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    dropped: bool = False


def said(content: Any, status: int = 200) -> Scripted:  # noqa: ANN401 - any JSON
    """An answer in JSON."""
    return Scripted(status, json.dumps(content))


def refused(status: int, code: str, text: str = "", **headers: str) -> Scripted:
    """An error answer as API Gateway gives it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status, json.dumps({"message": text}), {"x-amzn-ErrorType": code, **named})


PAGE = said({"item": [ROOT, PETS]})
NO_SUCH_STATUS = refused(404, "NotFoundException", "Invalid Response status code specified")
DROPPED = Scripted(dropped=True)


@dataclass
class Stub:
    """The server: answers calls to API Gateway in order, and knows what it was sent."""

    url: str = ""
    answers: list[Scripted] = field(default_factory=list)
    identity: Scripted = Scripted(200, IDENTITY)
    calls: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def answer(self, request: str, body: str, agent: str) -> Scripted:
        """The next answer."""
        self.calls.append(request)
        self.agents.append(agent)
        if request == "POST /":
            return self.identity
        self.bodies.append(json.loads(body) if body else None)
        return self.answers.pop(0)

    @property
    def gateway_calls(self) -> list[str]:
        """The calls to API Gateway."""
        return [call for call in self.calls if call != "POST /"]


class Handler(BaseHTTPRequestHandler):
    """Plays the script."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stub: Stub

    def play(self) -> None:
        """Answer a request as scripted."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        answer = self.stub.answer(f"{self.command} {self.path}", body, self.headers["User-Agent"])
        if answer.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        content = answer.body.encode()
        self.send_header("Content-Length", str(len(content) + (100 if answer.cut else 0)))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = answer.cut

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = play  # noqa: N815 - the server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class FakeClock:
    """Time that passes only by sleeping."""

    time: float = 0.0
    naps: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """The time."""
        return self.time

    def now(self) -> str:
        """A fixed day."""
        return "2026-01-31T12:00:00Z"

    def sleep(self, seconds: float) -> None:
        """Return at once."""
        self.naps.append(seconds)
        self.time += seconds


@pytest.fixture(scope="module", autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Only these settings for boto3, nothing of the machine's."""
    nowhere = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_REGION",
            "AWS_SESSION_TOKEN",
            "HTTP_PROXY",
            "http_proxy",
        ):
            patch.delenv(name, raising=False)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "SECRET",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": str(nowhere / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(nowhere / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def served() -> Iterator[Stub]:
    """One server for all tests."""
    stub = Stub()
    handler = type("StubHandler", (Handler,), {"stub": stub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        stub.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield stub
        server.shutdown()


@pytest.fixture
def stub(served: Stub) -> Stub:
    """The server without script and memory."""
    served.identity = Scripted(200, IDENTITY)
    for memory in (served.answers, served.calls, served.bodies, served.agents):
        memory.clear()
    return served


@pytest.fixture
def cloud() -> AwsCloud:
    """A way to AWS that nobody has gone yet."""
    return AwsCloud(FakeClock(), threading.Event())


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    """The clock of the connection."""
    return FakeClock()


@pytest.fixture(scope="module")
def connected(served: Stub, clock: FakeClock) -> Connection:
    """One connection for all tests of calls, as boto3 takes its time to make clients."""
    return AwsCloud(clock, threading.Event()).connect(Coordinates(endpoint_url=served.url))


@pytest.fixture
def reader(connected: Connection, stub: Stub) -> Reader:
    """Reads from the server, which waits for its script."""
    assert not stub.answers
    return connected.reader


@pytest.fixture
def writer(connected: Connection, stub: Stub) -> Writer:
    """Writes to the server, which waits for its script."""
    assert not stub.answers
    return connected.open_writer()


def closed_port() -> str:
    """An endpoint where nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


# Connecting


def test_connection_knows_account_and_region(connected: Connection) -> None:
    """STS says whose the credentials are."""
    assert (ACCOUNT, REGION) == (connected.account_id, connected.region)


def test_account_comes_first(stub: Stub, cloud: AwsCloud) -> None:
    """Connecting asks STS and nothing else."""
    cloud.connect(Coordinates(endpoint_url=stub.url))

    assert ["POST /"] == stub.calls


def test_account_is_asked_once_for_several_regions(stub: Stub, cloud: AwsCloud) -> None:
    """The same credentials are asked once per run."""
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


def test_failed_identity_is_asked_once(stub: Stub, cloud: AwsCloud) -> None:
    """Credentials that do not work are refused for every target without asking again."""
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
    """Where one region does not know the credentials, another may."""
    stub.identity = Scripted(403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>")
    with pytest.raises(errors.CredentialsError, match="enabled the region"):
        cloud.connect(Coordinates(region="ap-east-1", endpoint_url=stub.url))
    stub.identity = Scripted(200, IDENTITY)

    assert "eu-west-1" == cloud.connect(Coordinates(endpoint_url=stub.url)).region


@pytest.mark.parametrize(
    "body",
    ["<html><body>Welcome to the hotel network</body></html>", IDENTITY.replace(f"<Account>{ACCOUNT}</Account>", "")],
)
def test_identity_without_account_is_no_identity(stub: Stub, cloud: AwsCloud, body: str) -> None:
    """An answer that names no account is not taken for one."""
    stub.identity = Scripted(200, body)

    with pytest.raises(errors.UnreadableAnswer, match="GetCallerIdentity"):
        cloud.connect(Coordinates(endpoint_url=stub.url))


def test_unreachable_endpoint(cloud: AwsCloud) -> None:
    """Where nothing listens, the message names the endpoint."""
    url = closed_port()

    with pytest.raises(errors.Unreachable, match=f"endpoint {url} cannot be reached"):
        cloud.connect(Coordinates(endpoint_url=url))


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_region_of_the_environment(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """AWS_REGION works as well as AWS_DEFAULT_REGION, though boto3 does not know it."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv(name, "us-east-2")

    assert "us-east-2" == cloud.connect(Coordinates(endpoint_url=stub.url)).region


def test_no_region(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any region there is a remedy."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(errors.ConfigurationError, match=r"no region; give one: --region, AWS_REGION"):
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
    """A profile's region is used when nothing else names one."""
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
    """https:// where http:// is spoken is told at once, without repeats."""
    with pytest.raises(errors.Unreachable, match="http:// instead of https://"):
        cloud.connect(Coordinates(endpoint_url=stub.url.replace("http:", "https:")))


def test_unknown_profile(cloud: AwsCloud) -> None:
    """A profile that is not there is a matter of configuration, with a remedy."""
    with pytest.raises(errors.ConfigurationError, match=r"profile nope: .*--profile or AWS_PROFILE"):
        cloud.connect(Coordinates(profile="nope"))


def test_unknown_profile_of_the_environment(cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one that AWS_PROFILE names."""
    monkeypatch.setenv("AWS_PROFILE", "nope")

    with pytest.raises(errors.ConfigurationError, match=r"AWS settings: .*nope"):
        cloud.connect(Coordinates())


@pytest.mark.parametrize("url", ["localhost", "not a url", "http://", "ftp//x"])
def test_invalid_endpoint(cloud: AwsCloud, url: str) -> None:
    """An endpoint that is no URL is a matter of configuration."""
    with pytest.raises(errors.ConfigurationError, match="--endpoint-url"):
        cloud.connect(Coordinates(endpoint_url=url))


def test_invalid_region(cloud: AwsCloud) -> None:
    """A region that cannot be one is a matter of configuration."""
    with pytest.raises(errors.ConfigurationError, match="--region"):
        cloud.connect(Coordinates(region="eu west 1"))


def test_no_credentials(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials nothing is sent."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(errors.CredentialsError, match="give credentials"):
        cloud.connect(Coordinates(endpoint_url=stub.url))

    assert [] == stub.calls


def test_partial_credentials(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the credentials is told apart from none."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(errors.CredentialsError, match="AWS_SECRET_ACCESS_KEY"):
        cloud.connect(Coordinates(endpoint_url=stub.url))


def test_expired_sso(stub: Stub, cloud: AwsCloud, profiles: Path) -> None:
    """A profile that needs a login says so."""
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
    """Who only imports `reconciler.aws` does not pay for boto3."""
    code = "import reconciler.aws, sys; print([name for name in ('boto3', 'botocore') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()


# Reading


def test_api_is_read_whole_and_in_normal_form(stub: Stub, reader: Reader) -> None:
    """One call gives methods, method responses and integration responses."""
    stub.answers = [PAGE]
    live = reader.rest_api(TARGET)

    assert frozenset({"/", "/pets"}) == live.paths
    assert {
        GET_PETS: LiveMethod(
            "x1y2z3",
            "MOCK",
            method_responses={"404": MethodResponse(frozenset({"method.response.header.X"}))},
            responses={"404": RestResponse(response_templates={"application/json": ""})},
        )
    } == live.methods


def test_bulk_read_embeds_methods(stub: Stub, reader: Reader) -> None:
    """The largest page, methods embedded, one call."""
    stub.answers = [PAGE]
    reader.rest_api(TARGET)

    assert ["GET /restapis/a1b2c3/resources?embed=methods&limit=500"] == stub.gateway_calls


def test_all_pages_are_read(stub: Stub, reader: Reader) -> None:
    """A page that names a position is followed by the next."""
    stub.answers = [said({"item": [ROOT], "position": "two"}), said({"item": [PETS]})]

    assert frozenset({"/", "/pets"}) == reader.rest_api(TARGET).paths


def test_all_apis_are_listed(stub: Stub, reader: Reader) -> None:
    """The listing has pages too."""
    stub.answers = [
        said({"item": [{"id": "a1", "name": "petstore"}], "position": "two"}),
        said({"item": [{"id": "b2", "name": "shop"}]}),
    ]

    assert [ApiSummary("a1", "petstore"), ApiSummary("b2", "shop")] == reader.rest_apis()


def test_listing_of_something_else_is_no_listing(stub: Stub, reader: Reader) -> None:
    """Items without ids are not APIs."""
    stub.answers = [said({"item": [{"title": "hello"}]})] * 5

    with pytest.raises(errors.UnreadableAnswer, match="without an id"):
        reader.rest_apis()


def test_pages_in_circles_end(stub: Stub, reader: Reader) -> None:
    """A position that comes twice is no reason to read for ever."""
    stub.answers = [said({"item": [ROOT], "position": "again"})] * 2

    with pytest.raises(errors.UnreadableAnswer, match="came twice"):
        reader.rest_api(TARGET)


@pytest.mark.parametrize("text", ["Invalid Resource identifier specified", "Invalid API identifier specified"])
def test_api_that_is_not_there(stub: Stub, reader: Reader, text: str) -> None:
    """Which API is missing where, and what to check; AWS itself blames the resource."""
    stub.answers = [refused(404, "NotFoundException", text)]

    with pytest.raises(
        errors.ApiNotFound, match=r"no REST API a1b2c3 in account 123456789012, eu-west-1 .*--region, --profile"
    ):
        reader.rest_api(TARGET)


@pytest.mark.parametrize(
    "broken",
    [
        Scripted(200, '{"item": [{"id": "root", "pa'),
        Scripted(200, json.dumps({"item": [ROOT]}), cut=True),
        Scripted(200, ""),
        Scripted(200, "<html><body>Please log in</body></html>"),
        Scripted(200, "[]"),
        Scripted(200, "\ufeff{}"),
        Scripted(404, "<html><body>Not found</body></html>"),
        Scripted(302, "", {"Location": "https://login.example.com"}),
        said({"message": "hello"}),
        said({"item": []}),
        said({"item": "text"}),
        said({"item": 5}),
        said({"item": [{"path": "/"}]}),
        said({"item": [{**ROOT, "resourceMethods": {"GET": {}}}]}),
        said({"_embedded": {"item": []}}),
        DROPPED,
        refused(500, "InternalFailure"),
        Scripted(503, "<html><body>Service Unavailable</body></html>"),
        Scripted(502, ""),
    ],
)
def test_broken_answers_never_read_as_an_empty_api(stub: Stub, reader: Reader, broken: Scripted) -> None:
    """What is cut off, foreign or an error is tried again, and in the end an error: never "nothing there"."""
    stub.answers = [broken] * 5
    with pytest.raises(errors.AnswerLost):
        reader.rest_api(TARGET)

    assert 5 == len(stub.gateway_calls)


def test_passing_trouble_does_not_show(stub: Stub, reader: Reader, clock: FakeClock) -> None:
    """A throttle, a broken server, a dropped and a cut answer, and then the API."""
    clock.naps.clear()
    stub.answers = [
        refused(429, "TooManyRequestsException", Retry_After="7"),
        refused(500, "InternalFailure"),
        DROPPED,
        Scripted(200, '{"item": ['),
        PAGE,
    ]

    assert (frozenset({"/", "/pets"}), True) == (reader.rest_api(TARGET).paths, 7.0 in clock.naps)


def test_boto3_itself_does_not_repeat(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A permanent quota answer, which boto3 would repeat, is sent once, whatever boto3 is set to."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    stub.answers = [refused(429, "LimitExceededException", "Maximum number of things reached")]
    with pytest.raises(errors.QuotaExceeded):
        cloud.connect(Coordinates(endpoint_url=stub.url)).reader.rest_api(TARGET)

    assert 1 == len(stub.gateway_calls)


def test_pages_without_the_root_are_not_an_api(stub: Stub, reader: Reader) -> None:
    """Every API has its root resource: without it a page went missing."""
    stub.answers = [said({"item": [PETS]})]

    with pytest.raises(errors.UnreadableAnswer, match="root"):
        reader.rest_api(TARGET)


def test_access_denied_names_what_is_missing(stub: Stub, reader: Reader) -> None:
    """Action and resource, for the policy."""
    stub.answers = [refused(403, "AccessDeniedException", "User: x is not authorized")]

    with pytest.raises(
        errors.AccessDenied,
        match="lack apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/resources ",
    ):
        reader.rest_api(TARGET)


def test_refusal_by_a_front_end_is_not_an_answer(stub: Stub, reader: Reader) -> None:
    """A 403 page of a proxy is not AWS denying access."""
    stub.answers = [Scripted(403, "<html>blocked by policy</html>")] * 5

    with pytest.raises(errors.UnreadableAnswer, match="HTML or XML"):
        reader.rest_api(TARGET)


def test_one_response(stub: Stub, reader: Reader) -> None:
    """A single response comes in normal form."""
    stub.answers = [said(STORED)]

    assert RestResponse(response_templates={"application/json": ""}) == reader.response(REF)


def test_absent_response(stub: Stub, reader: Reader) -> None:
    """The status is not there."""
    stub.answers = [NO_SUCH_STATUS]

    assert None is reader.response(REF)


def test_absent_method_is_not_an_absent_response(stub: Stub, reader: Reader) -> None:
    """Any other 404 is an error, not "no response"."""
    stub.answers = [refused(404, "NotFoundException", "Invalid Method identifier specified")]

    with pytest.raises(errors.NotFound, match="Invalid Method identifier"):
        reader.response(REF)


def test_answer_about_something_else_is_not_a_response(stub: Stub, reader: Reader) -> None:
    """JSON that is not about this status is not read as a response without fields."""
    stub.answers = [said({"hello": "world"})] * 5

    with pytest.raises(errors.UnreadableAnswer):
        reader.response(REF)


def test_one_method_response(stub: Stub, reader: Reader) -> None:
    """What a method response declares."""
    stub.answers = [said({"statusCode": "404", "responseParameters": {"method.response.header.X": False}})]

    assert MethodResponse(frozenset({"method.response.header.X"})) == reader.method_response(REF)


def test_reader_cannot_write(stub: Stub) -> None:
    """The reader's client refuses to send a put, before anything reaches the wire."""
    client = Clients(None, 1).reading(Coordinates(endpoint_url=stub.url))
    with pytest.raises(WriteRefused):
        client.put_integration_response(restApiId="a", resourceId="b", httpMethod="GET", statusCode="200")

    assert [] == stub.calls


# Writing


def test_put_sends_what_is_set(stub: Stub, writer: Writer) -> None:
    """One PUT with the fields that are set; "" for a template that passes through."""
    stub.answers = [said(STORED, 201)]
    writer.put_response(
        REF, RestResponse(selection_pattern="x.*", response_templates={"application/json": "", "text/plain": "$x"})
    )

    assert [f"PUT {RESPONSE_PATH}"] == stub.gateway_calls
    assert [
        {"selectionPattern": "x.*", "responseTemplates": {"application/json": "", "text/plain": "$x"}}
    ] == stub.bodies


def test_put_of_a_bare_response_sends_an_object(stub: Stub, writer: Writer) -> None:
    """AWS refuses a put without a body: nothing to say is `{}`."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.put_response(REF, RestResponse())

    assert [{}] == stub.bodies


def test_put_is_repeated_after_a_lost_answer(stub: Stub, writer: Writer) -> None:
    """A put is the same however often it is sent."""
    stub.answers = [DROPPED, said(STORED, 201)]
    writer.put_response(REF, RestResponse())

    assert [f"PUT {RESPONSE_PATH}"] * 2 == stub.gateway_calls


def test_put_whose_answers_are_all_lost(stub: Stub, writer: Writer) -> None:
    """The caller hears that it may have taken effect."""
    stub.answers = [DROPPED] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.put_response(REF, RestResponse())


def test_put_answered_by_something_else_is_in_doubt(stub: Stub, writer: Writer) -> None:
    """A login page with 200 is no confirmation."""
    stub.answers = [Scripted(200, "<html>log in</html>")] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.put_response(REF, RestResponse())


def test_duplicate_pattern(stub: Stub, writer: Writer) -> None:
    """A conflict that stays is sent once, and AWS's reason is told."""
    stub.answers = [refused(409, "ConflictException", "Integration response with selection pattern default exists")]

    with pytest.raises(errors.Conflict, match="selection pattern default"):
        writer.put_response(REF, RestResponse())


def test_collision_is_waited_out(stub: Stub, writer: Writer) -> None:
    """Somebody else writes to the same API at the moment: try again."""
    text = "Unable to complete operation due to concurrent modification. Please try again later."
    stub.answers = [refused(409, "ConflictException", text), said(STORED, 201)]
    writer.put_response(REF, RestResponse())

    assert 2 == len(stub.gateway_calls)


def test_delete(stub: Stub, writer: Writer) -> None:
    """Deleted is True."""
    stub.answers = [Scripted(204)]

    assert writer.delete_response(REF)


def test_delete_of_what_is_not_there(stub: Stub, writer: Writer) -> None:
    """Nothing to delete is False, not an error."""
    stub.answers = [NO_SUCH_STATUS]

    assert not writer.delete_response(REF)


def test_delete_that_took_effect_unheard(stub: Stub, writer: Writer) -> None:
    """A 404 after a lost try of the same deletion means that it took effect."""
    stub.answers = [DROPPED, NO_SUCH_STATUS]

    assert writer.delete_response(REF)


def test_delete_answered_by_something_else_is_in_doubt(stub: Stub, writer: Writer) -> None:
    """A proxy's 404 page is not "nothing to delete"."""
    stub.answers = [Scripted(404, "<html>no such page</html>")] * 5

    with pytest.raises(errors.AnswerLost):
        writer.delete_response(REF)


def test_put_method_response_declares_parameters(stub: Stub, writer: Writer) -> None:
    """Declared parameters; their flag gates nothing and is false."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.put_method_response(REF, ["method.response.header.X"])

    assert ["PUT /restapis/a1b2c3/resources/x1y2z3/methods/GET/responses/404"] == stub.gateway_calls
    assert [{"responseParameters": {"method.response.header.X": False}}] == stub.bodies


def test_put_method_response_is_not_repeated_blindly(stub: Stub, writer: Writer) -> None:
    """A repetition would be refused if the first took effect: the caller has to look."""
    stub.answers = [DROPPED]
    with pytest.raises(errors.AnswerLost):
        writer.put_method_response(REF, [])

    assert 1 == len(stub.gateway_calls)


def test_put_method_response_that_exists(stub: Stub, writer: Writer) -> None:
    """AWS refuses to replace a method response."""
    stub.answers = [refused(409, "ConflictException", "Response already exists for this resource")]

    with pytest.raises(errors.Conflict):
        writer.put_method_response(REF, [])


def test_added_parameters_are_json_pointers(stub: Stub, writer: Writer) -> None:
    """`~` and `/` are escaped, in this order; the value is text."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.add_parameters(REF, ["method.response.header.b~/c", "method.response.header.a"])

    assert [
        {
            "patchOperations": [
                {"op": "add", "path": "/responseParameters/method.response.header.a", "value": "false"},
                {"op": "add", "path": "/responseParameters/method.response.header.b~0~1c", "value": "false"},
            ]
        }
    ] == stub.bodies


def test_adding_nothing_sends_nothing(stub: Stub, writer: Writer) -> None:
    """No parameters, no call."""
    writer.add_parameters(REF, [])

    assert [] == stub.gateway_calls


def test_calls_say_who_we_are(stub: Stub, writer: Writer) -> None:
    """The user agent names the tool, for the account's audit trail."""
    stub.answers = [Scripted(204)]
    writer.delete_response(REF)

    assert all("reconciler/" in agent for agent in stub.agents)


def test_writer_is_made_once(connected: Connection) -> None:
    """All who write through one connection share a client."""
    assert connected.open_writer() is connected.open_writer()


def test_stopped_run_sends_nothing(stub: Stub) -> None:
    """After Ctrl-C not even the account is asked for."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(errors.Interrupted):
        AwsCloud(FakeClock(), stop).connect(Coordinates(endpoint_url=stub.url))

    assert [] == stub.calls

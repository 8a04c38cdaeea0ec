"""The adapter with real boto3, connected to a scripted server or to the sandbox."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Final

import pytest

from reconciler.aws.session import AwsCloud
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Coordinates, Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.ports import Connection, Reader, Writer
from reconciler.sandbox.building import ApiBuilder, WebSocketBuilder
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server, serve
from support.clock import FakeClock
from support.doors import DOORS, Ask
from support.service_models import read_once
from support.stub import (
    REGION,
    Handler,
    Stub,
)

BACKEND: Final = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example"}


@pytest.fixture(scope="session", autouse=True)
def service_models() -> Iterator[None]:
    """The files of boto3 are read once."""
    with read_once():
        yield


@pytest.fixture(scope="module")
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
    served.forget()
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


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A seeded sandbox."""
    with serve() as server:
        yield server


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[Connection]:
    """A connection to it, made from what the sandbox says to export."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        for name, value in {**server.environment, "NO_PROXY": "127.0.0.1"}.items():
            patch.setenv(name, value)
        yield AwsCloud(FakeClock(), threading.Event()).connect(Coordinates())


@pytest.fixture
def plane(server: Server) -> Iterator[ControlPlane]:
    """The control plane behind it; its log is empty, and faults end with the test."""
    plane = server.aws.plane()
    plane.calls.clear()
    yield plane
    plane.faults.clear()


@pytest.fixture
def ref(plane: ControlPlane) -> ResponseRef:
    """A status of GET /health that is neither declared nor used, of an API of one test."""
    scope = MethodKey("/health", "GET")
    api = ApiBuilder(plane, "of one test")
    api.method(scope.path, scope.method, {"type": "MOCK"}, {})
    plane.calls.clear()
    return ResponseRef(api.id, api.resource(scope.path), scope, "503")


@pytest.fixture
def builder(plane: ControlPlane) -> ApiBuilder:
    """A REST API of one test, which stage prod serves."""
    api = ApiBuilder(plane, "of one test")
    api.method("/pets", "GET", BACKEND, {"200": ("X-A",), "404": ()})
    api.response("/pets", "GET", "200", {"responseTemplates": {"application/json": None}})
    api.response("/pets", "GET", "404", {"selectionPattern": "4\\d\\d", "contentHandling": "CONVERT_TO_TEXT"})
    api.deploy("prod")
    plane.calls.clear()
    return api


@pytest.fixture
def target(request: pytest.FixtureRequest, plane: ControlPlane) -> Target:
    """An API of one test, of the kind asked for, which stage prod serves."""
    kind: Kind = getattr(request, "param", Kind.REST_API)
    if kind is Kind.REST_API:
        builder: ApiBuilder = request.getfixturevalue("builder")
        return Target(plane.account_id, plane.region, builder.id)
    api = WebSocketBuilder(plane, "of one test")
    api.route("say", api.integration({"IntegrationType": "MOCK"}))
    api.deploy("prod")
    plane.calls.clear()
    return Target(plane.account_id, plane.region, api.id, kind)


@pytest.fixture
def websocket_ref(plane: ControlPlane) -> WebSocketResponseRef:
    """A key that nobody has used yet, of an integration of an API of one test."""
    api = WebSocketBuilder(plane, "of one test")
    integration_id = api.integration({"IntegrationType": "MOCK"})
    plane.calls.clear()
    return WebSocketResponseRef(api.id, integration_id, r"/4\d\d/")


@pytest.fixture(scope="module", params=list(DOORS))
def door(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    """Each way to the model, by name."""
    for ask in DOORS[request.param]():
        yield request.param, ask

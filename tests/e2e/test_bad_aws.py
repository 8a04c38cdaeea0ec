"""AWS, or the way to it, says no: one message that names the place and the remedy, and nothing is written."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from e2e.running import EXAMPLES, SAMPLES, InProcess
from reconciler.aws import client_factory, retry
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID

MINIMAL = SAMPLES / "minimal.yaml"
MINIMAL_SPEC = "samples/minimal.yaml:6:3"


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples are called by their relative names."""
    monkeypatch.chdir(SAMPLES.parent)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another at once, and an answer is waited for only shortly."""
    monkeypatch.setattr(retry, "_BASE_DELAY", 0.001)
    monkeypatch.setattr(client_factory, "_READ_SECONDS", 0.1)


@pytest.fixture
def silent() -> Iterator[str]:
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def foreign() -> Iterator[str]:
    """An endpoint that answers everything with a web page."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            page = b"<html><body>Please log in</body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_GET = do_POST  # noqa: N815 - the base class names it

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def addressed(folder: Path) -> Path:
    """A manifest of an API id that nobody has."""
    manifest = folder / "addressed.yaml"
    manifest.write_text(MINIMAL.read_text().replace("api: {name: minimal}", "api: {id: nosuchapi1}"))
    return manifest


@pytest.mark.usefixtures("sandbox")
def test_no_credentials(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no credentials is told how to give some."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    ran = reconciler("plan", MINIMAL)

    assert (1, [(MINIMAL_SPEC, "credentials")], True) == (ran.code, ran.problems(), "--profile" in ran.out)


@pytest.mark.usefixtures("sandbox")
def test_no_region(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no region is told how to give one."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    ran = reconciler("plan", MINIMAL)

    assert (1, [(MINIMAL_SPEC, "aws-settings")], True) == (
        ran.code,
        ran.problems(),
        "no AWS region set [aws-settings]; pass --region" in ran.out,
    )


@pytest.mark.usefixtures("sandbox")
def test_unknown_profile(reconciler: InProcess) -> None:
    """A profile that is not there is named."""
    ran = reconciler("plan", MINIMAL, "--profile", "nope")

    assert (1, [(MINIMAL_SPEC, "aws-settings")], True) == (ran.code, ran.problems(), "profile nope" in ran.out)


def test_wrong_region(reconciler: InProcess, plane: ControlPlane) -> None:
    """An API that is not in this region is not an empty one: account and region are named."""
    ran = reconciler("apply", MINIMAL, "--yes", "--region", "us-east-1")

    assert (1, [("samples/minimal.yaml:6:3", "api-not-found")], True, []) == (
        ran.code,
        ran.problems(),
        "account 123456789012, us-east-1" in ran.out,
        plane.calls.writes(),
    )


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("way", ["--region EU-WEST-1", "--region Eu-West-1", "AWS_REGION", "AWS_DEFAULT_REGION"])
def test_region_in_capitals(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """A region is known by its letters, whatever their case: results name it as AWS does."""
    if way.startswith("AWS"):
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name)
        monkeypatch.setenv(way, "EU-WEST-1")
    option = way.split() if way.startswith("--") else []
    ran = reconciler("plan", MINIMAL, "--format", "json", *option)

    assert (0, ["eu-west-1"]) == (ran.code, [load["region"] for load in json.loads(ran.out)["targets"]])


@pytest.mark.usefixtures("sandbox")
def test_blank_region(reconciler: InProcess) -> None:
    """White space is no region: it is not quietly taken for the default one."""
    assert 64 == reconciler("plan", MINIMAL, "--region", " ").code


@pytest.mark.parametrize("command", ["plan", "apply", "drift"])
def test_id_that_nobody_has(reconciler: InProcess, addressed: Path, plane: ControlPlane, command: str) -> None:
    """An API id that does not exist is named, and never taken for "everything was deleted"."""
    ran = reconciler(command, addressed, *(["--yes"] if command == "apply" else []))

    assert (1, [("addressed.yaml:6:3", "api-not-found")], True, []) == (
        ran.code,
        ran.problems(),
        "there is no REST API nosuchapi1" in ran.out,
        plane.calls.writes(),
    )


@pytest.mark.usefixtures("sandbox")
def test_id_that_nobody_has_is_no_missing_response(reconciler: InProcess, addressed: Path) -> None:
    """For drift, an API that cannot be read is an error, with no finding about its responses."""
    assert "missing" not in reconciler("drift", addressed).out


def test_name_that_nobody_has(reconciler: InProcess, plane: ControlPlane, folder: Path) -> None:
    """The nearest name that there is comes with it."""
    (folder / "a.yaml").write_text(MINIMAL.read_text().replace("api: {name: minimal}", "api: {name: minimol}"))
    ran = reconciler("apply", "a.yaml", "--yes")

    assert (1, [("a.yaml:6:3", "api-not-found")], True, []) == (
        ran.code,
        ran.problems(),
        "did you mean `minimal`?" in ran.out,
        plane.calls.writes(),
    )


def test_two_apis_of_one_name(reconciler: InProcess, plane: ControlPlane) -> None:
    """Which one is meant is not guessed: both ids are named."""
    twin = ApiBuilder(plane, "minimal").id
    plane.calls.clear()
    ran = reconciler("apply", MINIMAL, "--yes")

    assert (1, ["api-not-found"], True, []) == (
        ran.code,
        [rule for _, rule in ran.problems()],
        ", ".join(sorted((twin, MINIMAL_ID))) in ran.out,
        plane.calls.writes(),
    )


def test_access_denied_to_read(reconciler: InProcess, plane: ControlPlane) -> None:
    """The missing permission is named as a policy would have it: action and ARN."""
    path = f"/restapis/{MINIMAL_ID}/resources"
    plane.faults.always(faults.access_denied("GET", path), "GetResources")
    ran = reconciler("apply", MINIMAL, "--yes")

    assert (1, ["access-denied"], True, []) == (
        ran.code,
        [rule for _, rule in ran.problems()],
        all(part in ran.out for part in ("apigateway:GET", f"arn:aws:apigateway:eu-west-1::{path}")),
        plane.calls.writes(),
    )


def test_access_denied_to_write(reconciler: InProcess, plane: ControlPlane) -> None:
    """An apply that may not write stops at once, exits with 3, and names action and ARN."""
    plane.faults.always(faults.access_denied("PUT", "/whatever"), "PutIntegrationResponse")
    ran = reconciler("apply", MINIMAL, "--yes")

    assert (3, True) == (
        ran.code,
        all(part in ran.out for part in ("apigateway:PUT", f"arn:aws:apigateway:eu-west-1::/restapis/{MINIMAL_ID}")),
    )


@pytest.mark.usefixtures("sandbox")
def test_endpoint_down(reconciler: InProcess) -> None:
    """Nothing listens there: said so after few tries, with the URL."""
    ran = reconciler("plan", MINIMAL, "--endpoint-url", "http://127.0.0.1:9")

    assert (1, [(MINIMAL_SPEC, "unreachable")], True) == (ran.code, ran.problems(), "http://127.0.0.1:9" in ran.out)


@pytest.mark.usefixtures("sandbox", "hurried")
def test_no_answer(reconciler: InProcess, silent: str) -> None:
    """Whoever takes the connection and says nothing is given up in the end, with the URL."""
    ran = reconciler("plan", MINIMAL, "--endpoint-url", silent)

    assert (1, [(MINIMAL_SPEC, "aws")], True) == (ran.code, ran.problems(), silent in ran.out)


@pytest.mark.usefixtures("sandbox", "hurried")
def test_web_page_instead_of_json(reconciler: InProcess, foreign: str) -> None:
    """A portal or proxy that answers in AWS's place is not believed."""
    ran = reconciler("plan", MINIMAL, "--endpoint-url", foreign)

    assert (1, [(MINIMAL_SPEC, "unreadable-answer")]) == (ran.code, ran.problems())


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", [faults.Truncated(), faults.Dropped(), faults.server_error()], ids=repr)
@pytest.mark.parametrize("operation", ["GetRestApis", "GetResources"])
def test_unusable_answer(reconciler: InProcess, plane: ControlPlane, fault: faults.Fault, operation: str) -> None:
    """A read that is cut off, dropped or broken to the last try is an error, not an API without anything in it."""
    plane.faults.always(fault, operation)
    ran = reconciler("apply", MINIMAL, "--yes")

    assert (1, [True], []) == (
        ran.code,
        [operation in line for line in ran.out.splitlines() if ": error: " in line],
        plane.calls.writes(),
    )


@pytest.mark.usefixtures("hurried")
def test_one_unusable_answer_is_read_again(reconciler: InProcess, plane: ControlPlane) -> None:
    """A read whose answer is cut off once is repeated, and nobody notices."""
    plane.faults.add(faults.Truncated(), "GetResources")

    assert 0 == reconciler("plan", MINIMAL).code


@pytest.mark.usefixtures("hurried")
def test_failure_part_way_is_told_and_mended(reconciler: InProcess, plane: ControlPlane) -> None:
    """An apply that stops says what was done; run again, it does the rest."""
    plane.faults.add(faults.quota_exceeded(), "PutIntegrationResponse", when=lambda one: one["statusCode"] == "409")
    stopped = reconciler("apply", SAMPLES / "petstore", "--yes")
    again = reconciler("apply", SAMPLES / "petstore", "--yes")

    assert (3, "1 failed", 0) == (stopped.code, "1 failed" if "1 failed" in stopped.last else stopped.last, again.code)


def test_one_unreadable_api_stops_all_writes(reconciler: InProcess, plane: ControlPlane) -> None:
    """Two phases: unless every API could be read and judged, none is written to."""
    denied = faults.access_denied("GET", "/restapis/petstore01/resources")
    plane.faults.add(denied, "GetResources", when=lambda one: one["restApiId"] == "petstore01")
    reconciler("apply", *EXAMPLES, "--yes")

    assert [] == plane.calls.writes()

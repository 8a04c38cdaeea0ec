"""Live values that are words of a format that they are read back from: manifests, exports, addresses, documents.

Each goes the whole way: export, validate, plan (empty), deploy, status and drift (in sync).
"""

import json
import re
from collections.abc import Sequence

import pytest

from reconciler.engine.drift.drift import drift
from reconciler.engine.export.export import ApiSelector, Exported, ExportRequest, export
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.engine.status import status
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.views.drift import drift_json
from reconciler.views.status import status_json
from support.apis import Method, make_api
from support.clock import FakeClock
from support.exports import FORMAT_WORDS, Folder
from support.websocket import Integration, make_websocket_api

ASKED = Request((".",), deploys=True, compares_stages=True, stages=("prod",))
HEADER = "method.response.header."
PATH_PART = re.compile(r"[a-zA-Z0-9._:-]+")
NAME = re.compile(r"[a-zA-Z0-9._$-]+")
TELLS = frozenset({"default-pattern", "never-selected", "broken-pattern", "unverified-pattern", "unreachable-response"})
"""What may be said of a word as a pattern: that it selects nothing, or that an export cannot tell it."""


def deployed(word: str, pattern: str = "[4]04", verb: str = "GET", path: str = "/pets") -> InMemoryCloud:
    """A REST API that holds the word wherever AWS takes it, deployed."""
    cloud = InMemoryCloud()
    header = word if NAME.fullmatch(word) else "X-A"
    response = RestResponse(
        pattern, None, {f"{HEADER}{header}": f"'{word}'"}, {"text/plain": word, "application/json": ""}
    )
    methods = {MethodKey(path, verb): Method({"200": RestResponse(), "404": response})}
    api_id = make_api(cloud.plane(), "pets", methods)
    cloud.plane().call("CreateDeployment", restApiId=api_id, stageName="prod", description=word)
    return cloud


def exported(cloud: InMemoryCloud, kind: Kind = Kind.REST_API) -> Exported:
    """The API as a manifest."""
    return export(ExportRequest([ApiSelector(kind, "pets")]), cloud)


TELLS_OF_TEMPLATES = frozenset({"template-syntax", "undefined-reference"})
"""What may be said of a word as a template."""


def rules(exported: Exported) -> set[str]:
    """What `validate` says of it."""
    diagnostics = validate(Request((".",)), Folder(exported.files)).diagnostics
    return {diagnostic.rule.id for diagnostic in diagnostics} - TELLS_OF_TEMPLATES


def ways(cloud: InMemoryCloud, exported: Exported) -> list[ExitCode]:
    """How plan, drift and status of it end."""
    files, clock = Folder(exported.files), FakeClock()
    found = drift(ASKED, cloud, files, clock), status(ASKED, cloud, files, clock)
    assert json.loads(drift_json(found[0]))["summary"]["deployed"] == 0
    assert json.loads(status_json(found[1]))["summary"]["differ"] == 0
    return [plan(ASKED, cloud, files, clock).exit_code(detailed=True), *(one.exit_code for one in found)]


IN_SYNC = [ExitCode.OK] * 3


@pytest.mark.parametrize("word", FORMAT_WORDS)
def test_a_value_goes_the_whole_way(word: str) -> None:
    """As a template, a static header, a header's name where it can be one, and a deployment's description."""
    cloud = deployed(word)
    written = exported(cloud)

    assert (set(), (), IN_SYNC) == (rules(written), written.omitted, ways(cloud, written))


@pytest.mark.parametrize("word", [one for one in FORMAT_WORDS if one not in {"default", "absent"}])
def test_a_pattern_goes_the_whole_way(word: str) -> None:
    """Beside a default response, as in an export."""
    cloud = deployed("x", pattern=word)
    written = exported(cloud)

    assert (True, (), IN_SYNC) == (rules(written) <= TELLS, written.omitted, ways(cloud, written))


def test_the_pattern_default_is_reported() -> None:
    """It is exported and planned as it is; `validate` reports it, and no run claims a difference."""
    cloud = deployed("x", pattern="default")
    written = exported(cloud)

    assert ({"default-pattern"}, IN_SYNC) == (rules(written), ways(cloud, written))


def test_the_pattern_absent_has_no_place_in_a_manifest() -> None:
    """Its method is left out with a word, and stays as it is."""
    cloud = deployed("x", pattern="absent")
    written = exported(cloud)

    assert 1 == len(written.omitted)
    assert "`absent`" in str(written.omitted[0])


@pytest.mark.parametrize("verb", ["GET", "ANY"])
@pytest.mark.parametrize(
    "path",
    [
        "/{proxy+}",
        "/{default+}",
        "/x-amazon-apigateway-any-method/{parameters}",
        *(f"/{word}" for word in FORMAT_WORDS if PATH_PART.fullmatch(word)),
    ],
)
def test_a_path_goes_the_whole_way(path: str, verb: str) -> None:
    """Under a verb of its own, and under ANY."""
    cloud = deployed("x", verb=verb, path=path)
    written = exported(cloud)

    assert (set(), (), IN_SYNC) == (rules(written), written.omitted, ways(cloud, written))


def websocket(routes: Sequence[str], responses: dict[str, WebSocketResponse]) -> InMemoryCloud:
    """A WebSocket API."""
    cloud = InMemoryCloud()
    make_websocket_api(cloud.plane(), "pets", [Integration(tuple(routes), responses, two_way=True)])
    return cloud


@pytest.mark.parametrize("word", FORMAT_WORDS)
def test_a_route_and_a_key_of_a_websocket_api(word: str) -> None:
    """As a route, as the key of a template, as what selects the template, and as its text."""
    response = WebSocketResponse(
        word if word != "absent" else "a", None, {f"{HEADER}X": f"'{word}'"}, {word if word != "absent" else "a": word}
    )
    cloud = websocket([word], {"$default": WebSocketResponse(), "/404/": response})
    written = exported(cloud, Kind.WEBSOCKET_API)
    planned = plan(Request((".",)), cloud, Folder(written.files), FakeClock())

    assert (ExitCode.OK, (), []) == (
        planned.exit_code(detailed=True),
        () if "${{" in word else written.omitted,
        [diagnostic.rule for diagnostic in planned.diagnostics if diagnostic.is_error],
    )

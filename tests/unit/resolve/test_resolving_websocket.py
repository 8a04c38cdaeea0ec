"""WebSocket manifests: what they may contain, and their desired state."""

from collections.abc import Callable

import pytest

from reconciler.manifest.schema.validation import validated
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import ApiRef, Kind
from reconciler.yamlio.parse import read

Resolved = Callable[..., Desired]

SEND = IntegrationKey(route="sendMessage")
DEFAULT = ResponseKey(SEND, "$default")

MANIFEST = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  routes:
    sendMessage:
      responses: %s
"""


def problem(old: str, new: str) -> str:
    """What is wrong with a manifest once this is changed in it."""
    text = MANIFEST % "{$default: {}}"
    assert old in text
    (places,) = read(text.replace(old, new).encode(), "m.yaml").documents
    found = validated(places)
    assert isinstance(found, tuple)
    (one,) = found
    return str(one).removeprefix("m.yaml:")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{}", WebSocketResponse()),
        ("{templateSelectionExpression: x, contentHandlingStrategy: CONVERT_TO_TEXT}", ("x", "CONVERT_TO_TEXT")),
        ("{responseParameters: {b: x, a: y}}", WebSocketResponse(response_parameters={"a": "y", "b": "x"})),
        (
            "{responseTemplates: {'404': '', a: {file: t.vtl}}}",
            WebSocketResponse(response_templates={"404": "", "a": "t"}),
        ),
        ("{templateSelectionExpression: absent, responseTemplates: {a: absent}}", WebSocketResponse()),
        ("absent", ABSENT),
    ],
)
def test_response(resolved: Resolved, given: str, expected: Wanted | tuple[str, str]) -> None:
    """A response in normal form, under its key."""
    desired = resolved(MANIFEST % f"{{$default: {given}}}", templates={"t.vtl": "t"})

    assert (WebSocketResponse(*expected) if isinstance(expected, tuple) else expected) == desired.responses[DEFAULT]


def test_manifest(resolved: Resolved) -> None:
    """The manifest is known by its name, its API, its kind and its stages."""
    desired = resolved((MANIFEST % "{}").replace("  routes", "  deploy: {stages: [live]}\n  routes"))

    assert (ManifestRef("chat", ApiRef(name="chat"), Kind.WEBSOCKET_API, ("live",)),) == desired.manifests


def test_routes_and_integrations(resolved: Resolved) -> None:
    """Integrations are listed by a route, or by their id."""
    desired = resolved(MANIFEST % "{}" + "  integrations: [{id: abc, responses: {/5../: {}}}]\n  prune: false\n")
    by_id = IntegrationKey(id="abc")

    assert {SEND: Ownership("chat", prune=False), by_id: Ownership("chat", prune=False)} == desired.owns
    assert {ResponseKey(by_id, "/5../")} == desired.responses.keys()


def test_address(resolved: Resolved) -> None:
    """A response is addressed by its route and key."""
    assert "chat: sendMessage $default" == resolved(MANIFEST % "{$default: {}}").address(DEFAULT)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "m.yaml:8:19"),
        ("templateSelectionExpression", "m.yaml:8:30"),
        ("responseTemplates.a", "m.yaml:8:82"),
        ("contentHandlingStrategy", "m.yaml:8:19"),
    ],
)
def test_origin(resolved: Resolved, path: str, expected: str) -> None:
    """The origin of every field is its place in the YAML."""
    desired = resolved(MANIFEST % "{$default: {templateSelectionExpression: x, responseTemplates: {a: y}}}")

    assert expected == str(desired.origin(DEFAULT, path))


def test_origin_by_id(resolved: Resolved) -> None:
    """What is listed by its id is found in the list."""
    desired = resolved(MANIFEST % "{}" + "  integrations:\n    - {id: abc, responses: {/5../: {}}}\n")

    assert "m.yaml:10:29" == str(desired.origin(ResponseKey(IntegrationKey(id="abc"), "/5../")))


def test_integration_twice(problems: Callable[..., list[str]]) -> None:
    """An id that is listed twice is an error that names both places."""
    twice = "  integrations: [{id: abc, responses: {}}, {id: abc, responses: {}}]\n"

    assert [
        "m.yaml:9:49: error: integration abc is already listed at m.yaml:9:23 [duplicate-integration]; list it once"
    ] == problems(MANIFEST % "{}" + twice)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "$default",
            "200",
            (
                "8:19: error: `200` is not a key of an integration response [response-key]; "
                "write a regular expression between slashes, `/200/`, or `$default`"
            ),
        ),
        (
            "$default",
            "default",
            "8:19: error: `default` is not a key of an integration response [response-key]; did you mean `$default`?",
        ),
        (
            "$default",
            "/4..",
            (
                "8:19: error: `/4..` is not a key of an integration response [response-key]; "
                "write a regular expression between slashes, `/4../`"
            ),
        ),
        ("$default: {}", "$default: ", "8:19: error: `$default` must be a map or `absent`, not null"),
        (
            "  routes",
            "  methodResponses: check\n  routes",
            (
                "6:3: error: `methodResponses` is not a key of this map [unknown-key]; WebSocket APIs have no method "
                "responses; did you mean `routeResponses`?"
            ),
        ),
        (
            "  routes",
            "  resources: {}\n  routes",
            "6:3: error: `resources` is not a key of this map [unknown-key]; WebS",
        ),
        (
            "$default: {}",
            "$default: {contentHandling: absent}",
            "8:30: error: `contentHandling` is not a key of this map [unknown-key]; did you mean `contentHandlingStrat",
        ),
        (
            "$default: {}",
            "$default: {selectionPattern: x}",
            "8:30: error: `selectionPattern` is not a key of this map [unknown-key]; the key of a WebSocket response",
        ),
        (
            "$default: {}",
            "$default: {own: [selectionPattern]}",
            "8:36: error: `selectionPattern` is not a field of a response [field]; the fields are templateSelectionE",
        ),
        (
            "  routes:\n    sendMessage:\n      responses: {$default: {}}\n",
            "",
            "4:1: error: `spec` has neither `routes` nor `integrations` [missing-key]; add one of them",
        ),
        (
            "  routes:",
            "  overlays: {dev: {}}\n  routes:",
            "6:14: error: `dev` has neither `routes` nor `integrations` [missing-key]",
        ),
        ("  routes:", "  integrations: [{responses: {}}]\n  routes:", "6:18: error: `id` is missing from item 1 of"),
        (
            "  routes:",
            "  integrations: [null]\n  routes:",
            "6:18: error: item 1 of `integrations` must be a map, not nu",
        ),
        (
            "      responses: {$default: {}}",
            "      own: ['*']",
            "7:5: error: `responses` is missing from `sendMessage`",
        ),
        (
            "    sendMessage:\n      responses: {$default: {}}",
            "    sendMessage:",
            "7:5: error: `sendMessage` must be a map",
        ),
    ],
)
def test_problem(old: str, new: str, expected: str) -> None:
    """Each mistake is one problem, with its place and what to do."""
    actual = problem(old, new)

    assert actual.startswith(expected)

"""The order of keys, by kind of document."""

from typing import Final

import pytest

from reconciler.engine.fmt.key_order import key_order
from reconciler.yamlio.layout_order import in_order
from reconciler.yamlio.nodes import Path

REST: Final = {"kind": "RestApi"}
CHAT: Final = {"kind": "WebSocketApi"}
TEST: Final = {"kind": "ResponseTest"}
CONFIG: Final = {"kind": "Config"}
RESPONSE: Final = ("selectionPattern", "contentHandling", "responseParameters", "responseTemplates", "protect", "own")


def order_at(root: object, path: Path, *keys: str) -> list[str]:
    """The keys in the order of the map at this path, sorted by name before."""
    order = key_order(root)
    for step in path:
        order = order.below(step)
    return in_order(sorted(keys), order)


@pytest.mark.parametrize(
    ("root", "path", "keys"),
    [
        pytest.param(REST, (), ("apiVersion", "kind", "metadata", "spec"), id="document"),
        pytest.param(REST, ("metadata",), ("name", "labels", "environments"), id="metadata"),
        pytest.param(REST, ("spec",), ("api", "methodResponses", "use", "resources", "overlays"), id="spec"),
        pytest.param(REST, ("spec", "resources", "/p", "GET"), ("use", "own", "responses"), id="method"),
        pytest.param(REST, ("spec", "resources", "/p", "GET", "responses", "404"), RESPONSE, id="response"),
        pytest.param(
            REST, ("spec", "overlays", "prod", "resources", "/p", "GET", "responses", "404"), RESPONSE, id="overlay"
        ),
        pytest.param(CHAT, ("spec",), ("api", "routeResponses", "routes", "integrations", "overlays"), id="WebSocket"),
        pytest.param(CHAT, ("spec", "integrations", 3), ("id", "use", "responses"), id="integration"),
        pytest.param(TEST, ("spec",), ("manifest", "api", "defaults", "tests"), id="tests"),
        pytest.param(TEST, ("spec", "tests", 0), ("name", "method", "api", "backend", "expect"), id="test"),
        pytest.param(CONFIG, (), ("apiVersion", "kind", "manifests", "environments", "guard"), id="configuration"),
        pytest.param(CONFIG, ("ignore", 0), ("match", "fields", "reason", "until"), id="ignore rule"),
        pytest.param(
            {"kind": "ResponseSet", "spec": {"for": "WebSocketApi"}},
            ("spec", "responses", "$default"),
            ("templateSelectionExpression", "contentHandlingStrategy"),
            id="set for WebSocket APIs",
        ),
    ],
)
def test_keys_of_the_format(root: object, path: Path, keys: tuple[str, ...]) -> None:
    """Keys that the format defines are in the order of the schema, long ones last."""
    assert list(keys) == order_at(root, path, *keys)


@pytest.mark.parametrize(
    ("root", "path"),
    [
        (REST, ("spec", "resources")),
        (REST, ("spec", "resources", "/p", "GET", "responses")),
        (REST, ("spec", "resources", "/p", "GET", "responses", "404", "responseTemplates")),
        (CONFIG, ("environments",)),
        (TEST, ("spec", "tests", 0, "backend", "lambda")),
        ({"kind": "Deployment"}, ("spec",)),
        ([], ()),
    ],
)
def test_names_of_people(root: object, path: Path) -> None:
    """Names that people choose, and whatever is not ours, have no order."""
    assert ["a", "api", "kind"] == order_at(root, path, "a", "api", "kind")

"""Patterns of fields, and responses made from two sides."""

import pytest

from reconciler.models.fields import carried, fits, values_by_path
from reconciler.models.responses import Response, RestResponse, WebSocketResponse

HEADER = "responseParameters.method.response.header.Access-Control-Allow-Origin"


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*", HEADER, True),
        ("selectionPattern", "selectionPattern", True),
        ("selectionPattern", "contentHandling", False),
        ("responseParameters", HEADER, True),
        ("responseParameters.*", HEADER, True),
        ("responseParameters.*", "responseParameters", False),
        ("responseParameters.method.response.header.Access-Control-*", HEADER, True),
        ("responseParameters.method.response.header.access-control-*", HEADER, False),
        ("response*", HEADER, True),
        ("*Access-Control*", HEADER, True),
        ("responseTemplates.application/json", "responseTemplates.application/xml", False),
    ],
)
def test_fits(pattern: str, path: str, expected: bool) -> None:
    """A pattern fits a path, or as a field's name its whole map; case counts."""
    assert expected is fits([pattern], path)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("selectionPattern", RestResponse("live", None, {}, {"a": "x"})),
        ("contentHandling", RestResponse("mine", "CONVERT_TO_TEXT", {}, {"a": "x"})),
        ("responseTemplates", RestResponse("mine", None, {}, {"b": "y"})),
        ("responseTemplates.b", RestResponse("mine", None, {}, {"a": "x", "b": "y"})),
        ("responseTemplates.a", RestResponse("mine", None, {}, {})),
        ("responseParameters.*", RestResponse("mine", None, {"h": "y"}, {"a": "x"})),
        ("*", RestResponse("live", "CONVERT_TO_TEXT", {"h": "y"}, {"b": "y"})),
    ],
)
def test_rest_response(left: str, expected: Response) -> None:
    """What is left has the live value, unset ones and missing map entries included; all else the wanted one."""
    wanted = RestResponse("mine", None, {}, {"a": "x"})
    live = RestResponse("live", "CONVERT_TO_TEXT", {"h": "y"}, {"b": "y"})

    assert expected == carried(wanted, live, lambda path: fits([left], path))


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("templateSelectionExpression", WebSocketResponse("live", None, {}, {"a": "x"})),
        ("contentHandlingStrategy", WebSocketResponse("mine", "CONVERT_TO_TEXT", {}, {"a": "x"})),
        ("response*", WebSocketResponse("mine", None, {"h": "y"}, {"b": "y"})),
    ],
)
def test_websocket_response(left: str, expected: Response) -> None:
    """WebSocket responses are made alike."""
    wanted = WebSocketResponse("mine", None, {}, {"a": "x"})
    live = WebSocketResponse("live", "CONVERT_TO_TEXT", {"h": "y"}, {"b": "y"})

    assert expected == carried(wanted, live, lambda path: fits([left], path))


def test_values_by_path() -> None:
    """A text goes by its name, an entry by the names of its map and itself; what is not set has no path."""
    document = {
        "selectionPattern": "4",
        "responseTemplates": {"a/b": "", "a.b": "x"},
        "requestTemplates": {},
        "uri": None,
    }

    assert {"selectionPattern": "4", "responseTemplates.a/b": "", "responseTemplates.a.b": "x"} == values_by_path(
        document
    )

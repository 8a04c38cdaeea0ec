"""Differences as lines."""

import pytest

from reconciler.engine.response_tests.compare import Difference
from reconciler.render.style import Style
from reconciler.views.response_differences import comparable, difference_report, headline

LONG = "x" * 100


@pytest.mark.parametrize(
    ("difference", "line"),
    [
        (Difference("status", 404, 200), "status: expected 404, got 200"),
        (Difference("headers.X", "a", None), 'headers.X: expected "a", got none'),
        (Difference("headers.X", None, ["a", "b"]), 'headers.X: expected none, got ["a", "b"]'),
        (Difference("selected", "404", None), 'selected: expected "404", got none'),
        (Difference("error", True, False), "error: expected true, got false"),
        (Difference("body", None, {"a": 1}), 'body: expected null, got {"a": 1}'),
        (Difference("body", {"base64": "AA=="}, ""), 'body: expected binary AA==, got ""'),
        (Difference("body", "\x1b[2J", "é"), 'body: expected "\\u001b[2J", got "é"'),
        (Difference("body", {"a": 1}, {"a": 2, "b": 3}, "contains"), 'body: expected at least {"a": 1}, got {"a": 2}'),
        (Difference("body", "unknown", "a", "unknown"), 'body: expected to be unknown, got "a"'),
        (Difference("body", "unknown", LONG, "unknown"), "body: expected to be unknown, got a known value"),
        (Difference("body", None, LONG, "missing"), "body: the file with the expected body does not exist"),
    ],
)
def test_short_values(difference: Difference, line: str) -> None:
    """Short values are on one line, also in a headline."""
    assert [line] == list(difference_report(difference, Style()))
    assert line == headline(difference)


def test_long_texts() -> None:
    """Long values are a line diff; a headline leaves them out."""
    difference = Difference("body", f"one\n{LONG}", f"two\n{LONG}")

    assert [
        "body (- expected, + actual):",
        "    @@ -1,2 +1,2 @@",
        "    - one",
        "    + two",
        f"      {LONG}",
    ] == list(difference_report(difference, Style()))
    assert "body differs" == headline(difference)


def test_json_as_lines() -> None:
    """JSON is indented, so that a diff shows single members, whatever their order is."""
    difference = Difference("body", {"long": LONG, "b": 1, "c": 3}, {"b": 2, "long": LONG})

    assert [
        "body (- expected, + actual):",
        "    @@ -1,5 +1,4 @@",
        "      {",
        '    -   "b": 1,',
        '    -   "c": 3,',
        '    +   "b": 2,',
        f'        "long": "{LONG}"',
        "      }",
    ] == list(difference_report(difference, Style()))


def test_what_is_not_compared_is_not_shown() -> None:
    """Of a body that has to contain something, only that is shown, at any depth."""
    expected, actual = {"a": [{"b": 1}]}, {"x": 0, "a": [{"y": 0, "b": 2}, {"z": 0}]}

    assert (expected, {"a": [{"b": 2}, {"z": 0}]}) == comparable(Difference("body", expected, actual, "contains"))


def test_order_of_nested_members() -> None:
    """Members are in the order of the actual value, at any depth."""
    expected = {"a": [{"b": 1, "c": 2}, {"d": 3}], "e": 1}
    ordered, _ = comparable(Difference("body", expected, {"e": 1, "a": [{"c": 2, "b": 1}]}))

    assert '{"e": 1, "a": [{"c": 2, "b": 1}, {"d": 3}]}' == str(ordered).replace("'", '"')

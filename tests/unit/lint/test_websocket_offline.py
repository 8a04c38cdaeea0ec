"""What the linter says of a desired response of a WebSocket API by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Diagnostic
from reconciler.lint import lint
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.responses import WebSocketResponse
from reconciler.rules import LintRule, Severity
from support.websocket import websocket_desired_of

SEND = IntegrationKey("sendMessage")
HEADER = "method.response.header."


def linted(
    wanted: WebSocketResponse, key: str = "$default", allowed: frozenset[str] = frozenset()
) -> tuple[Diagnostic, ...]:
    """What is said of one response."""
    return lint(websocket_desired_of({SEND: {key: wanted}}, allowed={ResponseKey(SEND, key): allowed}))


def ids(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules that they name."""
    return [one.rule for one in found]


def templates(expression: str, *keys: str) -> WebSocketResponse:
    """A response with these templates."""
    return WebSocketResponse(expression, response_templates=dict.fromkeys(keys, "{}"))


@pytest.mark.parametrize("key", ["$default", "/404/", r"/4\d\d/", r"/.*\[NotFound\].*/", "/a/b/"])
def test_documented_keys_pass(key: str) -> None:
    """The catch-all, and regular expressions between slashes."""
    assert () == linted(WebSocketResponse(), key)


@pytest.mark.parametrize("key", ["404", "default", "$Default", "//", "/404", "404/", "/", "", "$default ", " /404/"])
def test_other_keys_are_errors(key: str) -> None:
    """Nothing else is documented."""
    assert ["response-key"] == ids(linted(WebSocketResponse(), key))


def test_a_bare_status_is_told_what_to_write() -> None:
    """The slashes are what is missing."""
    assert ["write `$default`, or `/404/`"] == [one.remedy for one in linted(WebSocketResponse(), "404")]


def test_a_key_cannot_be_allowed() -> None:
    """The rule keeps planning sound."""
    assert ["response-key", "unknown-rule"] == ids(linted(WebSocketResponse(), "404", frozenset({"response-key"})))


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("/(/", "broken-pattern"),
        ("/a)/", "broken-pattern"),
        ("/ 404/", "pattern-whitespace"),
        ("/Invalid*/", "glob-pattern"),
        (r"/4\\d\\d/", "doubled-backslash"),
        (r"/(?<=a+)b/", "unverified-pattern"),
    ],
)
def test_the_regular_expression_between_the_slashes_is_read(key: str, rule: str) -> None:
    """By the rules for selection patterns."""
    assert [rule] == ids(linted(WebSocketResponse(), key))


def test_a_broken_key_is_told_with_its_place() -> None:
    """Counted from the slash on, as the user reads it."""
    assert ["response key `/a)/` has a closing parenthesis without an opening one, at character 3"] == [
        one.message for one in linted(WebSocketResponse(), "/a)/")
    ]


@pytest.mark.parametrize("strategy", ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"])
def test_the_strategies_pass(strategy: str) -> None:
    """AWS knows two."""
    assert () == linted(WebSocketResponse(content_handling_strategy=strategy))


def test_another_strategy_is_a_warning_with_the_fields_own_name() -> None:
    """It is not called contentHandling here, and AWS may have added it."""
    assert [
        ("`CONVERT_TO_TEX` is not a known content handling strategy", "did you mean `CONVERT_TO_TEXT`?", False)
    ] == [
        (one.message, one.remedy, one.is_error)
        for one in linted(WebSocketResponse(content_handling_strategy="CONVERT_TO_TEX"))
    ]


def test_parameters_of_rest_are_taken_with_a_warning() -> None:
    """AWS stores them; what they do is not documented."""
    found = linted(WebSocketResponse(response_parameters={f"{HEADER}X": "'1'", f"{HEADER}Y": "'2'"}))

    assert [("websocket-parameters", Severity.WARNING)] == [(one.rule, one.severity) for one in found]


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({"X": "'1'"}, "parameter-key"),
        ({f"{HEADER}X": "*"}, "parameter-value"),
        ({f"{HEADER}X": ""}, "parameter-value"),
        ({f"{HEADER}X": f"'{'a' * 511}'"}, "parameter-size"),
    ],
)
def test_parameters_have_the_forms_of_rest_and_a_length(parameters: dict[str, str], rule: str) -> None:
    """As the reference has them for WebSocket APIs too: from 1 to 512 characters."""
    found = linted(WebSocketResponse(response_parameters=parameters), allowed=frozenset({"websocket-parameters"}))

    assert [rule] == ids(found)


@pytest.mark.parametrize(("length", "rules"), [(512, []), (513, ["parameter-size"])])
def test_a_parameter_may_have_512_characters(length: int, rules: list[str]) -> None:
    """Quotes included, for they are part of the value."""
    wanted = WebSocketResponse(response_parameters={f"{HEADER}X": f"'{'é' * (length - 2)}'"})

    assert rules == ids(linted(wanted, allowed=frozenset({"websocket-parameters"})))


def test_a_merge_conflict_in_a_template_is_found() -> None:
    """As in REST APIs."""
    text = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> feature\n"

    assert ["merge-conflict"] == ids(linted(WebSocketResponse(response_templates={"$default": text})))


def test_a_byte_order_mark_at_the_start_of_a_template_is_found() -> None:
    """As in REST APIs; further on it is a character like any other."""
    assert ["template-bom"] == ids(linted(WebSocketResponse(response_templates={"$default": "\ufeff{}"})))
    assert [] == ids(linted(WebSocketResponse(response_templates={"$default": "text \ufeff"})))


@pytest.mark.parametrize(("length", "rules"), [(32_768, []), (32_769, ["template-size"])])
def test_a_template_may_have_32_768_characters(length: int, rules: list[str]) -> None:
    """Characters, not bytes."""
    assert rules == ids(linted(WebSocketResponse(response_templates={"$default": "é" * length})))


@pytest.mark.parametrize(
    "wanted",
    [
        templates("", "404", "$default", "application/json"),
        templates("${integration.response.statuscode}", "404", "500"),
        templates("$request.body.kind", "404", "500"),
        templates("v${request.body.version}", "v1", "v2"),
        templates("json", "json"),
        templates("json", "$default"),
        templates(r"\$default", "$default"),
        templates("$default", "$default", "json"),
    ],
)
def test_templates_that_may_be_selected_pass(wanted: WebSocketResponse) -> None:
    """By a variable, by the static text, by the catch-all; where there is no expression, that is not documented."""
    assert () == linted(wanted)


@pytest.mark.parametrize(
    ("wanted", "unselected"),
    [
        (templates("json", "json", "xml"), ["xml"]),
        (templates("json", "xml"), ["xml"]),
        (templates("json", "json", "$default"), ["$default"]),
        (templates("json", "$default", "xml"), ["xml"]),
        (templates(r"\$default", "404", "$default"), ["404"]),
    ],
)
def test_a_static_text_selects_one_template(wanted: WebSocketResponse, unselected: list[str]) -> None:
    """The one of its name, else the catch-all; the others are never selected."""
    assert [f"template `{key}` is never selected" for key in unselected] == [
        one.message.partition(":")[0] for one in linted(wanted) if one.rule == LintRule.UNSELECTED_TEMPLATE
    ]


@settings(max_examples=60, deadline=None)
@given(
    key=st.text(max_size=8), expression=st.text(max_size=8), parameter=st.text(max_size=8), value=st.text(max_size=8)
)
def test_any_text_is_linted(key: str, expression: str, parameter: str, value: str) -> None:
    """Whatever a user writes gives diagnostics that can be printed, and no exception."""
    wanted = WebSocketResponse(expression, value or None, {parameter: value}, {parameter: value})

    assert [] == [one.message for one in linted(wanted, f"/{key}/") if not one.message.isprintable()]

"""`$context.responseOverride` of the request's and the response's template is final."""

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.exchange import ApiFacts
from reconciler.mapping.rendering import TemplateInputs
from reconciler.mapping.template import render
from support.answering import default, mock, templated, why


def with_status(status: object) -> Answer:
    """What a client gets if the request template left this override."""
    return mock(default(), state={"responseOverride": {"status": status}})


@pytest.mark.parametrize("status", [100, 204, 444, 599])
def test_a_status_is_overridden(status: int) -> None:
    """The request template may set the status, without a response template."""
    answer = with_status(status)

    assert (status, "200", "") == (answer.status, answer.selected, answer.body)


@pytest.mark.parametrize("status", [0, 99, 600, -1])
def test_a_status_out_of_range_is_ignored(status: int) -> None:
    """A status that is invalid leaves that of the response."""
    assert 200 == with_status(status).status


def test_a_status_as_text_is_unknown() -> None:
    """What AWS does with a status that is a text is not recorded."""
    assert 'responseOverride.status is the text "404"' in why(with_status("404").status)


@pytest.mark.parametrize("status", [True, 404.0, {}, []])
def test_other_statuses_are_unknown(status: object) -> None:
    """What AWS does with other values is not recorded."""
    assert "responseOverride.status is not an integer" in why(with_status(status).status)


@pytest.mark.parametrize("override", [None, "text", [404]])
def test_an_override_that_is_no_map_sets_nothing(override: object) -> None:
    """Anything but a map sets nothing."""
    assert 200 == mock(default(), state={"responseOverride": override}).status


def test_a_status_needs_no_declaration() -> None:
    """A status that is set need not be declared by the method; that of the selected response has to be."""
    api = ApiFacts(method_responses=frozenset({"200"}))

    assert 404 == mock(templated("#set($context.responseOverride.status = 404)x"), api=api).status


def test_a_status_that_both_templates_set_is_unknown() -> None:
    """AWS may answer with a 5XX when the response template sets again what the request template set."""
    answer = mock(
        templated("#set($context.responseOverride.status = 201)"), state={"responseOverride": {"status": 444}}
    )

    assert "set twice" in why(answer.status)


def test_a_header_that_is_set_twice_leaves_the_status_open() -> None:
    """The status may be a 5XX when a template sets a header twice; the headers of the request template stay."""
    once = '#set($context.responseOverride.header.X = "1")'
    answer = mock(templated(once + once), state={"responseOverride": {"status": 444, "header": {"foo": "bar"}}})

    assert "set twice" in why(answer.status)
    assert "set twice" in why(answer.headers["X"])
    assert "bar" == answer.headers["foo"]


def test_overrides_of_the_request_outlive_the_response_template() -> None:
    """A response template that sets nothing leaves the overrides of the request template."""
    state = {"responseOverride": {"status": 444, "header": {"foo": "bar"}}}
    answer = mock(templated("done"), state=state)

    assert (444, "bar", "done") == (answer.status, answer.headers["foo"], answer.body)


def after(request_template: str, response_template: str = "done") -> Answer:
    """What a client gets of a mock whose request template is rendered first."""
    return mock(templated(response_template), state=render(request_template, TemplateInputs()).state)


def test_the_state_of_the_request_template_is_handed_on() -> None:
    """Overrides of the request and keys of one's own are seen by the response template (recorded: cases 17 and 20)."""
    request = (
        '#set($context.requestOverride.path.body = "of path")#set($name = "dynamic")'
        '#set($context.requestOverride.querystring[$name] = "of query")#set($context.own = "kept")'
    )
    response = "$context.requestOverride.path.body, $context.requestOverride.querystring.dynamic, $context.own"

    assert "of path, of query, kept" == after(request, response).body


def test_overrides_of_a_rendered_request_template_count() -> None:
    """What a rendered request template sets is sent (recorded: case 18)."""
    answer = after('#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")')

    assert (444, "bar", "done") == (answer.status, answer.headers["foo"], answer.body)


def test_a_header_named_by_a_number_is_sent() -> None:
    """The name of a header may be a number."""
    answer = after('#set($nothing = $context.responseOverride.header.put(1, "x"))')

    assert "x" == answer.headers["1"]

"""Requests, backends and maps from files."""

import pytest

from reconciler.engine.call_inputs import (
    InputFile,
    api_facts,
    backend,
    client_request,
    lambda_failure,
    lambda_result,
    payload,
    stage_variables,
    template_text,
    text,
)
from reconciler.engine.listed_method import InvalidInput
from reconciler.errors import ReconcilerError
from reconciler.manifest import Disk
from reconciler.mapping.exchange import ClientRequest, HttpResult, LambdaResult, NoResult
from reconciler.models.keys import IntegrationKey, MethodKey


def file(content: str | bytes) -> InputFile:
    """A file of this content."""
    return InputFile("in.yaml", content if isinstance(content, bytes) else content.encode())


def problems(content: str) -> list[str]:
    """What is wrong with a request."""
    with pytest.raises(InvalidInput) as raised:
        client_request(file(content), Disk())
    return [str(diagnostic.location) for diagnostic in raised.value.diagnostics]


def test_body_that_is_no_text_stays_binary() -> None:
    """UTF-8 is a text, anything else is bytes."""
    assert ("caf\u00e9\n", b"\xff") == (payload(file("caf\u00e9\n")), payload(file(b"\xff")))


def test_byte_order_mark_is_not_json() -> None:
    """Some editors write one; it is no part of what a function returned. A template keeps it, as in a manifest."""
    assert (LambdaResult("1"), "\ufeff1") == (
        lambda_result(file(b"\xef\xbb\xbf1")),
        template_text(file(b"\xef\xbb\xbf1\n")),
    )


def test_large_template_is_refused() -> None:
    """As in a manifest."""
    with pytest.raises(ReconcilerError, match=r"in\.yaml is larger than 1 MiB; AWS accepts"):
        template_text(file("a" * (1024 * 1024 + 1)))


def test_text_that_is_not_utf8() -> None:
    """The error has the line."""
    with pytest.raises(ReconcilerError, match=r"in\.yaml:2: the file is not UTF-8"):
        text(file(b"a\n\xff"))


@pytest.mark.parametrize(
    ("content", "failed"),
    [('{"errorMessage": ""}', True), ('{"error": 1}', False), ('["errorMessage"]', False), ('"errorMessage"', False)],
)
def test_function_fails_with_an_error_message_at_the_top(content: str, failed: bool) -> None:
    """The payload is the text of the file as it is."""
    assert LambdaResult(content, failed) == lambda_result(file(content))


def test_deep_json_is_refused() -> None:
    """Python's parser has a limit of its own, which is no traceback."""
    with pytest.raises(ReconcilerError, match="nested too deeply"):
        lambda_result(file("[" * 100_000))


def test_error_message_is_the_whole_payload() -> None:
    """Nothing is invented besides it."""
    assert LambdaResult('{"errorMessage": "caf\u00e9"}', True) == lambda_failure("caf\u00e9")


def test_request_as_in_a_test() -> None:
    """Path, query, headers and body, YAML or JSON."""
    expected = ClientRequest({"id": "7"}, {"page": "2"}, {"Accept": "text/plain"}, '{"a":1}')
    written = (
        '{"path": {"id": "7"}, "query": {"page": "2"}, "headers": {"Accept": "text/plain"}, "body": {"json": {"a": 1}}}'
    )

    assert expected == client_request(file(written), Disk())


def test_backends_as_in_a_test() -> None:
    """Each kind, with a repeated header."""
    assert [HttpResult(502, {"X": ("a", "b")}, b"\0"), NoResult("connection")] == [
        backend(file("{status: 502, headers: {X: [a, b]}, body: {base64: AA==}}"), Disk()),
        backend(file("error: connection"), Disk()),
    ]


def test_stage_variables_are_texts() -> None:
    """As the API has them."""
    assert {"tier": "3"} == stage_variables(file("tier: '3'"), Disk())


@pytest.mark.parametrize("scope", [IntegrationKey(route="hello"), IntegrationKey(id="a1b2c3d")])
def test_facts_of_a_route(scope: IntegrationKey) -> None:
    """Only routes can be one-way."""
    assert not api_facts(file("routeResponse: false"), Disk(), scope).has_route_response


def test_facts_of_a_method() -> None:
    """Only methods have method responses."""
    facts = api_facts(
        file("{methodResponses: [200, '404'], binaryMediaTypes: [image/*]}"), Disk(), MethodKey("/", "GET")
    )

    assert (frozenset({"200", "404"}), ("image/*",)) == (facts.method_responses, facts.binary_media_types)


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("paht: {}\nqeury: {}\n", ["in.yaml:1:1", "in.yaml:2:1"]),
        ("path: {id: 7}", ["in.yaml:1:12"]),
        ("[\n", ["in.yaml:2:1"]),
        ("", ["in.yaml"]),
        ("{}\n---\n{}\n", ["in.yaml:3:1"]),
        ("- a", ["in.yaml:1:1"]),
    ],
)
def test_problems_are_at_their_places(content: str, places: list[str]) -> None:
    """Every problem is reported, where it is in the file."""
    assert places == problems(content)

"""Defaults merged under tests."""

from typing import Any

from reconciler.engine.response_tests.defaults import with_defaults
from reconciler.manifest.schema.response_test import ResponseTestDefaults, ResponseTestEntry


def merged(defaults: dict[str, Any], test: dict[str, Any]) -> dict[str, Any]:
    """A test with defaults, as it could be written."""
    made = with_defaults(
        ResponseTestEntry.model_validate({"name": "t", **test}), ResponseTestDefaults.model_validate(defaults)
    )
    written = made.model_dump(by_alias=True, exclude_unset=True)
    del written["name"]
    return written


def test_maps_are_merged() -> None:
    """Key by key, at any depth; the test wins."""
    assert {
        "request": {"headers": {"Accept": "a", "X": "2"}, "query": {"q": "1"}},
        "context": {"identity": {"sourceIp": "::1", "user": "u"}},
        "expect": {"status": 200, "headers": {"A": "1", "B": "2"}},
    } == merged(
        {
            "request": {"headers": {"Accept": "a", "X": "1"}},
            "context": {"identity": {"sourceIp": "::1"}},
            "expect": {"status": 200, "headers": {"A": "1"}},
        },
        {
            "request": {"headers": {"X": "2"}, "query": {"q": "1"}},
            "context": {"identity": {"user": "u"}},
            "expect": {"headers": {"B": "2"}},
        },
    )


def test_lists_are_replaced() -> None:
    """A list is one value."""
    assert {"api": {"binaryMediaTypes": ["b/*"]}} == merged(
        {"api": {"binaryMediaTypes": ["a/*"]}}, {"api": {"binaryMediaTypes": ["b/*"]}}
    )


def test_bodies_are_replaced() -> None:
    """Whatever their forms."""
    assert {"expect": {"body": {"contains": {"b": 1}}}} == merged(
        {"expect": {"body": {"json": {"a": 1}}}}, {"expect": {"body": {"contains": {"b": 1}}}}
    )
    assert {"request": {"body": "text"}} == merged({"request": {"body": {"json": 1}}}, {"request": {"body": "text"}})


def test_values_of_a_lambda_function_are_replaced() -> None:
    """They are values, not settings."""
    assert {"backend": {"lambda": {"b": 1}, "failed": True}} == merged(
        {"backend": {"lambda": {"a": 1}, "failed": True}}, {"backend": {"lambda": {"b": 1}}}
    )


def test_backends_of_one_kind_are_merged() -> None:
    """A test may add the body to the status of the defaults."""
    assert {"backend": {"status": 200, "headers": {"A": "1"}, "body": "b"}} == merged(
        {"backend": {"status": 200, "headers": {"A": "1"}}}, {"backend": {"body": "b"}}
    )
    assert {"backend": {"lambda": 1, "failed": True}} == merged(
        {"backend": {"lambda": 1}}, {"backend": {"failed": True}}
    )


def test_backends_of_different_kinds() -> None:
    """The test's own replaces the default."""
    assert {"backend": {"mock": 200}} == merged({"backend": {"lambda": 1, "failed": True}}, {"backend": {"mock": 200}})


def test_methods_are_replaced() -> None:
    """By whatever the test is about."""
    assert {"route": "$default"} == merged({"method": "GET /"}, {"route": "$default"})
    assert {"method": "GET /", "expect": {"status": 200}} == merged({"method": "GET /"}, {"expect": {"status": 200}})


def test_no_defaults() -> None:
    """A test without defaults stays as it is."""
    assert {"context": {"a": 1}} == merged({}, {"context": {"a": 1}})

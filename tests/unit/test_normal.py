"""What AWS treats as equal is equal in normal form, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.normal import method_response, rest_method, rest_methods, rest_request, rest_response


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"selectionPattern": ""}),
        ({}, {"selectionPattern": None}),
        ({}, {"contentHandling": ""}),
        ({}, {"contentHandling": None}),
        ({}, {"responseParameters": {}}),
        ({}, {"responseTemplates": {}}),
        ({}, {"responseTemplates": None}),
        ({}, {"statusCode": "200"}),
        ({"responseTemplates": {"application/json": ""}}, {"responseTemplates": {"application/json": None}}),
        ({"responseTemplates": {"a/b": "1", "c/d": "2"}}, {"responseTemplates": {"c/d": "2", "a/b": "1"}}),
    ],
)
def test_spellings_of_one_thing_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """However AWS or a manifest spells "unset", the normal form is one."""
    assert rest_response(one) == rest_response(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"responseTemplates": {"application/json": None}}),
        ({}, {"selectionPattern": " "}),
        ({}, {"selectionPattern": "-"}),
        ({}, {"responseParameters": {"method.response.header.X": ""}}),
        ({"responseTemplates": {"application/json": ""}}, {"responseTemplates": {"application/json": " "}}),
        ({"responseTemplates": {"application/json": "x"}}, {"responseTemplates": {"application/json": "x\n"}}),
        ({"responseTemplates": {"application/json": "x"}}, {"responseTemplates": {"Application/JSON": "x"}}),
    ],
)
def test_what_differs_at_run_time_stays_different(one: dict[str, Any], other: dict[str, Any]) -> None:
    """A passthrough template is not "no template", and no text is trimmed."""
    assert rest_response(one) != rest_response(other)


def test_maps_are_sorted() -> None:
    """The order of a map's entries is not the order in which they came."""
    normal = rest_response({"responseTemplates": {"text/plain": "x", "application/json": None}})

    assert [("application/json", ""), ("text/plain", "x")] == list(normal.response_templates.items())


def test_a_request_sends_only_what_is_set() -> None:
    """The body of a Put leaves unset fields out; a passthrough template is sent as ""."""
    request = rest_request(RestResponse("404", response_templates={"application/json": ""}))

    assert {"selectionPattern": "404", "responseTemplates": {"application/json": ""}} == request


_TEXTS = st.none() | st.text(max_size=5)
_MAPS = st.none() | st.dictionaries(st.text(max_size=3), _TEXTS, max_size=3)


@given(
    raw=st.fixed_dictionaries(
        {},
        optional={
            "selectionPattern": _TEXTS,
            "contentHandling": st.sampled_from((None, "", "CONVERT_TO_TEXT")),
            "responseParameters": _MAPS,
            "responseTemplates": _MAPS,
        },
    )
)
def test_normal_form_survives_the_way_to_aws_and_back(raw: dict[str, Any]) -> None:
    """What is sent reads back as what was meant."""
    normal = rest_response(raw)

    assert normal == rest_response(rest_request(normal))


def test_flags_of_declared_headers_mean_nothing() -> None:
    """Declaring a header is what matters, `true` and `false` alike."""
    raw = {"responseParameters": {"method.response.header.X": False, "method.response.header.Y": True}}

    assert MethodResponse(frozenset({"method.response.header.X", "method.response.header.Y"})) == method_response(raw)


def test_a_method_without_integration_has_no_responses() -> None:
    """`methodIntegration`, `methodResponses` and `integrationResponses` may all be absent."""
    method = rest_method("x1", {"httpMethod": "GET"})

    assert (None, "", {}, {}) == (
        method.integration_type,
        method.integration_uri,
        method.method_responses,
        method.responses,
    )


def test_resources_without_methods_give_none() -> None:
    """A resource that is only a folder of others has no `resourceMethods` at all."""
    assert {} == rest_methods([{"id": "r1", "path": "/"}])


def test_methods_are_found_under_path_and_verb() -> None:
    """Each verb of each resource is a method, with the id of its resource."""
    items = [{"id": "r1", "path": "/pets", "resourceMethods": {"GET": {}, "ANY": {}}}]

    assert {MethodKey("/pets", "GET"): LiveMethod("r1"), MethodKey("/pets", "ANY"): LiveMethod("r1")} == rest_methods(
        items
    )

"""Integration responses in the model."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.normal import rest_request, rest_response
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

HEADER = "method.response.header."
TEMPLATES = [
    ({"responseTemplates": {"application/json": ""}}, {"responseTemplates": {"application/json": None}}),
    ({"responseTemplates": {"application/json": None}}, {"responseTemplates": {"application/json": None}}),
    ({"responseTemplates": {}}, {"responseTemplates": {}}),
    ({}, {}),
    ({"responseParameters": {}}, {"responseParameters": {}}),
    ({"selectionPattern": ""}, {"selectionPattern": ""}),
    ({"selectionPattern": "-"}, {"selectionPattern": ""}),
    ({"selectionPattern": None, "responseTemplates": None}, {}),
    ({"contentHandling": "CONVERT_TO_TEXT"}, {"contentHandling": "CONVERT_TO_TEXT"}),
]


def declare(plane: ControlPlane, method: dict[str, Any], status: str, *names: str) -> None:
    """Declare a status with headers."""
    parameters = {f"{HEADER}{name}": False for name in names}
    plane.call("PutMethodResponse", **method, statusCode=status, responseParameters=parameters)


@pytest.mark.parametrize(("sent", "stored"), TEMPLATES)
def test_unset_values_read_back_as_recorded(
    plane: ControlPlane, method: dict[str, Any], sent: dict[str, Any], stored: dict[str, Any]
) -> None:
    """null, "" , {} and absent come back the way AWS answers them."""
    plane.call("PutIntegrationResponse", **method, statusCode="200", **sent)

    assert {"statusCode": "200", **stored} == plane.call("GetIntegrationResponse", **method, statusCode="200")


def test_put_replaces_the_whole_response(plane: ControlPlane, method: dict[str, Any]) -> None:
    """What a second Put does not mention is gone."""
    plane.call("PutIntegrationResponse", **method, statusCode="200", selectionPattern="a")
    plane.call("PutIntegrationResponse", **method, statusCode="200")

    assert {"statusCode": "200"} == plane.call("GetIntegrationResponse", **method, statusCode="200")


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [({}, {"selectionPattern": ""}, "default"), *[({"selectionPattern": "4.."}, {"selectionPattern": "4.."}, "4..")]],
)
def test_pattern_is_unique_in_its_method(
    plane: ControlPlane, method: dict[str, Any], first: dict[str, str], second: dict[str, str], named: str
) -> None:
    """A pattern that another status has is a conflict; none and "" are the same pattern."""
    plane.call("PutIntegrationResponse", **method, statusCode="200", **first)
    with pytest.raises(ModelError) as refused:
        plane.call("PutIntegrationResponse", **method, statusCode="500", **second)

    expected = (409, "ConflictException", f"Integration response with selection pattern {named} already exists")
    assert expected == (refused.value.status, refused.value.code, refused.value.message)


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({f"{HEADER}X": "'a'"}, ""),
        ({f"{HEADER}X": "integration.response.body.items[0].id"}, ""),
        ({f"{HEADER}Y": "'a'"}, f"Invalid mapping expression parameter specified: {HEADER}Y"),
        ({f"{HEADER}X": "*"}, "Invalid mapping expression specified: *"),
        (
            {f"{HEADER}Y": "''", f"{HEADER}X": "true"},
            f"Invalid mapping expression parameter specified: {HEADER}Y, Invalid mapping expression specified: true",
        ),
    ],
)
def test_mappings_are_held_against_the_method_response(
    plane: ControlPlane, method: dict[str, Any], parameters: dict[str, str], errors: str
) -> None:
    """Undeclared headers and values that are no expression are refused, all in one message."""
    declare(plane, method, "200", "X")
    said = ""
    try:
        plane.call("PutIntegrationResponse", **method, statusCode="200", responseParameters=parameters)
    except ModelError as refused:
        said = refused.message

    wrapped = f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{errors}]"
    assert (wrapped if errors else "") == said


def test_mapping_needs_a_method_response(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Without a method response no header can be mapped."""
    with pytest.raises(ModelError, match=r"errors : \[No method response exists for method\.\]"):
        plane.call("PutIntegrationResponse", **method, statusCode="200", responseParameters={f"{HEADER}X": "'a'"})


def test_response_without_mappings_needs_no_method_response(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A status that the method does not declare is accepted; it only fails when it is invoked."""
    plane.call("PutIntegrationResponse", **method, statusCode="504")

    assert {"504": {"statusCode": "504"}} == plane.call("GetIntegration", **method)["integrationResponses"]


def test_last_delete_leaves_no_empty_map(plane: ControlPlane, method: dict[str, Any]) -> None:
    """An integration without responses has no member for them."""
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    plane.call("DeleteIntegrationResponse", **method, statusCode="200")

    assert "integrationResponses" not in plane.call("GetIntegration", **method)


def test_new_integration_destroys_responses(plane: ControlPlane, method: dict[str, Any]) -> None:
    """PutIntegration on a method that has one takes its responses away."""
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    plane.call("PutIntegration", **method, type="MOCK")

    assert "integrationResponses" not in plane.call("GetIntegration", **method)


def test_updated_integration_keeps_responses(plane: ControlPlane, method: dict[str, Any]) -> None:
    """UpdateIntegration leaves the responses alone."""
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    operations = [{"op": "replace", "path": "/timeoutInMillis", "value": "1000"}]
    updated = plane.call("UpdateIntegration", **method, patchOperations=operations)

    assert (1000, {"200": {"statusCode": "200"}}) == (updated["timeoutInMillis"], updated["integrationResponses"])


def test_answers_given_earlier_stay_what_they_were(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Later writes do not change an answer that somebody holds."""
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    held = plane.call("GetMethod", **method)
    plane.call("DeleteIntegrationResponse", **method, statusCode="200")

    assert {"200": {"statusCode": "200"}} == held["methodIntegration"]["integrationResponses"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"responseTemplates": {"application/json": 1}}, "SerializationException"),
        ({"responseTemplates": {"application/json": {"a": 1}}}, "SerializationException"),
        ({"responseTemplates": ["a"]}, "SerializationException"),
        ({"selectionPattern": 404}, "SerializationException"),
        ({"contentHandling": "CONVERT"}, "ValidationException"),
        ({"responseTemplates": {"123": "x"}}, "BadRequestException"),
        ({"responseTemplates": {"application/json/x": "x"}}, "BadRequestException"),
    ],
)
def test_malformed_response_is_refused(
    plane: ControlPlane, method: dict[str, Any], sent: dict[str, Any], code: str
) -> None:
    """Wrong types, unknown words and content types that are none get AWS's error codes."""
    with pytest.raises(ModelError) as refused:
        plane.call("PutIntegrationResponse", **method, statusCode="200", **sent)

    assert (400, code) == (refused.value.status, refused.value.code)


TEXTS = st.text(max_size=5)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "selectionPattern": TEXTS | st.none(),
        "contentHandling": st.sampled_from(["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"]) | st.none(),
        "responseTemplates": st.dictionaries(
            st.sampled_from(["application/json", "text/plain"]), TEXTS | st.none(), max_size=2
        ),
        "responseParameters": st.dictionaries(st.just(f"{HEADER}X"), st.just("'x'"), max_size=1),
    },
)


@given(FIELDS)
@settings(max_examples=50)
def test_what_is_put_in_normal_form_reads_back_equal(fields: dict[str, Any]) -> None:
    """The request made of a normal form stores exactly that normal form; `-` is the one known exception."""
    plane = ControlPlane()
    api = plane.call("CreateRestApi", name="things")
    where = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    plane.call("PutIntegration", **where, type="MOCK")
    declare(plane, where, "200", "X")
    wanted = rest_response({name: None if value == "-" else value for name, value in fields.items()})
    stored = plane.call("PutIntegrationResponse", **where, statusCode="200", **rest_request(wanted))

    assert wanted == rest_response(stored)

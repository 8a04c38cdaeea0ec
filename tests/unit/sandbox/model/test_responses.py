"""Integration responses in the model; what AWS answers is in `support/aws_facts.py`."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.normal import rest_request, rest_response
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

HEADER = "method.response.header."


def declare(plane: ControlPlane, method: dict[str, Any], status: str, *names: str) -> None:
    """Declare a status with headers."""
    parameters = {f"{HEADER}{name}": False for name in names}
    plane.call("PutMethodResponse", **method, statusCode=status, responseParameters=parameters)


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

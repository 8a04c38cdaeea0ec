"""The writes to a control plane, as CloudTrail's event history shows them."""

import json
from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.event_log import Caller, calling_as
from reconciler.sandbox.model.plane import ControlPlane, SimulatedAws


def records(plane: ControlPlane, *names: str, **request: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any member
    """The events of these names, the latest first."""
    attributes = [{"AttributeKey": "EventName", "AttributeValue": name} for name in names]
    page = plane.call("LookupEvents", LookupAttributes=attributes, **request)
    return [json.loads(event["CloudTrailEvent"]) for event in page["Events"]]


def test_a_write_to_a_rest_api(plane: ControlPlane, method: dict[str, Any]) -> None:
    """The parameters of the path are on the first level, and the body is apart."""
    plane.call("PutMethodResponse", **method, statusCode="200")
    plane.call("PutIntegrationResponse", **method, statusCode="200", selectionPattern="")
    (record,) = records(plane, "PutIntegrationResponse")

    assert {
        **method,
        "statusCode": "200",
        "putIntegrationResponseInput": {"selectionPattern": ""},
        "template": False,
    } == record["requestParameters"]
    assert ("apigateway.amazonaws.com", False) == (record["eventSource"], record["readOnly"])


def test_a_deployment_has_its_stage_in_the_body(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Its path has none."""
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    (record,) = records(plane, "CreateDeployment")

    assert {"stageName": "prod"} == record["requestParameters"]["createDeploymentInput"]


def test_a_write_to_a_websocket_api(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Everything is on one level, in camel case."""
    created = plane.call("CreateIntegrationResponse", **mock, IntegrationResponseKey="$default")
    (record,) = records(plane, "CreateIntegrationResponse")
    sent, answer = record["requestParameters"], record["responseElements"]

    assert (mock["ApiId"], "$default") == (sent["apiId"], sent["integrationResponseKey"])
    assert created["IntegrationResponseId"] == answer["integrationResponseId"]


def test_reads_are_not_in_it(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Nor are test calls, which CloudTrail does not log (Developer Guide), nor lookups."""
    plane.call("GetResources", restApiId=method["restApiId"])
    plane.call("LookupEvents")

    assert {"CreateRestApi", "CreateResource", "PutMethod", "PutIntegration"} == {
        record["eventName"] for record in records(plane)
    }


def test_a_refused_write_has_its_error(plane: ControlPlane, method: dict[str, Any]) -> None:
    """As in AWS, it is an event, too."""
    with pytest.raises(ModelError) as refused:
        plane.call("PutIntegrationResponse", **method, statusCode="77")
    (record,) = records(plane, "PutIntegrationResponse")

    assert (refused.value.code, None) == (record["errorCode"], record["responseElements"])


def test_a_caller_is_shown(plane: ControlPlane) -> None:
    """For the calls within the context; else it is the sandbox's user."""
    with calling_as(Caller("arn:aws:iam::123456789012:user/ops", "203.0.113.4", "aws-cli/2.15")):
        plane.call("CreateRestApi", name="one")
    plane.call("CreateRestApi", name="two")

    assert [("sandbox", "127.0.0.1"), ("ops", "203.0.113.4")] == [
        (record["userIdentity"]["arn"].rpartition("/")[2], record["sourceIPAddress"]) for record in records(plane)
    ]


def test_pages_lead_to_the_end(plane: ControlPlane) -> None:
    """Of at most fifty events, the latest first."""
    for number in range(60):
        plane.call("CreateRestApi", name=f"api-{number}")
    first = plane.call("LookupEvents", MaxResults=1000)
    rest = plane.call("LookupEvents", NextToken=first["NextToken"])

    assert (50, 10, False) == (len(first["Events"]), len(rest["Events"]), "NextToken" in rest)
    assert "api-0" in rest["Events"][-1]["CloudTrailEvent"]


@pytest.mark.parametrize("token", ["x", "-1", 7])
def test_a_wrong_token_is_refused(plane: ControlPlane, token: object) -> None:
    """With AWS's code."""
    with pytest.raises(ModelError, match="InvalidNextTokenException"):
        plane.call("LookupEvents", NextToken=token)


@pytest.mark.parametrize(
    "attributes", [[{"AttributeKey": "ResourceName", "AttributeValue": "a1"}], [{"AttributeKey": "EventName"}] * 2]
)
def test_one_attribute_at_most(plane: ControlPlane, attributes: list[dict[str, str]]) -> None:
    """The service model allows one; only the name of the event is known here."""
    with pytest.raises(ModelError, match="InvalidLookupAttributesException"):
        plane.call("LookupEvents", LookupAttributes=attributes)


def test_times_are_those_of_the_clock() -> None:
    """A server has a real one."""
    plane = SimulatedAws(clock=lambda: 1_769_760_902.5).plane()
    plane.call("CreateRestApi", name="one")
    (event,) = plane.call("LookupEvents")["Events"]

    assert (1_769_760_902, "2026-01-30T08:15:02Z") == (
        event["EventTime"],
        json.loads(event["CloudTrailEvent"])["eventTime"],
    )

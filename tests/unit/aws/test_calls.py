"""The permission that a call needs, and whether it is safe to repeat."""

import pytest

from reconciler.aws import calls
from reconciler.aws.calls import ApiCall, CallEffect, Destination
from reconciler.models.targets import Kind, Target

DESTINATION = Destination("123456789012", "cn-north-1", "aws-cn", "https://apigateway.cn-north-1.amazonaws.com.cn")
SHOP = Target("123456789012", "cn-north-1", "a1b2c3")
CHAT = Target("123456789012", "cn-north-1", "chat1", Kind.WEBSOCKET_API)


@pytest.mark.parametrize(
    ("call", "action", "path", "effect"),
    [
        (
            calls.stage(DESTINATION, SHOP, "prod", "GetStage", CallEffect.READS),
            "GET",
            "/restapis/a1b2c3/stages/prod",
            "reads",
        ),
        (
            calls.stage(DESTINATION, CHAT, "prod", "GetStage", CallEffect.READS),
            "GET",
            "/apis/chat1/stages/prod",
            "reads",
        ),
        (
            calls.stage(DESTINATION, SHOP, "prod", "UpdateStage", CallEffect.SETS),
            "PATCH",
            "/restapis/a1b2c3/stages/prod",
            "sets",
        ),
        (
            calls.stage(DESTINATION, CHAT, "prod", "UpdateStage", CallEffect.SETS),
            "PATCH",
            "/apis/chat1/stages/prod",
            "sets",
        ),
        (calls.get_export(DESTINATION, SHOP, "prod"), "GET", "/restapis/a1b2c3/stages/prod/exports/oas30", "reads"),
        (calls.get_deployment(DESTINATION, SHOP, "d1"), "GET", "/restapis/a1b2c3/deployments/d1", "reads"),
        (calls.get_deployment(DESTINATION, CHAT, "d1"), "GET", "/apis/chat1/deployments/d1", "reads"),
        (calls.create_deployment(DESTINATION, SHOP, "prod"), "POST", "/restapis/a1b2c3/deployments", "adds"),
        (calls.create_deployment(DESTINATION, CHAT, "prod"), "POST", "/apis/chat1/deployments", "adds"),
    ],
    ids=str,
)
def test_permission_of_a_call(call: ApiCall, action: str, path: str, effect: str) -> None:
    """Action and resource have verb and path in the region's partition, without the version of the URL."""
    assert (f"apigateway:{action}", f"arn:aws-cn:apigateway:cn-north-1::{path}", effect) == (
        call.action,
        call.resource,
        call.effect.value,
    )


def test_name_of_a_deployment() -> None:
    """Messages name the API that is deployed, and the stage."""
    assert "CreateDeployment for stage prod of WebSocket API chat1 (account 123456789012, cn-north-1)" == str(
        calls.create_deployment(DESTINATION, CHAT, "prod")
    )

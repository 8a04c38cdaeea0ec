"""The write half of the control plane, for WebSocket APIs.

One method, one call; a call whose response is lost even after retries raises AnswerLost. Nothing here reads, decides or
orders.
"""

from collections.abc import Mapping
from typing import Any

from reconciler import normal
from reconciler.aws import calls, response_checks
from reconciler.aws.calls import CallEffect
from reconciler.aws.retry import CallAttempts
from reconciler.aws.websocket_client import OpenWebSocketClient
from reconciler.errors import NotFound
from reconciler.models.responses import FieldValue, WebSocketResponse
from reconciler.models.routes import ROUTE_RESPONSE_KEY, RouteRef
from reconciler.models.stages import Deployment
from reconciler.models.targets import Target, WebSocketResponseRef


class WebSocketWriter:
    """The WebSocket half of `ports.Writer`; `open_client` creates its client at the first call."""

    def __init__(self, open_client: OpenWebSocketClient) -> None:
        self._open_client = open_client

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key` and return the id that AWS assigned.

        AWS refuses an existing key (API reference): Conflict. Not retried after a lost response, to avoid duplicates:
        AnswerLost.
        """
        websocket = self._open_client()
        call = calls.create_websocket_response(websocket.caller.destination, ref)
        fields: Any = normal.websocket_request(response)
        created = websocket.caller.call(
            call,
            lambda: response_checks.check_created_response(
                websocket.client.create_integration_response(
                    ApiId=ref.api_id,
                    IntegrationId=ref.integration_id,
                    IntegrationResponseKey=ref.key,
                    **fields,
                ),
                ref.key,
            ),
        )
        return str(created["IntegrationResponseId"])

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge exactly these fields into the response of `ref.response_id`; sends nothing if there are none.

        None means that the field is not sent: the API has no null. A merge is safe to repeat. Raises ValueError without
        an id.
        """
        merged: Any = normal.boto_members(fields)
        if not merged:
            return
        websocket = self._open_client()
        call = calls.websocket_response(websocket.caller.destination, ref, "UpdateIntegrationResponse", CallEffect.SETS)
        arguments = calls.websocket_response_arguments(ref)
        websocket.caller.call(
            call,
            lambda: response_checks.check_response_id(
                websocket.client.update_integration_response(**arguments, **merged), ref.response_id
            ),
        )

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; return False if there was nothing to delete.

        A 404 after an attempt whose response was lost means that that attempt deleted it: that is True. Raises
        ValueError without an id.
        """
        websocket = self._open_client()
        call = calls.websocket_response(
            websocket.caller.destination, ref, "DeleteIntegrationResponse", CallEffect.DELETES
        )
        arguments = calls.websocket_response_arguments(ref)
        attempts = CallAttempts(websocket.caller, call)
        try:
            attempts.send(lambda: websocket.client.delete_integration_response(**arguments))
        except NotFound:
            return attempts.lost
        return True

    def create_route_response(self, ref: RouteRef) -> None:
        """Create the `$default` response of a route.

        Not retried after a lost response, because AWS may refuse the second: AnswerLost.
        """
        websocket = self._open_client()
        call = calls.route(websocket.caller.destination, ref, "CreateRouteResponse", CallEffect.ADDS)
        arguments = calls.route_arguments(ref)
        websocket.caller.call(
            call,
            lambda: response_checks.check_created_route_response(
                websocket.client.create_route_response(**arguments, RouteResponseKey=ROUTE_RESPONSE_KEY)
            ),
        )

    def select_route_response(self, ref: RouteRef) -> None:
        """Make a route select its route response. What is not sent stays as it is (service model)."""
        websocket = self._open_client()
        call = calls.route(websocket.caller.destination, ref, "UpdateRoute", CallEffect.SETS)
        arguments = calls.route_arguments(ref)
        websocket.caller.call(
            call,
            lambda: response_checks.check_selecting_route(
                websocket.client.update_route(**arguments, RouteResponseSelectionExpression=ROUTE_RESPONSE_KEY), ref.id
            ),
        )

    def websocket_deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the API to a stage; the deployment is usually still PENDING when the call returns (service model).

        Not retried after a lost response, to avoid two deployments: AnswerLost.
        """
        websocket = self._open_client()
        call = calls.create_deployment(websocket.caller.destination, target, stage_name)
        arguments = {"ApiId": target.api_id, "StageName": stage_name, "Description": description}
        response = websocket.caller.call(
            call, lambda: response_checks.check_websocket_deployment(websocket.client.create_deployment(**arguments))
        )
        return normal.websocket_deployment(response)

    def websocket_point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Make a stage serve an earlier deployment."""
        websocket = self._open_client()
        call = calls.stage(websocket.caller.destination, target, stage_name, "UpdateStage", CallEffect.SETS)
        websocket.caller.call(
            call,
            lambda: response_checks.check_stage_deployment(
                websocket.client.update_stage(ApiId=target.api_id, StageName=stage_name, DeploymentId=deployment_id),
                deployment_id,
            ),
        )

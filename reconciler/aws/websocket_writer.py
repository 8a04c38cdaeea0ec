"""The write half of the control plane, for WebSocket APIs.

Promise: one call each, through the caller; a call whose answer was lost for good raises AnswerLost. Nothing here reads,
decides or orders.
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
from reconciler.models.stages import Deployment
from reconciler.models.targets import Target, WebSocketResponseRef


class WebSocketWriter:
    """The WebSocket half of `ports.Writer`. `open_client` returns the client; it is called at the first write."""

    def __init__(self, open_client: OpenWebSocketClient) -> None:
        self._open_client = open_client

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key`; the id that AWS gave it.

        AWS refuses a key that exists (API reference): Conflict. After a lost answer nothing is repeated, lest there be
        two: AnswerLost.
        """
        websocket = self._open_client()
        call = calls.create_websocket_response(websocket.caller.destination, ref)
        fields: Any = normal.websocket_request(response)
        answer = websocket.caller.call(
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
        return str(answer["IntegrationResponseId"])

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge exactly these fields into the response of `ref.response_id`; without any, nothing is sent.

        There is no null: None is no field. A merge is the same however often it is repeated. Raises ValueError without
        an id.
        """
        merged: Any = normal.boto_members(fields)
        if not merged:
            return
        websocket = self._open_client()
        call = calls.websocket_response(websocket.caller.destination, ref, "UpdateIntegrationResponse", CallEffect.SETS)
        asked = calls.websocket_response_arguments(ref)
        websocket.caller.call(
            call,
            lambda: response_checks.check_response_id(
                websocket.client.update_integration_response(**asked, **merged), ref.response_id
            ),
        )

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; False when there was nothing to delete.

        A 404 after an earlier try whose answer was lost means that this one deleted it: that is True. Raises
        ValueError without an id.
        """
        websocket = self._open_client()
        call = calls.websocket_response(
            websocket.caller.destination, ref, "DeleteIntegrationResponse", CallEffect.DELETES
        )
        asked = calls.websocket_response_arguments(ref)
        tries = CallAttempts(websocket.caller, call)
        try:
            tries.send(lambda: websocket.client.delete_integration_response(**asked))
        except NotFound:
            return tries.lost
        return True

    def websocket_deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the API to a stage; as a rule that is PENDING yet when it is answered (service model).

        After a lost answer nothing is repeated, lest it be deployed twice: AnswerLost.
        """
        websocket = self._open_client()
        call = calls.create_deployment(websocket.caller.destination, target, stage_name)
        asked = {"ApiId": target.api_id, "StageName": stage_name, "Description": description}
        answer = websocket.caller.call(
            call, lambda: response_checks.check_websocket_deployment(websocket.client.create_deployment(**asked))
        )
        return normal.websocket_deployment(answer)

    def websocket_point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Let a stage serve an earlier deployment."""
        websocket = self._open_client()
        call = calls.stage(websocket.caller.destination, target, stage_name, "UpdateStage", CallEffect.SETS)
        websocket.caller.call(
            call,
            lambda: response_checks.check_stage_deployment(
                websocket.client.update_stage(ApiId=target.api_id, StageName=stage_name, DeploymentId=deployment_id),
                deployment_id,
            ),
        )

"""The write half of the control plane, for REST APIs.

One method, one call; a call whose response is lost even after retries raises AnswerLost. Nothing here reads, decides or
orders.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reconciler import normal
from reconciler.aws import calls, response_checks
from reconciler.aws.calls import CallEffect
from reconciler.aws.retry import ApiCaller, CallAttempts
from reconciler.errors import NotFound
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Deployment
from reconciler.models.targets import ResponseRef, Target

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigateway.type_defs import PatchOperationTypeDef


class RestWriter:
    """The REST half of `ports.Writer`."""

    def __init__(self, client: "APIGatewayClient", caller: ApiCaller) -> None:
        self._client = client
        self._caller = caller

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        """Create or replace the whole response: PutIntegrationResponse does not merge (recorded answers)."""
        call = calls.integration_response(self._caller.destination, ref, "PutIntegrationResponse", CallEffect.SETS)
        fields: Any = normal.rest_request(response)
        self._caller.call(
            call,
            lambda: response_checks.check_status(
                self._client.put_integration_response(**calls.response_arguments(ref), **fields), ref.code
            ),
        )

    def delete_response(self, ref: ResponseRef) -> bool:
        """Delete the response; return False if there was nothing to delete.

        AWS then returns 404 (recorded answers), but also if an earlier attempt whose response was lost deleted it: that
        is True.
        """
        call = calls.integration_response(
            self._caller.destination, ref, "DeleteIntegrationResponse", CallEffect.DELETES
        )
        attempts = CallAttempts(self._caller, call)
        try:
            attempts.send(lambda: self._client.delete_integration_response(**calls.response_arguments(ref)))
        except NotFound:
            return attempts.lost
        return True

    def put_method_response(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Create a method response that declares these parameters. AWS refuses an existing one: Conflict."""
        call = calls.method_response(self._caller.destination, ref, "PutMethodResponse", CallEffect.ADDS)
        declared = dict.fromkeys(sorted(parameters), False)
        self._caller.call(
            call,
            lambda: response_checks.check_status(
                self._client.put_method_response(**calls.response_arguments(ref), responseParameters=declared), ref.code
            ),
        )

    def add_parameters(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Declare more headers on a method response; sends nothing if there are none."""
        operations: list[PatchOperationTypeDef] = [
            {"op": "add", "path": f"/responseParameters/{_pointer_token(name)}", "value": "false"}
            for name in sorted(parameters)
        ]
        if not operations:
            return
        call = calls.method_response(self._caller.destination, ref, "UpdateMethodResponse", CallEffect.ADDS)
        self._caller.call(
            call,
            lambda: response_checks.check_status(
                self._client.update_method_response(**calls.response_arguments(ref), patchOperations=operations),
                ref.code,
            ),
        )

    def rest_deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the API to a stage. Not retried after a lost response, to avoid two deployments: AnswerLost."""
        call = calls.create_deployment(self._caller.destination, target, stage_name)
        response = self._caller.call(
            call,
            lambda: response_checks.check_created_deployment(
                self._client.create_deployment(restApiId=target.api_id, stageName=stage_name, description=description)
            ),
        )
        return normal.rest_deployment(response)

    def rest_point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Make a stage serve an earlier deployment. AWS refuses a missing one: BadRequest (recorded answers)."""
        call = calls.stage(self._caller.destination, target, stage_name, "UpdateStage", CallEffect.SETS)
        operations: list[PatchOperationTypeDef] = [{"op": "replace", "path": "/deploymentId", "value": deployment_id}]
        arguments = {"restApiId": target.api_id, "stageName": stage_name}
        self._caller.call(
            call,
            lambda: response_checks.check_stage_deployment(
                self._client.update_stage(**arguments, patchOperations=operations), deployment_id
            ),
        )


def _pointer_token(name: str) -> str:
    """Escape a token of a JSON pointer, `~` first, or it would escape the escapes (API reference, PatchOperation)."""
    return name.replace("~", "~0").replace("/", "~1")

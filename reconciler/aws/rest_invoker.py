"""Test calls of REST methods."""

from typing import TYPE_CHECKING

from reconciler.aws import calls, response_checks
from reconciler.aws.retry import ApiCaller
from reconciler.models.invocations import InvocationResult, MethodInvocation

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient


class RestInvoker:
    """`ports.MethodInvoker`, through a client that sends only TestInvokeMethod."""

    def __init__(self, client: "APIGatewayClient", caller: ApiCaller) -> None:
        self._client = client
        self._caller = caller

    def invoke(self, invocation: MethodInvocation) -> InvocationResult:
        """Call the method. Retried only if AWS turned the call away before the backend was called.

        Raises AnswerLost if the backend may have been called, NotFound when there is no such method, AwsError,
        Interrupted.
        """
        call = calls.test_invoke_method(self._caller.destination, invocation)
        return self._caller.call(
            call,
            lambda: response_checks.parse_invocation(
                self._client.test_invoke_method(
                    restApiId=invocation.api_id,
                    resourceId=invocation.resource_id,
                    httpMethod=invocation.scope.method,
                    pathWithQueryString=invocation.path,
                    headers=invocation.headers,
                    body=invocation.body,
                    stageVariables=invocation.stage_variables,
                )
            ),
        )

"""Calls to a control plane of the model, with its errors as ours.

A fault of the model stands for what is left after the last attempt. `_ERROR_TYPES` maps error responses to our errors.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any, Final, assert_never

from reconciler import errors
from reconciler.meter import CallMeter
from reconciler.models.routes import RouteRef
from reconciler.models.targets import Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.sandbox.model.errors import NO_STATUS, ModelError
from reconciler.sandbox.model.faults import Dropped, LostAnswer, NoConnection, TransportFailure, Truncated
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json
from reconciler.sandbox.model.v2.state import NO_RESPONSE

_PAGE: Final = 500
_V2_PAGE: Final = "100"
"""The largest page that published tools request from v2; its maximum is not recorded."""

_ERROR_TYPES: Final[tuple[tuple[Container[int], Container[str], type[errors.AwsError]], ...]] = (
    (range(400, 600), {"LimitExceededException"}, errors.QuotaExceeded),
    ({429}, {"TooManyRequestsException"}, errors.Throttled),
    ({400, 401, 403}, {"AccessDeniedException", "UnauthorizedException"}, errors.AccessDenied),
    ({404}, {"NotFoundException"}, errors.NotFound),
    ({409}, {"ConflictException"}, errors.Conflict),
    (range(500, 600), {"InternalFailure", "ServiceUnavailableException"}, errors.AnswerLost),
    ({400}, {"BadRequestException", "ValidationException", "SerializationException"}, errors.BadRequest),
)


def _aws_error(error: ModelError) -> errors.AwsError:
    for statuses, codes, kind in _ERROR_TYPES:
        if error.status in statuses and error.code in codes:
            return kind(f"HTTP {error.status} {error.code}: {error.message}")
    return errors.AwsError(str(error))


def _transport_error(failure: TransportFailure) -> errors.AwsError:
    match failure.fault:
        case NoConnection():
            return errors.Unreachable("cannot connect")
        case Dropped() | LostAnswer():
            return errors.AnswerLost("the connection was closed before a response arrived")
        case Truncated():
            return errors.UnreadableAnswer("the body is truncated")
        case _:
            assert_never(failure.fault)


@contextmanager
def _translating_errors() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise _aws_error(error) from error
    except TransportFailure as failure:
        raise _transport_error(failure) from failure


def method_parameters(ref: ResponseRef) -> dict[str, str]:
    """Return the address of the method of a response."""
    return {"restApiId": ref.api_id, "resourceId": ref.resource_id, "httpMethod": ref.scope.method}


def integration_parameters(ref: WebSocketResponseRef) -> dict[str, str]:
    """Return the address of the integration of a response."""
    return {"ApiId": ref.api_id, "IntegrationId": ref.integration_id}


def route_parameters(ref: RouteRef) -> dict[str, str]:
    """Return the address of a route."""
    return {"ApiId": ref.api_id, "RouteId": ref.id}


def api_parameters(target: Target) -> dict[str, str]:
    """Return the address of an API of either kind."""
    match target.kind:
        case Kind.REST_API:
            return {"restApiId": target.api_id}
        case Kind.WEBSOCKET_API:
            return {"ApiId": target.api_id}
        case _:
            assert_never(target.kind)


def api_not_found(target: Target, error: errors.NotFound) -> errors.ApiNotFound:
    """Return the error for an API that does not exist."""
    return errors.ApiNotFound(f"there is no {target}: {error.message}", "check the id and the region")


class PlaneClient:
    """Calls one control plane, translates its errors, and counts calls on `meter`."""

    def __init__(self, plane: ControlPlane, meter: CallMeter | None = None) -> None:
        self._plane = plane
        self._meter = meter or CallMeter()

    def _call(self, operation: str, **parameters: Any) -> Json:  # noqa: ANN401 - each operation has its own
        api_id = str(parameters.get("restApiId") or parameters.get("ApiId") or "")
        self._meter.called(api_id)
        try:
            with _translating_errors():
                return self._plane.call(operation, **parameters)
        except errors.Throttled:
            self._meter.throttled(api_id)
            raise

    def _rest_or_none(self, operation: str, ref: ResponseRef) -> Json | None:
        """Return the result, or None if the method has no such status; other 404s say nothing about a response."""
        try:
            return self._call(operation, **method_parameters(ref), statusCode=ref.code)
        except errors.NotFound as error:
            if not error.message.endswith(NO_STATUS):
                raise
            return None

    def _websocket_or_none(self, operation: str, ref: WebSocketResponseRef) -> Json | None:
        """Return the result, or None if the integration has no such response; other 404s say nothing about one."""
        try:
            return self._call(operation, **integration_parameters(ref), IntegrationResponseId=ref.response_id)
        except errors.NotFound as error:
            if NO_RESPONSE not in error.message:
                raise
            return None

    def _v2_pages(self, operation: str, **address: str) -> Iterator[Json]:
        token: dict[str, str] = {}
        while True:
            page = self._call(operation, **address, MaxResults=_V2_PAGE, **token)
            yield from page["Items"]
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def _pages(self, operation: str, **parameters: Any) -> Iterator[Json]:  # noqa: ANN401 - each operation has its own
        position: dict[str, str] = {}
        while True:
            page = self._call(operation, **parameters, limit=_PAGE, **position)
            yield from page["items"]
            if not page.get("position"):
                return
            position = {"position": page["position"]}

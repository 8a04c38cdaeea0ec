"""The HTTP server: the model for the APIs of API Gateway, moto's own server for everything else.

Nothing of moto is patched. Requests that are signed for API Gateway and concern REST, WebSocket or HTTP APIs never
reach moto, whose API Gateway is more lenient than AWS; nor do those to CloudTrail's event history, which moto has not.
STS and every other service do. Needs the `sandbox` extra.
"""

import socket
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from reconciler.sandbox.model.event_log import Caller, calling_as
from reconciler.sandbox.model.faults import Dropped, LostAnswer, NoConnection, TransportFailure, Truncated
from reconciler.sandbox.model.plane import ControlPlane, SimulatedAws
from reconciler.sandbox.paths import is_api_path
from reconciler.sandbox.wire import HttpRequest, HttpResponse, handle_lookup, handle_request, render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SERVICE: Final = "apigateway"
_HISTORY: Final = "cloudtrail"
_UNSIGNED: Final = HttpResponse(
    403,
    {"Content-Type": "application/json", "x-amzn-ErrorType": "MissingAuthenticationTokenException"},
    b'{"message": "Missing Authentication Token"}',
)


class _QuietRequestHandler(MotoRequestHandler):  # type: ignore[misc] # moto is not followed
    """Does not log requests; errors of the server itself are still printed."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


class SandboxApplication:
    """The WSGI application in front of moto's application."""

    def __init__(self, aws: SimulatedAws) -> None:
        self._aws = aws
        self._moto: WSGIApplication = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Handle one request with the model or with moto."""
        target = environ["REQUEST_URI"]
        scope = _credential_scope(environ.get("HTTP_AUTHORIZATION", ""))
        if scope and scope["service"] == _HISTORY and environ.get("HTTP_X_AMZ_TARGET", "").endswith(".LookupEvents"):
            return _send(handle_lookup(self._plane(scope), _body(environ)), start_response)
        if not is_api_path(target) or (scope and scope["service"] != _SERVICE):
            return self._moto(environ, start_response)
        if not scope:
            return _send(_UNSIGNED, start_response)
        plane = self._plane(scope)
        request = HttpRequest(environ["REQUEST_METHOD"], target, _body(environ))
        try:
            with calling_as(_caller(plane, environ)):
                return _send(handle_request(plane, request), start_response)
        except TransportFailure as failure:
            return _send_fault(failure, request, environ, start_response)

    def _plane(self, scope: Mapping[str, str]) -> ControlPlane:
        return self._aws.plane(get_account_id_from(scope["access_key"]), scope["region"])


def _caller(plane: ControlPlane, environ: "WSGIEnvironment") -> Caller:
    """Return who sent a request: the sandbox has one user."""
    arn = f"arn:aws:iam::{plane.account_id}:user/sandbox"
    return Caller(arn, environ.get("REMOTE_ADDR", ""), environ.get("HTTP_USER_AGENT", ""))


def _credential_scope(authorization: str) -> Mapping[str, str]:
    """Return the credential scope of a signed request (Signature Version 4), empty if it is not signed."""
    credential = authorization.partition("Credential=")[2].partition(",")[0]
    parts = credential.split("/")
    names = ("access_key", "date", "region", "service", "terminator")
    return dict(zip(names, parts, strict=True)) if len(parts) == len(names) else {}


def _body(environ: "WSGIEnvironment") -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _send(response: HttpResponse, start_response: "StartResponse") -> Iterable[bytes]:
    status = HTTPStatus(response.status)
    headers = {**response.headers, "Content-Length": str(len(response.body))}
    start_response(f"{status.value} {status.phrase}", list(headers.items()))
    return [response.body]


def _send_fault(
    failure: TransportFailure, request: HttpRequest, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    """Show a fault to the client: close the connection, or send valid HTTP with half of the JSON."""
    match failure.fault:
        case Truncated() if failure.answer is not None:
            whole = render(request, failure.answer)
            half = HttpResponse(whole.status, whole.headers, whole.body[: len(whole.body) // 2])
            return _send(half, start_response)
        case NoConnection() | Dropped() | LostAnswer() | Truncated():
            connection: socket.socket = environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError("a queued fault closed the connection")


def listen(host: str, port: int, aws: SimulatedAws) -> BaseWSGIServer:
    """Return a bound server that does not serve yet, with a thread per request. Raises OSError if the port is taken."""
    application: Any = SandboxApplication(aws)
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as bound:
        return make_server(
            host, port, application, threaded=True, request_handler=_QuietRequestHandler, fd=bound.fileno()
        )

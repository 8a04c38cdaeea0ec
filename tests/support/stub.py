"""A scripted HTTP server on loopback, in the place of AWS."""

import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from reconciler.models.keys import MethodKey
from reconciler.models.targets import Kind, ResponseRef, Target, WebSocketResponseRef

ACCOUNT = "123456789012"
REGION = "eu-west-1"
TARGET = Target(ACCOUNT, REGION, "a1b2c3")
GET_PETS = MethodKey("/pets", "GET")
REF = ResponseRef("a1b2c3", "x1y2z3", GET_PETS, "404")
RESPONSE_PATH = "/restapis/a1b2c3/resources/x1y2z3/methods/GET/integration/responses/404"
STORED = {"statusCode": "404", "selectionPattern": "", "responseTemplates": {"application/json": None}}
ROOT = {"id": "root", "path": "/"}
PETS = {
    "id": "x1y2z3",
    "path": "/pets",
    "resourceMethods": {
        "GET": {
            "httpMethod": "GET",
            "methodResponses": {"404": {"statusCode": "404", "responseParameters": {"method.response.header.X": True}}},
            "methodIntegration": {"type": "MOCK", "integrationResponses": {"404": STORED}},
        }
    },
}
CHAT = Target(ACCOUNT, REGION, "chat1", Kind.WEBSOCKET_API)
CHAT_REF = WebSocketResponseRef("chat1", "int1", "$default", "ir1")
CHAT_RESPONSES_PATH = "/v2/apis/chat1/integrations/int1/integrationresponses"
CHAT_RESPONSE_PATH = f"{CHAT_RESPONSES_PATH}/ir1"
CHAT_STORED = {
    "integrationResponseId": "ir1",
    "integrationResponseKey": "$default",
    "responseParameters": {},
    "responseTemplates": {"200": "$x"},
}
IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/ci</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@dataclass(frozen=True)
class Scripted:
    """One answer of the server. `cut` announces more than is sent; `dropped` closes the connection without a word."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    dropped: bool = False


def said(content: Any, status: int = 200) -> Scripted:  # noqa: ANN401 - any JSON
    """An answer in JSON."""
    return Scripted(status, json.dumps(content))


def refused(status: int, code: str, text: str = "", **headers: str) -> Scripted:
    """An error answer as API Gateway gives it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status, json.dumps({"message": text}), {"x-amzn-ErrorType": code, **named})


PAGE = said({"item": [ROOT, PETS]})
NO_SUCH_RESPONSE = refused(404, "NotFoundException", "Invalid IntegrationResponse identifier specified ir1")
NO_SUCH_STATUS = refused(404, "NotFoundException", "Invalid Response status code specified")
DROPPED = Scripted(dropped=True)


def _ignore(_: str) -> None:
    """Hear of a request, and do nothing."""


@dataclass
class Stub:
    """The server: answers calls to API Gateway in order, and knows what it was sent.

    `standing` are answers to one request each, whenever and however often it comes; `arrived` hears of every request
    before it is answered, on a thread of its own.
    """

    url: str = ""
    answers: list[Scripted] = field(default_factory=list)
    standing: dict[str, Scripted] = field(default_factory=dict)
    arrived: Callable[[str], object] = _ignore
    identity: Scripted = Scripted(200, IDENTITY)
    role: Scripted = Scripted(403)
    sts_bodies: list[str] = field(default_factory=list)
    signers: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def answer(self, request: str, body: str, agent: str) -> Scripted:
        """The next answer."""
        self.calls.append(request)
        self.agents.append(agent)
        if request == "POST /" and not body.startswith("{"):  # CloudTrail's calls go there as well, in JSON
            self.sts_bodies.append(body)
            return self.role if "Action=AssumeRole&" in body else self.identity
        self.bodies.append(json.loads(body) if body else None)
        self.arrived(request)
        return self.standing[request] if request in self.standing else self.answers.pop(0)

    def forget(self) -> None:
        """Drop script and memory."""
        self.identity = Scripted(200, IDENTITY)
        self.arrived = _ignore
        self.standing.clear()
        for memory in (self.answers, self.calls, self.bodies, self.agents, self.sts_bodies, self.signers):
            memory.clear()

    @property
    def gateway_calls(self) -> list[str]:
        """The calls to API Gateway."""
        return [call for call in self.calls if call != "POST /"]


class Handler(BaseHTTPRequestHandler):
    """Plays the script."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stub: Stub

    def play(self) -> None:
        """Answer a request as scripted."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.stub.signers.append(re.sub(r".*Credential=(\w*).*", r"\1", self.headers.get("Authorization", "")))
        answer = self.stub.answer(f"{self.command} {self.path}", body, self.headers["User-Agent"])
        if answer.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        content = answer.body.encode()
        self.send_header("Content-Length", str(len(content) + (100 if answer.cut else 0)))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = answer.cut

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = play  # noqa: N815 - the server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def closed_port() -> str:
    """An endpoint where nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

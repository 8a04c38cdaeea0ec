"""IAM, as far as policies that allow something go, and what calls ask of it.

What a call asks for is read off botocore's service models, which know nothing of our own table of operations.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from botocore.loaders import create_loader

from reconciler.models.targets import Kind
from reconciler.sandbox.model.plane import REGION, RecordedCall

Asked: TypeAlias = tuple[str, str]
"""An action and the ARN of a resource."""

_SERVICES = {Kind.REST_API: "apigateway", Kind.WEBSOCKET_API: "apigatewayv2"}


class Policy:
    """An evaluator: a request is allowed by any statement of which an action and a resource fit."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.statements: list[dict[str, Any]] = document["Statement"]

    def allows(self, asked: Asked) -> bool:
        """Whether a request may be made."""
        return any(_fits(action, resource, asked) for _, action, resource in self.grants())

    def grants(self) -> list[tuple[str, str, str]]:
        """Each action on each resource, with the statement that has it."""
        return [
            (statement["Sid"], action, resource)
            for statement in self.statements
            if statement["Effect"] == "Allow"
            for action in statement["Action"]
            for resource in statement["Resource"]
        ]

    def idle(self, asked: Iterable[Asked]) -> list[tuple[str, str, str]]:
        """The grants that none of the requests needs."""
        requests = list(asked)
        return [grant for grant in self.grants() if not any(_fits(grant[1], grant[2], request) for request in requests)]


def _fits(action: str, resource: str, asked: Asked) -> bool:
    """`*` is any text, slashes and colons too, `?` one character; actions do not tell capitals from small letters."""
    return bool(_glob(action.lower()).fullmatch(asked[0].lower()) and _glob(resource).fullmatch(asked[1]))


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


@cache
def _model(kind: Kind) -> Mapping[str, Any]:
    found: Mapping[str, Any] = create_loader().load_service_model(_SERVICES[kind], "service-2")
    return found


def asked_by(call: RecordedCall, region: str = REGION) -> Asked:
    """What a call to the control plane asks IAM for."""
    kind = Kind.WEBSOCKET_API if "ApiId" in call.parameters or call.operation == "GetApis" else Kind.REST_API
    return asked_for(kind, call.operation, call.parameters, region)


def asked_for(kind: Kind, operation: str, parameters: Mapping[str, Any], region: str = REGION) -> Asked:
    """What an operation asks IAM for."""
    model = _model(kind)
    known = model["operations"][operation]
    members = model["shapes"][known["input"]["shape"]]["members"]
    path = known["http"]["requestUri"].removeprefix("/v2")
    for name, member in members.items():
        if member.get("location") == "uri":
            path = path.replace(f"{{{member['locationName']}}}", parameters[name])
    return f"apigateway:{known['http']['method']}", f"arn:aws:apigateway:{region}::{path}"

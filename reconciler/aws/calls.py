"""What a call is: how messages name it, which permission it needs, and what its repetition would do.

Promise: values only; nothing here sends anything or knows boto3.
"""

import enum
from dataclasses import dataclass
from typing import TypedDict

from reconciler.models.targets import ResponseRef


class Effect(enum.Enum):
    """What a call does to the control plane, hence what may follow a lost answer."""

    READS = "reads"
    """Nothing: repeat at will."""

    SETS = "sets"
    """The same state however often it is repeated."""

    DELETES = "deletes"
    """As SETS, but a repetition answers 404 when an earlier try took effect."""

    ADDS = "adds"
    """Refused when repeated after it took effect: whoever lost the answer has to look."""


_VERBS = {"Get": "GET", "Put": "PUT", "Update": "PATCH", "Delete": "DELETE"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where calls go.

    `account_id` is "" while it is being asked for, `partition` is `aws`, `aws-cn` ..., `endpoint` is the URL without
    path and credentials.
    """

    account_id: str
    region: str
    partition: str
    endpoint: str

    def __str__(self) -> str:
        return f"account {self.account_id}, {self.region}" if self.account_id else self.region


@dataclass(frozen=True, slots=True)
class Call:
    """One operation on one thing.

    `subject` is the thing as users know it. `action` and `resource` are what an IAM policy has to allow (Service
    Authorization Reference: actions are HTTP verbs, resources are URL paths, the account field is empty).
    """

    operation: str
    subject: str
    place: Place
    effect: Effect
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.operation} of {self.subject} ({self.place})"


def _call(operation: str, subject: str, place: Place, effect: Effect, path: str) -> Call:
    verb = next(verb for begin, verb in _VERBS.items() if operation.startswith(begin))
    resource = f"arn:{place.partition}:apigateway:{place.region}::{path}"
    return Call(operation, subject, place, effect, f"apigateway:{verb}", resource)


def caller_identity(place: Place, settings: str) -> Call:
    """Who the credentials of these settings belong to. AWS allows it to everybody."""
    return Call("GetCallerIdentity", settings, place, Effect.READS, "sts:GetCallerIdentity", "*")


def listing(place: Place) -> Call:
    """Every REST API of the region."""
    return _call("GetRestApis", "all REST APIs", place, Effect.READS, "/restapis")


def resources(place: Place, api_id: str) -> Call:
    """The bulk read of one API."""
    return _call("GetResources", f"REST API {api_id}", place, Effect.READS, f"/restapis/{api_id}/resources")


def _method_path(ref: ResponseRef) -> str:
    return f"/restapis/{ref.api_id}/resources/{ref.resource_id}/methods/{ref.scope.method}"


def integration_response(place: Place, ref: ResponseRef, operation: str, effect: Effect) -> Call:
    """Something done to an integration response."""
    subject = f"integration response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _call(operation, subject, place, effect, f"{_method_path(ref)}/integration/responses/{ref.code}")


def method_response(place: Place, ref: ResponseRef, operation: str, effect: Effect) -> Call:
    """Something done to a method response."""
    subject = f"method response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _call(operation, subject, place, effect, f"{_method_path(ref)}/responses/{ref.code}")


class ResponseArguments(TypedDict):
    """What boto3's methods on integration responses and method responses take in common."""

    restApiId: str
    resourceId: str
    httpMethod: str
    statusCode: str


def arguments(ref: ResponseRef) -> ResponseArguments:
    """A response as boto3 addresses it."""
    return ResponseArguments(
        restApiId=ref.api_id, resourceId=ref.resource_id, httpMethod=ref.scope.method, statusCode=ref.code
    )

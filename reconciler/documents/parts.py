"""What the documents have in common: shapes and builders of targets, responses, values and problems.

The docstrings and descriptions of the shapes are printed into `schemas/*.schema.json`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from reconciler.deployments import Item
from reconciler.diagnostics import Diagnostic, Location
from reconciler.diff import FieldChange
from reconciler.models.desired import ManifestRef
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.responses import Response
from reconciler.models.targets import Target

FORMAT_VERSION = "1.0"

FormatVersion: TypeAlias = Annotated[
    str, Field(pattern=r"^1\.\d+$", description="The second number grows when the document gains keys.")
]
Text: TypeAlias = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"$text": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}},
                    "required": ["$text"],
                    "additionalProperties": False,
                    "description": "In saved plans: a long text, stored in `texts` under this digest.",
                },
            ]
        }
    ),
]
State: TypeAlias = dict[str, Text | dict[str, Text]]


class JsonDocument(BaseModel):
    """What all parts have in common: camelCase keys, and none but these."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class SourceDocument(JsonDocument):
    """A place in a manifest."""

    file: str
    line: int = Field(description="Counts from 1; 0 for the file as a whole.")


class ChangeDocument(JsonDocument):
    """One value: `before` is live, `after` is what the manifest wants; null means not set."""

    path: str = Field(description="As in `responseTemplates.application/json`.")
    before: Text | None
    after: Text | None


class TargetDocument(JsonDocument):
    """The API that manifests resolve to, and digests of what was compared."""

    manifests: list[str]
    kind: str
    environment: str | None
    protected: bool = Field(default=False, description="Whether the environment is protected.")
    account_id: str
    region: str
    api_id: str
    api_name: str | None = Field(description="Null when the manifest names the API by its id.")
    live_digest: str = Field(description="The digest of the listed methods, as read.")
    desired_digest: str = Field(description="The digest of what the manifests resolve to.")


class ResponseTarget(JsonDocument):
    """What names one response of a REST API."""

    manifest: str
    kind: str
    api_id: str
    resource_id: str | None = Field(description="Null when the path is gone from the API.")
    path: str
    method: str
    status_code: str
    environment: str | None
    account_id: str
    region: str


class WebSocketResponseTarget(JsonDocument):
    """What names one response of a WebSocket API."""

    manifest: str
    kind: str
    api_id: str
    route_key: str | None = Field(description="Null when the manifest names the integration by its id.")
    integration_id: str | None = Field(description="Null when the route is gone from the API.")
    integration_response_key: str
    environment: str | None
    account_id: str
    region: str


TargetOfResponse: TypeAlias = ResponseTarget | WebSocketResponseTarget


class DiagnosticDocument(JsonDocument):
    """A problem, with its place. `also` are the other responses that it concerns, by a set or a template file."""

    severity: Literal["error", "warning"]
    rule: str
    message: str
    remedy: str
    file: str | None
    line: int | None
    column: int | None
    address: str | None
    also: list[str]


class StageTarget(JsonDocument):
    """The API whose stage it is."""

    manifests: list[str]
    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str


class PendingDocument(JsonDocument):
    """One thing that a deployment would publish: `before` is served, `after` is what the draft will be."""

    subject: Literal[
        "response",
        "methodResponse",
        "integration",
        "access",
        "method",
        "responses",
        "api",
        "model",
        "requestValidator",
        "gatewayResponse",
    ] = Field(description="`responses` and `api` of WebSocket APIs: all listed responses, and everything else.")
    op: Literal["create", "update", "delete"]
    address: str
    outside: str | None = Field(description="Why it is outside the plan; null if it is part of the plan.")
    changes: list[ChangeDocument]


def dumped(document: JsonDocument) -> str:
    """Return the document as JSON, in ASCII, so that no text in it reaches a terminal as a control sequence."""
    return json.dumps(document.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=True)


def target_document(
    target: Target, manifests: Iterable[ManifestRef], live_digest: str, desired_digest: str
) -> TargetDocument:
    """Return an API, with the digests of what was compared."""
    return TargetDocument(
        manifests=[manifest.name for manifest in manifests],
        kind=target.kind.value,
        environment=target.environment,
        protected=target.is_protected,
        account_id=target.account_id,
        region=target.region,
        api_id=target.api_id,
        api_name=target.api_name,
        live_digest=live_digest,
        desired_digest=desired_digest,
    )


def response_target(target: Target, manifest: str, key: ResponseKey, parent_id: str | None) -> TargetOfResponse:
    """Return what names a response of an API; `parent_id` is the id of its resource or integration."""
    api: dict[str, Any] = {
        "manifest": manifest,
        "kind": target.kind.value,
        "environment": target.environment,
        "account_id": target.account_id,
        "region": target.region,
        "api_id": target.api_id,
    }
    match key.scope:
        case MethodKey(path, method):
            return ResponseTarget(**api, resource_id=parent_id, path=path, method=method, status_code=key.code)
        case IntegrationKey(route, identifier):
            return WebSocketResponseTarget(
                **api,
                route_key=route or None,
                integration_id=parent_id or (None if route else identifier),
                integration_response_key=key.code,
            )


def stage_target(manifests: Iterable[str], target: Target) -> StageTarget:
    """Return the API of a stage."""
    return StageTarget(
        manifests=list(manifests),
        kind=target.kind.value,
        environment=target.environment,
        account_id=target.account_id,
        region=target.region,
        api_id=target.api_id,
    )


def pending_document(item: Item) -> PendingDocument:
    """Return one thing that a deployment would publish."""
    return PendingDocument(
        subject=item.subject,
        op=item.op,
        address=item.address,
        outside=item.outside or None,
        changes=changes_of(item.changes),
    )


def state_of(response: Response) -> State:
    """Return the values of a response that are set."""
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in response.document().items()
        if value is not None
    }


def changes_of(changes: Iterable[FieldChange]) -> list[ChangeDocument]:
    """Return the changes value by value."""
    return [ChangeDocument(path=change.path, before=change.before, after=change.after) for change in changes]


def source_of(location: Location | None) -> SourceDocument | None:
    """Return a place in a manifest, if there is one."""
    return SourceDocument(file=location.file, line=location.line) if location else None


def diagnostic_document(diagnostic: Diagnostic) -> DiagnosticDocument:
    """Return a diagnostic; file, line and column are null if it has no location."""
    location = diagnostic.location
    return DiagnosticDocument(
        severity=diagnostic.severity.value,
        rule=diagnostic.rule.id,
        message=diagnostic.message,
        remedy=diagnostic.remedy,
        file=location.file if location else None,
        line=location.line if location else None,
        column=location.column if location else None,
        address=diagnostic.address or None,
        also=list(diagnostic.also),
    )

"""The responses of an export, each with the ids by which AWS and other tools know it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.engine.export.export import Exported
from reconciler.manifest.writer import ManifestFile
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveMethod, LiveScope
from reconciler.models.targets import Kind


@dataclass(frozen=True, slots=True, order=True)
class ResponseIdentity:
    """What identifies a response in AWS: of REST, resource, verb and status; of WebSocket, integration, "" and key."""

    api_id: str
    parent_id: str
    verb: str
    code: str


@dataclass(frozen=True, slots=True)
class TakenResponse:
    """A response that a manifest declares now. `response_id`: AWS's id of a WebSocket response, else ""."""

    manifest: str
    kind: Kind
    api_name: str
    scope: Scope
    identity: ResponseIdentity
    response_id: str = ""

    @property
    def address(self) -> str:
        """Its name in texts."""
        return f"{self.manifest}: {self.scope} {self.identity.code}"

    @property
    def import_id(self) -> str:
        """The id by which Terraform's AWS provider imports it (provider documentation)."""
        parent = f"{self.identity.api_id}/{self.identity.parent_id}"
        if self.kind is Kind.REST_API:
            return f"{parent}/{self.identity.verb}/{self.identity.code}"
        return f"{parent}/{self.response_id}"


def taken_responses(exported: Exported) -> tuple[TakenResponse, ...]:
    """Return every exported response, in order; methods that were left out stay with the other tool."""
    omitted = {(each.subject.live.target.api_id, each.scope) for each in exported.omitted}
    return tuple(
        response
        for file in exported.files
        if isinstance(file, ManifestFile)
        for scope, method in file.subject.contents().items()
        if (file.subject.live.target.api_id, scope) not in omitted
        for response in _of_method(file, scope, method)
    )


def _of_method(file: ManifestFile, scope: Scope, method: LiveScope) -> Iterator[TakenResponse]:
    target = file.subject.live.target
    for code in sorted(method.responses):
        if isinstance(method, LiveMethod):
            verb = scope.method if isinstance(scope, MethodKey) else ""
            identity, response_id = ResponseIdentity(target.api_id, method.resource_id, verb, code), ""
        else:
            identity = ResponseIdentity(target.api_id, method.integration_id, "", code)
            response_id = method.response_ids.get(code, "")
        yield TakenResponse(file.subject.name, target.kind, target.api_name or "", scope, identity, response_id)

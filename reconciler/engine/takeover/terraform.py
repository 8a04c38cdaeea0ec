"""Find the resources of Terraform that hold exported responses. Pure.

A `removed` block names a whole resource, never one of its instances (Terraform documentation, removed block): where
some instances of a resource hold responses that were not exported, the block would release those too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.engine.takeover.responses import ResponseIdentity, TakenResponse
from reconciler.engine.takeover.state import StateResource
from reconciler.models.targets import Kind

RESOURCE_TYPES: Final = {
    Kind.REST_API: "aws_api_gateway_integration_response",
    Kind.WEBSOCKET_API: "aws_apigatewayv2_integration_response",
}
_API: Final = "aws_api_gateway_rest_api"


@dataclass(frozen=True, slots=True)
class ManagedResource:
    """A resource of a state, the exported responses of its instances, and its instances that hold others."""

    address: str
    responses: tuple[TakenResponse, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerraformTakeover:
    """The resources to remove, the responses that no resource holds, and the APIs that are imported from a document.

    `has_state` False: no state was given, so nothing is known of resources.
    """

    resources: tuple[ManagedResource, ...]
    unmanaged: tuple[TakenResponse, ...]
    imported: tuple[str, ...] = ()
    has_state: bool = True


def terraform_takeover(responses: Sequence[TakenResponse], state: Sequence[StateResource] | None) -> TerraformTakeover:
    """Return what holds these responses in a state; None if there is no state."""
    if state is None:
        return TerraformTakeover((), tuple(responses), has_state=False)
    wanted = {(RESOURCE_TYPES[response.kind], response.identity): response for response in responses}
    held: dict[str, list[TakenResponse]] = {}
    others: dict[str, list[str]] = {}
    for resource in state:
        if resource.type in RESOURCE_TYPES.values():
            response = wanted.get((resource.type, _identity(resource)))
            if response:
                held.setdefault(resource.address, []).append(response)
            else:
                others.setdefault(resource.address, []).append(resource.instance)
    found = {response.identity for each in held.values() for response in each}
    api_ids = {response.identity.api_id for response in responses}
    return TerraformTakeover(
        tuple(
            ManagedResource(address, tuple(held[address]), tuple(sorted(others.get(address, ()))))
            for address in sorted(held)
        ),
        tuple(response for response in responses if response.identity not in found),
        tuple(sorted({each.address for each in state if _is_imported(each) and each.text("id") in api_ids})),
    )


def _identity(resource: StateResource) -> ResponseIdentity:
    if resource.type == RESOURCE_TYPES[Kind.REST_API]:
        names = ("rest_api_id", "resource_id", "http_method", "status_code")
        api, parent, verb, code = map(resource.text, names)
        return ResponseIdentity(api, parent, verb.upper(), code)
    api, parent, code = map(resource.text, ("api_id", "integration_id", "integration_response_key"))
    return ResponseIdentity(api, parent, "", code)


def _is_imported(resource: StateResource) -> bool:
    """Whether it is an API that Terraform makes of an OpenAPI document."""
    return resource.type == _API and bool(resource.text("body"))

"""The schema of a `kind: ResponseSet` document, as pydantic models.

What validates is structurally sound for the kind of API that the set is for. `parts` has what the kinds share.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from reconciler.manifest.schema.parts import SET_FOR, ManifestModel, Name, Uses, Version
from reconciler.manifest.schema.rest import RestResponses
from reconciler.manifest.schema.websocket import WebSocketResponses
from reconciler.models.targets import Kind

_FOR: Final = "The kind of API that the set is for."
_RESPONSES: Final = "The responses that every user of the set gets; `absent` removes a response of an earlier set."


class RestSetSpec(ManifestModel):
    """Responses for the methods of REST APIs."""

    for_: Literal["RestApi"] = Field(alias="for", description=_FOR)
    use: Uses
    responses: RestResponses = Field(description=_RESPONSES)


class WebSocketSetSpec(ManifestModel):
    """Responses for the integrations of WebSocket APIs."""

    for_: Literal["WebSocketApi"] = Field(alias="for", description=_FOR)
    use: Uses
    responses: WebSocketResponses = Field(description=_RESPONSES)


def _kind(value: object) -> str | None:
    if isinstance(value, ManifestModel):
        value = {"for": Kind.REST_API if isinstance(value, RestSetSpec) else Kind.WEBSOCKET_API}
    wanted = value.get("for") if isinstance(value, dict) else None
    return f"<{wanted}>" if wanted in tuple(Kind) else None


SetSpec: TypeAlias = Annotated[
    Annotated[RestSetSpec, Tag("<RestApi>")] | Annotated[WebSocketSetSpec, Tag("<WebSocketApi>")],
    Discriminator(_kind, custom_error_type=SET_FOR, custom_error_message="for which kind"),
]


class SetMetadata(ManifestModel):
    """The name of the set."""

    name: Name = Field(description="Unique among the sets of a configuration; `use` names it.")


class ResponseSet(ManifestModel):
    """Responses that manifests share."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["ResponseSet"] = Field(description="Responses that manifests share.")
    metadata: SetMetadata = Field(description="The name of the set.")
    spec: SetSpec = Field(description="The responses, and the kind of API that they are for.")

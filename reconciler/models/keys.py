"""Keys of methods, integrations and their responses."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class MethodKey:
    """A REST method by resource path and HTTP verb, as in `GET /pets/{petId}`."""

    path: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, order=True)
class IntegrationKey:
    """A WebSocket integration, by the key of a route that targets it, or by its id if no route does.

    In a manifest one of the two is given and the other is "". Bound to an API (`reconciler.resolve.bind`), `id` is
    always there, and `route` is the route key by which a manifest lists it.
    """

    route: str = ""
    id: str = ""

    def __str__(self) -> str:
        return self.route or f"integration {self.id}"


Scope: TypeAlias = MethodKey | IntegrationKey
"""A method or integration whose responses a manifest manages. An API has scopes of one kind only."""


@dataclass(frozen=True, slots=True, order=True)
class ResponseKey:
    """One integration response by its scope and its own key.

    `code` is the status code in REST, as in `GET /pets/{petId} 404`, and the integration response key in WebSocket
    APIs, as in `sendMessage $default`.
    """

    scope: Scope
    code: str

    def __str__(self) -> str:
        return f"{self.scope} {self.code}"

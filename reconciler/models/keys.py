"""What names a method or an integration, and a response of it."""

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
    """A WebSocket integration, by a route key that it is the target of, or by its id where no route leads to it.

    In a manifest one of the two is given and the other is "". Bound to an API (`reconciler.resolve.bind`), `id` is
    always there, and `route` is the route key by which a manifest lists it.
    """

    route: str = ""
    id: str = ""

    def __str__(self) -> str:
        return self.route or f"integration {self.id}"


Scope: TypeAlias = MethodKey | IntegrationKey
"""What a manifest lists and owns the responses of. One API has scopes of one sort only."""


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

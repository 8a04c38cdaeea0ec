"""The stored state of a REST control plane, and lookups in it.

Everything below `RestApi` is replaced, never changed in place. So a deployment's snapshot is a shallow copy, reads need
no copies, and a result returned earlier stays what it was.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from reconciler.mapping.exchange import Backend, ClientRequest
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model.errors import NO_METHOD, NO_RESOURCE, ModelError, not_found

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BackendAnswer:
    """What a backend answers to a client's request."""

    backend: Backend
    request: ClientRequest = field(default_factory=ClientRequest)


BackendAnswers: TypeAlias = Mapping[tuple[str, MethodKey], Sequence[BackendAnswer]]
"""What backends answer to test calls: by the API's id or name, and the method."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH: Final = 10
FIRST_SECOND: Final = 1_750_000_000
"""The time of the model before its first call, in seconds since the epoch."""


class IdSource:
    """Ten-character ids: the same seed gives the same ids, in order; reserved ids come first."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0
        self._reserved: list[str] = []

    def reserve(self, *ids: str) -> None:
        """Use these ids for the next new objects, so that seeded APIs have known ids."""
        self._reserved.extend(ids)

    def copy(self) -> "IdSource":
        """Return a source that continues like this one."""
        twin = IdSource(self._seed)
        twin._count, twin._reserved = self._count, list(self._reserved)
        return twin

    def next(self) -> str:
        """Return a new id."""
        if self._reserved:
            return self._reserved.pop(0)
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()
        return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_ID_LENGTH])


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with its methods, each in the shape of GetMethod's response."""

    id: str
    path: str
    parent_id: str | None = None
    path_part: str | None = None
    methods: Json = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        """Return the resource as responses show it, without methods. The root has neither parent nor path part."""
        shown = {"id": self.id, "path": self.path}
        if self.parent_id is not None and self.path_part is not None:
            shown |= {"parentId": self.parent_id, "pathPart": self.path_part}
        return shown

    def with_method(self, verb: str, method: Json | None) -> "Resource":
        """Return the resource with the method stored, or without it if None."""
        others = {name: other for name, other in self.methods.items() if name != verb or method is not None}
        return replace(self, methods=others if method is None else others | {verb: method})


@dataclass(frozen=True, slots=True)
class StoredDefinitions:
    """The definitions of an API, each as its Get operation shows it.

    Models by name, request validators by id, customised gateway responses by type.
    """

    models: Json = field(default_factory=dict)
    validators: Json = field(default_factory=dict)
    gateway_responses: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredDeployment:
    """A deployment as GetDeployment shows it, with its snapshot of resources and definitions."""

    description: Json
    resources: Mapping[str, Resource]
    definitions: StoredDefinitions = field(default_factory=StoredDefinitions)


@dataclass(slots=True)
class RestApi:
    """One API: its description by GetRestApi, its draft, its deployments and its stages."""

    description: Json
    resources: dict[str, Resource]
    deployments: dict[str, StoredDeployment] = field(default_factory=dict)
    stages: dict[str, Json] = field(default_factory=dict)
    definitions: StoredDefinitions = field(default_factory=StoredDefinitions)

    def copy(self) -> "RestApi":
        """Return an independent copy; everything below it is shared, because it never changes."""
        copies = dict(self.resources), dict(self.deployments), dict(self.stages)
        return RestApi(self.description, *copies, self.definitions)


class RestState:
    """Every REST API of one account and region. Time is a counter, so that runs repeat exactly."""

    def __init__(
        self, account_id: str, region: str, seed: str = "", backends: BackendAnswers = MappingProxyType({})
    ) -> None:
        self.account_id = account_id
        self.region = region
        self.backends = backends
        self.apis: dict[str, RestApi] = {}
        self.ids = IdSource(f"{account_id}/{region}/{seed}")
        self._ticks = 0

    def now(self) -> int:
        """Return seconds since the epoch, one more at every call."""
        self._ticks += 1
        return FIRST_SECOND + self._ticks

    def copy(self) -> "RestState":
        """Return an independent copy that continues like this one."""
        twin = RestState(self.account_id, self.region, backends=self.backends)
        twin.apis = {api_id: api.copy() for api_id, api in self.apis.items()}
        twin.ids, twin._ticks = self.ids.copy(), self._ticks
        return twin

    def api(self, request: Json) -> RestApi:
        """Return the API of a request about the API as a whole.

        Raises 404 with the text that users report for such calls (no recording).
        """
        api = self.apis.get(request["restApiId"])
        if api is None:
            raise not_found(f"Invalid API identifier specified {self.account_id}:{request['restApiId']}")
        return api

    def resource(self, request: Json) -> tuple[RestApi, Resource]:
        """Return the resource of a request; an unknown API is reported as an unknown resource."""
        api = self.apis.get(request["restApiId"])
        resource = api.resources.get(request["resourceId"]) if api else None
        if api is None or resource is None:
            raise not_found(NO_RESOURCE)
        return api, resource

    def method(self, request: Json, missing: str = NO_METHOD) -> Json:
        """Return the method of a request. Raises 404 with the text `missing`."""
        _, resource = self.resource(request)
        method: Json | None = resource.methods.get(request["httpMethod"])
        if method is None:
            raise not_found(missing)
        return method

    def store_method(self, request: Json, method: Json | None) -> None:
        """Replace the method of a request, or remove it if None."""
        api, resource = self.resource(request)
        api.resources[resource.id] = resource.with_method(request["httpMethod"], method)


def sent_members(request: Json, *names: str) -> dict[str, Any]:
    """Return those members of a request that were sent; null counts as not sent."""
    return {name: request[name] for name in names if request.get(name) is not None}


def without_member(document: Json, name: str) -> dict[str, Any]:
    """Return the document without one member."""
    return {key: value for key, value in document.items() if key != name}


def set_entry(document: Json, member: str, key: str, entry: Json | None) -> dict[str, Any]:
    """Return the document with an entry of a map replaced, or removed if None; an empty map is removed."""
    entries = without_member(document.get(member) or {}, key)
    if entry is not None:
        entries[key] = entry
    return {**document, member: entries} if entries else without_member(document, member)


def get_entry(document: Json, member: str, key: str, missing: ModelError) -> Json:
    """Return an entry of one of a document's maps; raises `missing` if there is none."""
    entry: Json | None = (document.get(member) or {}).get(key)
    if entry is None:
        raise missing
    return entry

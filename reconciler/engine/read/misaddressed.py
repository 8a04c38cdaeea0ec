"""Explain why an API is not found: it may be of another kind, or the manifest may give its id as a name.

AWS answers 404 in all these cases. Only a failed lookup pays for the explanation: listing the other kind costs one call
for each connection. If the credentials do not allow that call, the failure stays as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, assert_never

from reconciler.errors import ApiNotFound, Interrupted, ReconcilerError, WrongProtocol, internal_error
from reconciler.models.live import ApiSummary
from reconciler.models.targets import ApiRef, Kind
from reconciler.ports import Connection

Listing: TypeAlias = Sequence[ApiSummary] | ReconcilerError
"""Every API of a kind (HTTP APIs are listed with WebSocket APIs), or the failure to list them."""

_KINDS: Final[Mapping[str, Kind]] = {"REST": Kind.REST_API, "WEBSOCKET": Kind.WEBSOCKET_API}
"""The kinds by protocol. APIs of other protocols have no integration responses."""


class Listings:
    """The APIs of one account and region; each kind is listed once, on first use."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._listings: dict[Kind, Listing] = {}
        self._by_name: dict[Kind, dict[str, list[ApiSummary]]] = {}

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that have been listed without a failure."""
        return tuple(kind for kind, listing in self._listings.items() if not isinstance(listing, ReconcilerError))

    def of(self, kind: Kind) -> Listing:
        """Return the APIs of a kind, or the failure to list them. Raises Interrupted."""
        if kind not in self._listings:
            self._listings[kind] = self._read(kind)
        return self._listings[kind]

    def by_name(self, kind: Kind) -> Mapping[str, Sequence[ApiSummary]]:
        """Return the APIs of a kind by their names, each list in order; none if they cannot be listed.

        APIs without integration responses are left out. Raises Interrupted.
        """
        if kind not in self._by_name:
            names = self._by_name.setdefault(kind, {})
            for api in sorted(filter(has_integration_responses, self._readable(kind))):
                names.setdefault(api.name, []).append(api)
        return self._by_name[kind]

    def elsewhere(self, word: str, kind: Kind) -> ApiSummary | None:
        """Return an API with this id, else with this name, of another kind. Raises Interrupted."""
        known = [api for other in Kind for api in self._readable(other) if _KINDS.get(api.protocol) is not kind]
        by_id = (api for api in known if api.id == word)
        return next(by_id, None) or next((api for api in known if api.name == word), None)

    def by_id(self, word: str, kind: Kind) -> ApiSummary | None:
        """Return the API of this kind with this id. Raises Interrupted."""
        known = (api for api in self._readable(kind) if _KINDS.get(api.protocol) is kind)
        return next((api for api in known if api.id == word), None)

    def _readable(self, kind: Kind) -> Sequence[ApiSummary]:
        listing = self.of(kind)
        return () if isinstance(listing, ReconcilerError) else listing

    def _read(self, kind: Kind) -> Listing:
        try:
            match kind:
                case Kind.REST_API:
                    return self._connection.reader.rest_apis()
                case Kind.WEBSOCKET_API:
                    return self._connection.reader.websocket_apis()
                case _:
                    assert_never(kind)
        except Interrupted:
            raise
        except ReconcilerError as failure:
            return failure
        except Exception as bug:  # noqa: BLE001 - a hostile listing must not hide what others of the run show
            return internal_error(bug)


class ListingCache:
    """The listings of every connection of a run, so that each kind is listed once for each of them."""

    def __init__(self) -> None:
        self._by_connection: dict[int, Listings] = {}

    def of(self, connection: Connection) -> Listings:
        """Return the listings of a connection."""
        return self._by_connection.setdefault(id(connection), Listings(connection))


def has_integration_responses(api: ApiSummary) -> bool:
    """Return whether an API is of a kind that has integration responses."""
    return api.protocol in _KINDS


def explain_not_found(ref: ApiRef, kind: Kind, listings: Listings, failure: ReconcilerError) -> ReconcilerError:
    """Return the failure to find an API, with the cause if it is known. Raises Interrupted."""
    word = ref.id or ref.name or ""
    named = listings.by_id(word, kind) if ref.name else None
    if named:
        remedy = f"{word} is the id of the {kind.words} {named.name!r}; write `api: {{id: {word}}}`"
        return ApiNotFound(failure.message, remedy)
    other = listings.elsewhere(word, kind)
    return _of_another_kind(other, ref, kind) if other else failure


def _of_another_kind(api: ApiSummary, ref: ApiRef, kind: Kind) -> ReconcilerError:
    if not has_integration_responses(api):
        return WrongProtocol(api.id, api.protocol)
    right = _KINDS[api.protocol]
    also = f" and `api: {{id: {api.id}}}`" if ref.name == api.id else ""
    message = f"API {api.id} ({api.name!r}) is a {right.words}, not a {kind.words}"
    return ApiNotFound(message, f"write `kind: {right}`{also}, and list its methods as a manifest of that kind does")

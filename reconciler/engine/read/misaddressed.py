"""What an API that was not found may be instead: one of another kind, or one whose id stands where a name belongs.

AWS answers 404 to all of these alike. Only a failed search asks: the listing of the other kind costs one call for each
connection, and where these credentials may not make it, the failure stays as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, assert_never

from reconciler.errors import ApiNotFound, Interrupted, ReconcilerError, WrongProtocol
from reconciler.models.live import ApiSummary
from reconciler.models.targets import ApiRef, Kind
from reconciler.ports import Connection

Listing: TypeAlias = Sequence[ApiSummary] | ReconcilerError
"""Every API of a kind (HTTP APIs are listed with WebSocket APIs), or why that cannot be told."""

_KINDS: Final[Mapping[str, Kind]] = {"REST": Kind.REST_API, "WEBSOCKET": Kind.WEBSOCKET_API}
"""By protocol. Other protocols have no integration responses."""


class Listings:
    """The APIs of one account and region, each kind listed once, when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[Kind, Listing] = {}

    def of(self, kind: Kind) -> Listing:
        """The APIs of a kind, or the failure to list them. Raises Interrupted."""
        if kind not in self._found:
            self._found[kind] = self._read(kind)
        return self._found[kind]

    def elsewhere(self, word: str, kind: Kind) -> ApiSummary | None:
        """An API of this id, else of this name, that is not of this kind. Raises Interrupted."""
        known = [api for each in Kind for api in self._readable(each) if _KINDS.get(api.protocol) is not kind]
        by_id = (api for api in known if api.id == word)
        return next(by_id, None) or next((api for api in known if api.name == word), None)

    def by_id(self, word: str, kind: Kind) -> ApiSummary | None:
        """The API of this kind that has this id. Raises Interrupted."""
        known = (api for api in self._readable(kind) if _KINDS.get(api.protocol) is kind)
        return next((api for api in known if api.id == word), None)

    def _readable(self, kind: Kind) -> Sequence[ApiSummary]:
        found = self.of(kind)
        return () if isinstance(found, ReconcilerError) else found

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


def has_kind(api: ApiSummary) -> bool:
    """Whether it is of a kind that has integration responses."""
    return api.protocol in _KINDS


def explained(ref: ApiRef, kind: Kind, listings: Listings, failure: ReconcilerError) -> ReconcilerError:
    """The failure to find an API, with what it is instead where that can be told. Raises Interrupted."""
    word = ref.id or ref.name or ""
    named = listings.by_id(word, kind) if ref.name else None
    if named:
        remedy = f"{word} is the id of {kind.words} {named.name!r}: write `api: {{id: {word}}}`"
        return ApiNotFound(failure.message, remedy)
    other = listings.elsewhere(word, kind)
    return _of_another_kind(other, ref, kind) if other else failure


def _of_another_kind(api: ApiSummary, ref: ApiRef, kind: Kind) -> ReconcilerError:
    if not has_kind(api):
        return WrongProtocol(api.id, api.protocol)
    right = _KINDS[api.protocol]
    also = f" and `api: {{id: {api.id}}}`" if ref.name == api.id else ""
    message = f"API {api.id} ({api.name!r}) is a {right.words}, not a {kind.words}"
    return ApiNotFound(message, f"write `kind: {right}`{also}, and list its methods as that kind does")

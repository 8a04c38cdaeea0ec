"""Find the APIs of a region that are to be exported, and read them.

The listings of the region say which API a name means, and whether a manifest may use it.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from reconciler.engine.read.misaddressed import Listings, has_integration_responses
from reconciler.errors import ApiNotFound, WrongProtocol
from reconciler.manifest import writer
from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.manifest.writer import Subject
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.ports import Connection, IntegrationSelection, Reader
from reconciler.wording import did_you_mean
from reconciler.yamlio.scalars import is_writable_key


@dataclass(frozen=True, slots=True)
class ApiSelector:
    """A requested API, by its id or its name."""

    kind: Kind
    word: str


@dataclass(frozen=True, slots=True)
class FoundApi:
    """An API of a listing. `is_named`: a manifest finds it by its name."""

    kind: Kind
    summary: ApiSummary
    is_named: bool

    @property
    def has_responses(self) -> bool:
        """Whether it is of a kind that has integration responses: HTTP APIs are not."""
        return has_integration_responses(self.summary)

    def subject(self, name: str, live: LiveApi) -> Subject:
        """Return it as the subject of a manifest."""
        ref = ApiRef(name=self.summary.name) if self.is_named else ApiRef(id=self.summary.id)
        return Subject(name, ref, live)


def listed(kind: Kind, reader: Reader) -> list[FoundApi]:
    """Return the APIs in the listing of a kind, in order."""
    apis = sorted(_listing(kind, reader))
    # HTTP APIs count: they are in the listing in which a manifest's name is looked up.
    counts = Counter(api.name for api in apis)
    return [
        FoundApi(kind, api, is_named=bool(api.name) and counts[api.name] == 1 and is_writable_key(api.name))
        for api in apis
    ]


def _listing(kind: Kind, reader: Reader) -> Sequence[ApiSummary]:
    match kind:
        case Kind.REST_API:
            return reader.rest_apis()
        case Kind.WEBSOCKET_API:
            return reader.websocket_apis()
        case _:
            assert_never(kind)


def selected(named: Iterable[ApiSelector] | None, apis: Sequence[FoundApi], connection: Connection) -> list[FoundApi]:
    """Return the API of each selector, once; without selectors every API that can have integration responses."""
    if named is None:
        return _usable(apis)
    return list(dict.fromkeys(_api_of(selector, apis, connection) for selector in named))


def _usable(apis: Iterable[FoundApi]) -> list[FoundApi]:
    return [api for api in apis if api.has_responses]


def _api_of(named: ApiSelector, apis: Sequence[FoundApi], connection: Connection) -> FoundApi:
    """Return the API with this id, or the only one with this name."""
    candidates = [api for api in apis if api.kind is named.kind]
    by_id = [candidate for candidate in candidates if candidate.summary.id == named.word]
    matches = by_id or [candidate for candidate in candidates if candidate.summary.name == named.word]
    usable = _usable(matches)
    if len(usable) == 1:
        return usable[0]
    what = f"{named.kind.words} with the id or name {named.word!r} in {account_region_words(connection)}"
    if usable:
        ids = ", ".join(api.summary.id for api in usable)
        raise ApiNotFound(f"there is more than one {what}: {ids}", "use its id")
    if matches:
        raise WrongProtocol(matches[0].summary.id, matches[0].summary.protocol)
    other = Listings(connection).elsewhere(named.word, named.kind)
    if other and not has_integration_responses(other):
        raise WrongProtocol(other.id, other.protocol)
    if other:
        message = f"there is no {what}: {other.id} is an API of another kind"
        option = "--websocket-api" if named.kind is Kind.REST_API else "--rest-api"
        raise ApiNotFound(message, f"use {option} {shlex.quote(named.word)}")
    known = [word for candidate in candidates for word in (candidate.summary.name, candidate.summary.id)]
    remedy = did_you_mean(named.word, known, "check the region and the credentials", shlex.quote)
    raise ApiNotFound(f"there is no {what}", remedy)


def read_live(match: FoundApi, connection: Connection) -> LiveApi:
    """Read an API completely."""
    api = match.summary
    target = Target(connection.account_id, connection.region, api.id, match.kind, api_name=api.name)
    match match.kind:
        case Kind.REST_API:
            return connection.reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return connection.reader.websocket_api(target, IntegrationSelection(everything=True))
        case _:
            assert_never(match.kind)


def manifest_names(apis: Sequence[FoundApi]) -> dict[FoundApi, str]:
    """Return the name of each API's manifest, whichever of them are exported: with the id where names collide."""
    slugs = {api: slug(api.summary.name, default=api.summary.id) for api in apis}
    counts = Counter([*(name.casefold() for name in slugs.values()), writer.SETS_NAME])
    names = UniqueNames(writer.SETS_NAME)
    return {
        api: names.take(name if counts[name.casefold()] == 1 else f"{name}-{slug(api.summary.id)}")
        for api, name in slugs.items()
    }


def account_region_words(connection: Connection) -> str:
    """Return the account and region of a connection, for people."""
    return f"account {connection.account_id}, {connection.region}"

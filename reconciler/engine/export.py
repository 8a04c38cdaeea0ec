"""export: live APIs as manifests.

Read-only, and all or nothing: the files are values, and there are none unless every requested API was read completely.
A plan of the exported manifests is empty. The listings of the region say which API a name means, and whether a manifest
may use it. Nothing is written here.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from reconciler.engine.read.misaddressed import Listings, has_integration_responses
from reconciler.errors import ApiNotFound, WrongProtocol
from reconciler.manifest import writer
from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.manifest.writer import File, Layout, OmittedMethod, Subject
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.targets import ApiRef, Coordinates, Kind, Target
from reconciler.parallel import in_parallel
from reconciler.ports import Cloud, Connection, IntegrationSelection, Reader
from reconciler.wording import did_you_mean
from reconciler.yamlio.scalars import is_writable_key


@dataclass(frozen=True, slots=True)
class ApiSelector:
    """A requested API, by its id or its name."""

    kind: Kind
    word: str


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which APIs to export, and how; `named` None: every API of the region."""

    named: Sequence[ApiSelector] | None
    layout: Layout = field(default_factory=Layout)
    coordinates: Coordinates = field(default_factory=Coordinates)
    parallelism: int = 8


@dataclass(frozen=True, slots=True)
class Exported:
    """The files, the methods that no manifest can express, and the APIs that were skipped, with the reason."""

    files: tuple[File, ...]
    omitted: tuple[OmittedMethod, ...] = ()
    passed_over: tuple[tuple[ApiSummary, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _FoundApi:
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


def export(request: ExportRequest, cloud: Cloud) -> Exported:
    """Find the APIs, read them in parallel, and make their manifests.

    Raises ApiNotFound (also where `named` is None and no API has a response), WrongProtocol for an HTTP API by its name
    or id, AwsError, Interrupted.
    """
    connection = cloud.connect(request.coordinates)
    kinds = Kind if request.named is None else dict.fromkeys(selector.kind for selector in request.named)
    apis = [api for kind in kinds for api in _listed(kind, connection.reader)]
    chosen = _usable(apis) if request.named is None else _chosen(request.named, apis, connection)
    lives = in_parallel(lambda api: _live(api, connection), chosen, request.parallelism)
    names = _names(apis)
    subjects = [api.subject(names[api], live) for api, live in zip(chosen, lives, strict=True)]
    if request.named is None:
        return _everything(apis, subjects, request.layout, connection)
    written = writer.write(_in_order(subjects), request.layout)
    return Exported(written.files, written.omitted)


def _everything(
    apis: Sequence[_FoundApi], subjects: Sequence[Subject], layout: Layout, connection: Connection
) -> Exported:
    """Export the APIs that have responses: nobody who names no API wants empty manifests."""
    full = [subject for subject in subjects if subject.contents()]
    if not full:
        raise ApiNotFound(
            f"no API has integration responses in {_account_region(connection)}", "check region and credentials"
        )
    written = writer.write(_in_order(full), layout)
    ids = {subject.live.target.api_id for subject in full}
    passed_over = [
        (api.summary, "it has no integration responses" if api.has_responses else _no_such_kind(api.summary))
        for api in apis
        if api.summary.id not in ids
    ]
    return Exported(written.files, written.omitted, tuple(passed_over))


def _no_such_kind(api: ApiSummary) -> str:
    return f"an {api.protocol} API has no integration responses"


def _in_order(subjects: Iterable[Subject]) -> list[Subject]:
    return sorted(subjects, key=lambda subject: subject.name)


def _account_region(connection: Connection) -> str:
    return f"account {connection.account_id}, {connection.region}"


def _listed(kind: Kind, reader: Reader) -> list[_FoundApi]:
    apis = sorted(_listing(kind, reader))
    # HTTP APIs count: they are in the listing in which a manifest's name is looked up.
    counts = Counter(api.name for api in apis)
    return [
        _FoundApi(kind, api, is_named=bool(api.name) and counts[api.name] == 1 and is_writable_key(api.name))
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


def _usable(apis: Iterable[_FoundApi]) -> list[_FoundApi]:
    return [api for api in apis if api.has_responses]


def _chosen(named: Iterable[ApiSelector], apis: Sequence[_FoundApi], connection: Connection) -> list[_FoundApi]:
    """Return the API of each selector, once."""
    return list(dict.fromkeys(_api_of(selector, apis, connection) for selector in named))


def _api_of(named: ApiSelector, apis: Sequence[_FoundApi], connection: Connection) -> _FoundApi:
    """Return the API with this id, or the only one with this name."""
    candidates = [api for api in apis if api.kind is named.kind]
    by_id = [candidate for candidate in candidates if candidate.summary.id == named.word]
    matches = by_id or [candidate for candidate in candidates if candidate.summary.name == named.word]
    usable = _usable(matches)
    if len(usable) == 1:
        return usable[0]
    what = f"{named.kind.words} with the id or name {named.word!r} in {_account_region(connection)}"
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


def _live(match: _FoundApi, connection: Connection) -> LiveApi:
    api = match.summary
    target = Target(connection.account_id, connection.region, api.id, match.kind, api_name=api.name)
    match match.kind:
        case Kind.REST_API:
            return connection.reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return connection.reader.websocket_api(target, IntegrationSelection(everything=True))
        case _:
            assert_never(match.kind)


def _names(apis: Sequence[_FoundApi]) -> dict[_FoundApi, str]:
    """Return the name of each API's manifest, whichever of them are exported: with the id where names collide."""
    slugs = {api: slug(api.summary.name, default=api.summary.id) for api in apis}
    counts = Counter([*(name.casefold() for name in slugs.values()), writer.SETS_NAME])
    names = UniqueNames(writer.SETS_NAME)
    return {
        api: names.take(name if counts[name.casefold()] == 1 else f"{name}-{slug(api.summary.id)}")
        for api, name in slugs.items()
    }

"""What events narrow a run to: their accounts and regions, and the manifests that may be for their APIs.

An account that an environment does not say (`accountId`, or the account of `assumeRole`) is known once it is connected.
An API that a manifest addresses by its name is known once its region is listed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.aws.regions import configured_region
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import ApiNotFound
from reconciler.fleet.event import ApiEvent
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class EventChoice:
    """`TargetChoice`: APIs by account, region and id."""

    apis: frozenset[tuple[str, str, str]]

    def covers(self, target: Target) -> bool:
        """Whether it is one of them."""
        return (target.account_id, target.region, target.api_id) in self.apis

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:  # noqa: ARG002 - the protocol's
        """Return True: of the manifests that cannot be for these APIs, none is left in the run."""
        return True


class EventScope:
    """`Narrowing` to the accounts and regions of events, and to the manifests that may be for their APIs."""

    def __init__(self, events: Sequence[ApiEvent]) -> None:
        self._events = events
        self._by_id: set[tuple[str | None, str, str]] = set()
        self._unknown_accounts: set[str | None] = set()

    def projects(self, projects: Sequence[ResolvedProject], request: Request) -> Sequence[ResolvedProject]:
        """Return each project for each region of an event, with the manifests that may be for its API."""
        narrowed = [part for project in projects for part in self._parts(project, request)]
        self._unknown_accounts = {project.name for project in narrowed if not known_account(project)}
        self._by_id = {
            (project.name, event.region, manifest.manifests[0].name)
            for project in narrowed
            for manifest in project.manifests
            for event in self._events
            if project.ref(manifest, event.region).api.id == event.api_id
        }
        return narrowed

    def _parts(self, project: ResolvedProject, request: Request) -> Iterator[ResolvedProject]:
        account = known_account(project)
        possible = [event for event in self._events if account in ("", event.account_id)]
        for coordinates in project.coordinates(request.coordinates):
            region = configured_region(coordinates, request.process)
            nearby = [event for event in possible if region in ("", event.region)]
            manifests = tuple(manifest for manifest in project.manifests if _may_be_for(project, manifest, nearby))
            if manifests:
                yield replace(_in_region(project, coordinates.region), manifests=manifests)

    def account_regions(self, account_regions: Sequence[AccountRegion]) -> Sequence[AccountRegion]:
        """Return those that an event is from."""
        places = {(event.account_id, event.region) for event in self._events}
        return [
            account_region
            for account_region in account_regions
            if (account_region.connection.account_id, account_region.connection.region) in places
        ]

    def relevant(self, drift: Drift) -> tuple[ReadFailure, ...]:
        """Return the failures of a run that may be about an API of an event.

        A name that no API has, or that only other APIs have, is about another API unless the event created, renamed or
        deleted one. Credentials of an unknown account that do not work may be for any, until every API is found.
        """
        read = {(target.target.account_id, target.target.region, target.target.api_id) for target in drift.targets}
        is_found = all(event.api in read for event in self._events)
        return tuple(failure for failure in drift.unread if self._is_relevant(failure, is_found=is_found))

    def _is_relevant(self, failure: ReadFailure, *, is_found: bool) -> bool:
        if not failure.account_id:
            return not (is_found and failure.environment in self._unknown_accounts)
        names_api = any((failure.environment, failure.region, name) in self._by_id for name in failure.manifests)
        return names_api or any(_may_be_why(event, failure) for event in self._events)


def _may_be_why(event: ApiEvent, failure: ReadFailure) -> bool:
    if not isinstance(failure.failure, ApiNotFound):
        return True
    is_near = event.region == failure.region and event.account_id == failure.account_id
    return is_near and (event.changes_identity or event.api_id in failure.failure.candidates)


def _in_region(project: ResolvedProject, region: str | None) -> ResolvedProject:
    if project.environment is None or region is None:
        return project
    return replace(project, environment=replace(project.environment, regions=(region,)))


def _may_be_for(project: ResolvedProject, manifest: Desired, events: Iterable[ApiEvent]) -> bool:
    return any(_may_address(project.ref(manifest, event.region), event) for event in events)


def _may_address(ref: ManifestRef, event: ApiEvent) -> bool:
    return ref.api.id == event.api_id if ref.api.id else ref.kind is event.kind


def known_account(project: ResolvedProject) -> str:
    """Return the account that the environment of a project says: `accountId`, else that of its role, else ""."""
    environment = project.environment
    if environment is None:
        return ""
    role = environment.role.arn.split(":") if environment.role else []
    return environment.account_id or (role[4] if len(role) > 4 and role[4].isdecimal() else "")  # noqa: PLR2004 - arn:aws:iam::ACCOUNT:...

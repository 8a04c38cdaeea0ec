"""What events narrow a run to: their accounts and regions, and the manifests that may be for their APIs.

An account that an environment does not say (`accountId`, or the account of `assumeRole`) is known once it is connected.
An API that a manifest addresses by its name is known once its region is listed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
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
    """`TargetChoice`: the APIs that events name."""

    events: tuple[ApiEvent, ...]

    def covers(self, target: Target) -> bool:
        """Whether an event names this API."""
        return any(event.api == (target.account_id, target.region, target.api_id) for event in self.events)

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:  # noqa: ARG002 - the protocol's
        """Return True: of the manifests that cannot be for these APIs, none is left in the run."""
        return True


def narrowed_projects(
    projects: Iterable[ResolvedProject], events: Collection[ApiEvent], request: Request
) -> Iterator[ResolvedProject]:
    """Yield each project for each region that an event may be about, with the manifests that may be for its API."""
    for project in projects:
        account = known_account(project)
        possible = [event for event in events if account in ("", event.account_id)]
        for coordinates in project.coordinates(request.coordinates):
            region = configured_region(coordinates, request.process)
            nearby = [event for event in possible if region in ("", event.region)]
            manifests = tuple(manifest for manifest in project.manifests if _may_be_for(project, manifest, nearby))
            if manifests:
                yield replace(_in_region(project, coordinates.region), manifests=manifests)


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


def narrowed_account_regions(
    account_regions: Iterable[AccountRegion], events: Collection[ApiEvent]
) -> tuple[AccountRegion, ...]:
    """Return those that an event is from."""
    places = {(event.account_id, event.region) for event in events}
    return tuple(
        account_region
        for account_region in account_regions
        if (account_region.connection.account_id, account_region.connection.region) in places
    )


def relevant_failures(
    unread: Sequence[ReadFailure], drift: Drift, projects: Collection[ResolvedProject], events: Collection[ApiEvent]
) -> tuple[ReadFailure, ...]:
    """Return the failures that may be about an API of an event.

    A name that no API has, or that several have, is about another API unless the event created, renamed or deleted one.
    Credentials of an unknown account that do not work may be for any account, until every API is found elsewhere.
    """
    read = {(target.target.account_id, target.target.region, target.target.api_id) for target in drift.targets}
    is_found = all(event.api in read for event in events)
    by_id = {
        (project.name, event.region, manifest.manifests[0].name)
        for project in projects
        for manifest in project.manifests
        for event in events
        if project.ref(manifest, event.region).api.id == event.api_id
    }
    foreign = {project.name for project in projects if not known_account(project)} if is_found else set()

    def is_relevant(failure: ReadFailure) -> bool:
        if not failure.account_id:
            return failure.environment not in foreign
        names_api = any((failure.environment, failure.region, name) in by_id for name in failure.manifests)
        return names_api or not isinstance(failure.failure, ApiNotFound) or _any_identity(events, failure)

    return tuple(failure for failure in unread if is_relevant(failure))


def _any_identity(events: Iterable[ApiEvent], failure: ReadFailure) -> bool:
    return any(event.changes_identity and event.region == failure.region for event in events)

"""Connect each project to its accounts and regions.

The account and the region are known for every project before API Gateway is called at all. If one of them differs from
what its environment expects, the run ends there. Credentials that do not work make only their own targets unread.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.read.needed import ConnectionFilter
from reconciler.errors import Interrupted, ReconcilerError, Refused
from reconciler.models.desired import Desired
from reconciler.models.targets import Coordinates, Target
from reconciler.parallel import DEFAULT_PARALLELISM
from reconciler.ports import Cloud, Prompting
from reconciler.schedule import in_turns


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """An API that could not be read, and why.

    `region` and `account_id` are "" as far as they are unknown.
    """

    manifests: tuple[str, ...]
    failure: ReconcilerError
    location: Location | None = None
    environment: str | None = None
    region: str = ""
    account_id: str = ""

    @property
    def diagnostic(self) -> Diagnostic:
        """The failure as an error of its manifests."""
        names = ", ".join(self.manifests)
        site = ", ".join(filter(None, (self.environment, self.region)))
        place = f" ({site})" if self.environment else ""
        message = f"{names}{place}: {self.failure.message}"
        return error(self.failure.rule, message, self.failure.remedy, self.location)


def read_failure(
    desireds: Iterable[Desired],
    failure: ReconcilerError,
    environment: str | None = None,
    region: str = "",
    account_id: str = "",
) -> ReadFailure:
    """Return the failure of manifests (at least one) that cannot be read for the same reason."""
    refs = [ref for desired in desireds for ref in desired.manifests]
    names = tuple(ref.name for ref in refs)
    return ReadFailure(names, failure, refs[0].location, environment, region, account_id)


def target_failure(desireds: Iterable[Desired], failure: ReconcilerError, target: Target) -> ReadFailure:
    """Return the failure to read an API that is known."""
    return read_failure(desireds, failure, target.environment, target.region, target.account_id)


ProjectPlace: TypeAlias = tuple[ResolvedProject, Coordinates]
"""A project, and the coordinates of one of its regions."""


def connect(  # noqa: PLR0913 - what to reach, and how
    projects: Sequence[ResolvedProject],
    defaults: Coordinates,
    cloud: Cloud,
    parallelism: int = DEFAULT_PARALLELISM,
    is_needed: ConnectionFilter | None = None,
    *,
    spares_others: bool = False,
) -> tuple[tuple[AccountRegion, ...], tuple[ReadFailure, ...]]:
    """Connect every project that has manifests to each of its regions, and return the failures to do so.

    Both are in the order of the projects; up to `parallelism` connections are made at once. `is_needed` leaves out
    projects in regions of which a run reads nothing. A run that reaches nothing at all still has a result, which gives
    the reason for each project. Raises Refused for a wrong account, Interrupted. `spares_others`: a wrong account is a
    failure of its projects alone, unless every account is wrong.
    """
    places = _places(projects, defaults, is_needed)
    outcomes = reach(places, cloud, parallelism, spares_others=spares_others)
    return (
        tuple(outcome for outcome in outcomes if isinstance(outcome, AccountRegion)),
        tuple(
            read_failure(project.manifests, outcome, project.name, coordinates.region or "")
            for (project, coordinates), outcome in zip(places, outcomes, strict=True)
            if isinstance(outcome, ReconcilerError)
        ),
    )


def sign_in(
    projects: Sequence[ResolvedProject],
    defaults: Coordinates,
    cloud: Cloud,
    is_needed: ConnectionFilter | None = None,
) -> None:
    """Prompt for the credentials that `connect` will need, which then prompts no more."""
    _sign_in(_places(projects, defaults, is_needed), cloud)


def _sign_in(places: Iterable[ProjectPlace], cloud: Cloud) -> None:
    if isinstance(cloud, Prompting):
        for _, coordinates in places:
            cloud.sign_in(coordinates)


def _places(
    projects: Sequence[ResolvedProject], defaults: Coordinates, is_needed: ConnectionFilter | None
) -> list[ProjectPlace]:
    return [
        (project, coordinates)
        for project in projects
        if project.manifests
        for coordinates in project.coordinates(defaults)
        if is_needed is None or is_needed(project, coordinates)
    ]


def reach(
    places: Sequence[ProjectPlace],
    cloud: Cloud,
    parallelism: int = DEFAULT_PARALLELISM,
    *,
    spares_others: bool = False,
) -> list[AccountRegion | ReconcilerError]:
    """Connect to each of these places, and return the connection or the failure to make it.

    Raises Refused for a wrong account, Interrupted. `spares_others` is as in `connect`.
    """
    _sign_in(places, cloud)
    # The regions of one identity need the same calls to STS, so that one of each identity goes first
    outcomes = in_turns(lambda place: _connect(place, cloud), places, parallelism, key=_identity, delay=lambda _: None)
    reached = [outcome for outcome in outcomes if isinstance(outcome, AccountRegion)]
    wrong = list(filter(None, map(_wrong_account, reached)))
    if wrong and not (spares_others and len(wrong) < len(reached)):
        raise Refused("; ".join(dict.fromkeys(failure.message for failure in wrong)), wrong[0].remedy)
    return [(_wrong_account(each) or each) if isinstance(each, AccountRegion) else each for each in outcomes]


def _identity(place: ProjectPlace) -> Hashable:
    return replace(place[1], region=None)


def _connect(place: ProjectPlace, cloud: Cloud) -> AccountRegion | ReconcilerError:
    project, coordinates = place
    try:
        return AccountRegion(project, cloud.connect(coordinates))
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return failure


def unconnected(
    projects: Iterable[ResolvedProject], defaults: Coordinates, failure: ReconcilerError
) -> tuple[ReadFailure, ...]:
    """Return the failure to connect any project, for each of its regions."""
    return tuple(
        read_failure(project.manifests, failure, project.name, coordinates.region or "")
        for project in projects
        if project.manifests
        for coordinates in project.coordinates(defaults)
    )


def unfound(account_region: AccountRegion, failure: ReconcilerError) -> ReadFailure:
    """Return the failure to find the APIs of an account and region."""
    connection, project = account_region.connection, account_region.project
    return read_failure(project.manifests, failure, project.name, connection.region, connection.account_id)


def _wrong_account(account_region: AccountRegion) -> Refused | None:
    """Return the failure of credentials that belong to another account than their environment expects."""
    environment, actual = account_region.project.environment, account_region.connection.account_id
    if not environment or not environment.account_id or environment.account_id == actual:
        return None
    expected = environment.account_id
    message = f"environment {environment.name} is for account {expected}, but the credentials are for {actual}"
    return Refused(message, "use other credentials (`profile`, `assumeRole`, AWS_PROFILE), or fix `accountId`")


def check_account_regions(
    account_regions: Iterable[AccountRegion], allowed: Collection[tuple[str, str]] | None
) -> None:
    """Raise Refused for an account and region that is not among the allowed ones; None allows any."""
    if allowed is None:
        return
    for account_region in account_regions:
        account_id, region = account_region.connection.account_id, account_region.connection.region
        if (account_id, region) not in allowed:
            expected = " and ".join(f"account {account}, {place}" for account, place in sorted(allowed)) or "nothing"
            message = f"the run would reach account {account_id}, {region}, but the plan was made for {expected}"
            raise Refused(message, "use other credentials or another region, or make a new plan")

"""The accounts and regions of a run, each with the projects that may address APIs there.

Several environments often share an account and region, and the APIs of each are covered for all of them. An environment
that was not chosen is never connected to: its account is known from its configuration, or it counts as another one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.config.configuration import Environment
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import reach
from reconciler.errors import ReconcilerError
from reconciler.fleet.coverage import CoverageFailure
from reconciler.models.targets import Coordinates
from reconciler.ports import Cloud

_ACCOUNT_IN_ARN = 4
"""The field of an ARN, between colons, that has the account id."""


@dataclass(frozen=True, slots=True)
class CoveragePlace:
    """An account and region with the chosen projects there, and `others`: those of environments that were not chosen.

    There is at least one chosen project.
    """

    chosen: tuple[AccountRegion, ...]
    others: tuple[ResolvedProject, ...] = ()

    @property
    def account_regions(self) -> tuple[AccountRegion, ...]:
        """Every project that may address APIs here; the others use a connection of the chosen ones."""
        connection = self.chosen[0].connection
        return (*self.chosen, *(AccountRegion(project, connection) for project in self.others))

    def is_chosen(self, account_region: AccountRegion) -> bool:
        """Return whether the project belongs to the run."""
        return any(each is account_region for each in self.chosen)

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the chosen environments."""
        return tuple(dict.fromkeys(each.project.name for each in self.chosen if each.project.name))


def find_places(
    projects: Iterable[ResolvedProject], others: Sequence[ResolvedProject], request: Request, cloud: Cloud
) -> tuple[tuple[CoveragePlace, ...], tuple[CoverageFailure, ...]]:
    """Connect to the accounts and regions of all projects, of those without manifests too.

    Raises Refused for a wrong account, Interrupted.
    """
    defaults = request.coordinates
    places = [(project, coordinates) for project in projects for coordinates in project.coordinates(defaults)]
    outcomes = reach(places, cloud, request.parallelism)
    account_regions = [outcome for outcome in outcomes if isinstance(outcome, AccountRegion)]
    failures = tuple(
        CoverageFailure(outcome, (project.name,) if project.name else (), region=coordinates.region)
        for (project, coordinates), outcome in zip(places, outcomes, strict=True)
        if isinstance(outcome, ReconcilerError)
    )
    return tuple(group_places(account_regions, others, defaults)), failures


def group_places(
    account_regions: Iterable[AccountRegion], others: Sequence[ResolvedProject], defaults: Coordinates
) -> Iterator[CoveragePlace]:
    """Group projects by account and region, and add the `others` that may share them."""
    groups: dict[tuple[str, str], list[AccountRegion]] = {}
    for account_region in account_regions:
        connection = account_region.connection
        groups.setdefault((connection.account_id, connection.region), []).append(account_region)
    for group in groups.values():
        sharing = (project for project in others if _shares(project, group, defaults))
        yield CoveragePlace(tuple(group), tuple(sharing))


def _shares(project: ResolvedProject, group: Sequence[AccountRegion], defaults: Coordinates) -> bool:
    """Return whether an environment uses the account and region of this group, as far as its configuration shows."""
    connection = group[0].connection
    coordinates = project.coordinates(defaults)
    if not any(each.region in {None, connection.region} for each in coordinates):
        return False
    account_id = _account_id(project.environment) if project.environment else None
    if account_id:
        return account_id == connection.account_id
    credentials = {(each.profile, each.role) for each in coordinates}
    return any(
        (each.profile, each.role) in credentials
        for account_region in group
        for each in account_region.project.coordinates(defaults)
    )


def _account_id(environment: Environment) -> str | None:
    if environment.account_id or not environment.role:
        return environment.account_id
    return environment.role.arn.split(":")[_ACCOUNT_IN_ARN]

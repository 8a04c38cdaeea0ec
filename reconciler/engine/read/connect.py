"""Assignments -> the accounts and regions that they lead to.

Promise: who and where we are is known of every assignment before API Gateway is asked anything, and where that is
another account than the environment expects, nothing further is done at all. Credentials that do not work spoil no
other environment's targets: theirs are unread.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.engine.load.project import AccountRegion, Assignment
from reconciler.errors import Interrupted, ReconcilerError, Refused
from reconciler.models.desired import Desired
from reconciler.models.targets import Coordinates
from reconciler.ports import Cloud


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """An API that could not be read, and why."""

    manifests: tuple[str, ...]
    failure: ReconcilerError
    location: Location | None = None
    environment: str | None = None

    @property
    def diagnostic(self) -> Diagnostic:
        """The failure as an error of its manifests."""
        names = ", ".join(self.manifests)
        where = f" in environment {self.environment}" if self.environment else ""
        message = f"{names}{where}: {self.failure.message}"
        return error(self.failure.rule, message, self.failure.remedy, self.location)


def unread(desireds: Iterable[Desired], failure: ReconcilerError, environment: str | None = None) -> ReadFailure:
    """What is to be said of manifests (at least one) that fail alike."""
    refs = [ref for desired in desireds for ref in desired.manifests]
    return ReadFailure(tuple(ref.name for ref in refs), failure, refs[0].location, environment)


def connect(
    assignments: Sequence[Assignment], given: Coordinates, cloud: Cloud
) -> tuple[tuple[AccountRegion, ...], tuple[ReadFailure, ...]]:
    """A site for every assignment that has manifests and each of its regions, and what leads nowhere.

    Where nothing can be reached at all, there are no sites: the run has a result all the same, which says why of each.
    Raises Refused for a wrong account, Interrupted.
    """
    sites: list[AccountRegion] = []
    lost: list[ReadFailure] = []
    for assignment in assignments:
        for coordinates in assignment.coordinates(given) if assignment.manifests else ():
            try:
                sites.append(AccountRegion(assignment, cloud.connect(coordinates)))
            except Interrupted:
                raise
            except ReconcilerError as failure:
                lost.append(unread(assignment.manifests, failure, assignment.name))
    _check_accounts(sites)
    return tuple(sites), tuple(lost)


def _check_accounts(sites: Iterable[AccountRegion]) -> None:
    """The credentials of each site belong to the account that its environment expects."""
    wrong: dict[str, None] = {}
    for site in sites:
        here, found = site.assignment.environment, site.connection.account_id
        if here and here.account_id and here.account_id != found:
            wrong[f"environment {here.name} is for account {here.account_id}, and the credentials are for {found}"] = (
                None
            )
    if wrong:
        remedy = "choose the right credentials (`profile`, `assumeRole`, AWS_PROFILE), or correct `accountId`"
        raise Refused("; ".join(wrong), remedy)


def check_places(sites: Iterable[AccountRegion], places: Collection[tuple[str, str]] | None) -> None:
    """Raises Refused for a site in another account and region than these; None: any will do."""
    for account_id, region in {(site.connection.account_id, site.connection.region): None for site in sites}:
        if places is not None and (account_id, region) not in places:
            meant = " and ".join(f"account {account}, {where}" for account, where in sorted(places)) or "nothing"
            message = f"this leads to account {account_id}, {region}, and the plan was made for {meant}"
            raise Refused(message, "choose the right credentials and region, or make another plan")

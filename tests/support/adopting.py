"""Adopting in a user's world."""

from collections.abc import Callable

from reconciler.manifest import Disk
from reconciler.manifest.replacing import replace_all
from reconciler.ports import Cloud
from reconciler.workflows.adopt import Adopted, Choice, Desk, adopt
from reconciler.workflows.proposals import Found, Options, Proposal
from reconciler.workflows.request import Request
from support.clock import FakeClock
from support.stage import Stage


def adopted(  # noqa: PLR0913 - what a command line may say
    stage: Stage,
    *,
    request: Request | None = None,
    cloud: Cloud | None = None,
    accept_missing: bool = False,
    into_set: bool = False,
    choose: Callable[[Found], Choice] | None = None,
    approve: Callable[[Proposal], bool] = lambda _: True,
) -> Adopted:
    """Run `adopt` on the manifests of the current folder, as with `--yes` unless somebody chooses or approves."""
    desk = Desk(cloud or stage.cloud, Disk(), FakeClock(), replace_all)
    options = Options(accept_missing=accept_missing, into_set=into_set)
    return adopt(request or stage.request(), options, desk, choose, approve)


def reasons(made: Adopted) -> list[tuple[str, str, str]]:
    """Address, field and reason of what is left."""
    return [(one.found.finding.address, one.field, one.reason) for one in made.proposal.left]

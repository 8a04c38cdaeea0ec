"""Adopting in a user's world."""

from collections.abc import Callable

from reconciler.atomic_write import replace_files
from reconciler.engine.adopt.adopt import AdoptContext, AdoptResult, adopt
from reconciler.engine.adopt.choices import Ask, choose
from reconciler.engine.adopt.proposal import AdoptOptions, Proposal
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from reconciler.ports import Cloud
from support.clock import FakeClock
from support.stage import Stage


def adopted(  # noqa: PLR0913 - what a command line may say
    stage: Stage,
    *,
    request: Request | None = None,
    cloud: Cloud | None = None,
    accept_missing: bool = False,
    into_set: bool = False,
    ask: Ask | None = None,
    approve: Callable[[Proposal], bool] = lambda _: True,
) -> AdoptResult:
    """Run `adopt` on the manifests of the current folder, as with `--yes` unless somebody chooses or approves."""
    desk = AdoptContext(cloud or stage.cloud, Disk(), FakeClock(), replace_files)
    options = AdoptOptions(accept_missing=accept_missing, into_set=into_set)
    asked = (lambda findings, preview: choose(findings, preview, ask)) if ask else None
    return adopt(request or stage.request(), options, desk, asked, approve)


def reasons(made: AdoptResult) -> list[tuple[str, str, str]]:
    """Address, field and reason of what is left."""
    return [(one.finding.finding.address, one.field, one.reason) for one in made.proposal.not_adopted]

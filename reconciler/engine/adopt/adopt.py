"""adopt: write what `drift` finds into the manifests.

Nothing is written to AWS, and each API is read once. A finding is adopted only if, with the new files, it is gone and
no other finding appears; this is checked before anything is written. A finding that cannot be adopted is reported with
its reason and does not stop the others. Everything in the files outside the adopted findings stays byte for byte
(`reconciler.yamlio.edit`). Either all files are written or none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from reconciler.atomic_write import FileReplacement
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.adopt.choices import Choices, Choose, Preview
from reconciler.engine.adopt.proposal import AdoptOptions, AdoptRun, NotAdopted, Proposal, TargetFinding
from reconciler.engine.adopt.propose import Proposer, unmanaged_part
from reconciler.engine.load.load import LoadResult, day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.read import TargetState, read_targets
from reconciler.errors import ExitCode, Interrupted, ReconcilerError
from reconciler.findings import Finding, Type, find_drift
from reconciler.ports import Clock, Cloud, Files

Approve: TypeAlias = Callable[[Proposal], bool]
Replace: TypeAlias = Callable[[Sequence[FileReplacement]], None]
"""Puts all files into place, or none; raises ReconcilerError, for example for a file that has changed meanwhile."""


@dataclass(frozen=True, slots=True)
class AdoptContext:
    """The ports of an adopt."""

    cloud: Cloud
    files: Files
    clock: Clock
    replace: Replace


@dataclass(frozen=True, slots=True)
class AdoptResult:
    """The result of an adopt. `written`: the files of the proposal are in place. `choices` are the user's answers."""

    proposal: Proposal = field(default_factory=Proposal)
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    written: bool = False
    failure: ReconcilerError | None = None
    choices: Choices = field(default_factory=Choices)

    @property
    def declined(self) -> bool:
        """Whether there was something to write and the user declined it."""
        return bool(self.proposal.rewrites) and not self.written and not self.failure

    @property
    def exit_code(self) -> ExitCode:
        """1 if anything could not be read, adopted or written, or was declined in the end; else 0."""
        failed = any_error(self.diagnostics) or self.unread or self.failure or self.declined
        not_adopted = any(not leftover.by_choice for leftover in self.proposal.not_adopted)
        return ExitCode.FAILED if failed or not_adopted else ExitCode.OK


def adopt(
    request: Request, options: AdoptOptions, context: AdoptContext, choose: Choose | None, approve: Approve
) -> AdoptResult:
    """Find drift, let the user choose findings (None: all), propose files, have them approved and write them.

    A response that AWS no longer has is only asked about, unless the options accept that it is removed.
    Raises as `plan` does.
    """
    today = day_of(context.clock.now())
    loaded = load_manifests(request, context.files, today)
    if loaded.is_broken or loaded.is_empty:
        return AdoptResult(diagnostics=_nothing_to_adopt(loaded, request))
    account_regions, unreached = connect(loaded.projects, request.coordinates, context.cloud, request.parallelism)
    result = read_targets(account_regions, request, unreached)
    proposer = Proposer(AdoptRun(request, loaded, result.reads, today), context.files, options)
    choices = _chosen(_findings(result.reads), options, choose, proposer.preview)
    proposal = proposer.proposal(choices.taken).with_not_adopted(choices.not_adopted)
    diagnostics = (*loaded.broken, *loaded.expired, *result.diagnostics)
    proposed = AdoptResult(proposal, diagnostics, result.unread, choices=choices)
    return _written(proposed, context, approve) if proposal.rewrites else proposed


def _nothing_to_adopt(loaded: LoadResult, request: Request) -> tuple[Diagnostic, ...]:
    if loaded.is_broken or loaded.is_untouched:
        return loaded.broken
    return (*loaded.broken, no_manifests(request))


def _findings(states: Iterable[TargetState]) -> Iterator[TargetFinding]:
    number = 0
    for state in states:
        for finding in find_drift(state.desired, state.live).findings:
            yield TargetFinding(number, state, finding)
            number += 1


def _chosen(
    findings: Iterable[TargetFinding], options: AdoptOptions, choose: Choose | None, preview: Preview
) -> Choices:
    possible: list[TargetFinding] = []
    not_adopted: list[NotAdopted] = []
    for finding in findings:
        reason = _obstacle(finding.finding, accept_missing=options.accept_missing or choose is not None)
        if reason:
            not_adopted.append(NotAdopted(finding, reason))
        else:
            possible.append(finding)
    choices = choose(possible, preview) if choose else Choices(tuple(possible))
    return replace(choices, not_adopted=(*not_adopted, *choices.not_adopted))


def _obstacle(finding: Finding, *, accept_missing: bool) -> str:
    """Return why a finding is not offered for adoption, "" if it is."""
    if unmanaged := unmanaged_part(finding):
        return unmanaged
    if finding.type is Type.MISSING and not accept_missing:
        return "missing in AWS; --accept-missing removes it from the manifest, apply creates it again"
    return ""


def _written(proposed: AdoptResult, context: AdoptContext, approve: Approve) -> AdoptResult:
    if not approve(proposed.proposal):
        return proposed
    try:
        context.replace(proposed.proposal.rewrites)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return replace(proposed, failure=failure)
    return replace(proposed, written=True)

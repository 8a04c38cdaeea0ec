"""adopt: what `drift` finds, written into the manifests.

Promise: nothing is written to AWS, and each API is read once. A finding is adopted if it is gone and no other comes up
with the files as they would be, which is looked at before anything is written. What cannot be adopted is told with its
reason, and stops no other finding. Everything in the files that is not of an adopted finding stays byte for byte
(`reconciler.yamlio.edit`). All files are written, or none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from reconciler.atomic_write import FileReplacement
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.adopt.proposal import AdoptOptions, AdoptRun, Left, Proposal, TargetFinding
from reconciler.engine.adopt.propose import METHOD_RESPONSE, Proposer
from reconciler.engine.load.load import Declared, day, declare, nothing_found
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.read import TargetState, read_targets
from reconciler.errors import ExitCode, Interrupted, ReconcilerError
from reconciler.findings import Finding, Type, find_drift
from reconciler.ports import Clock, Cloud, Files


class Decision(StrEnum):
    """What somebody says about a finding."""

    TAKE = "take"
    KEEP = "keep"
    SKIP = "skip"


Choose: TypeAlias = Callable[[TargetFinding], Decision]
Approve: TypeAlias = Callable[[Proposal], bool]
Replace: TypeAlias = Callable[[Sequence[FileReplacement]], None]
"""Puts files into place, all or none; raises ReconcilerError, for a file that is not as it was before, say."""


@dataclass(frozen=True, slots=True)
class AdoptContext:
    """The ports of an adopt."""

    cloud: Cloud
    files: Files
    clock: Clock
    replace: Replace


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of the findings. `written`: the files of the proposal are in place."""

    proposal: Proposal = field(default_factory=Proposal)
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    written: bool = False
    failure: ReconcilerError | None = None

    @property
    def declined(self) -> bool:
        """Whether there was something to write, and somebody said no."""
        return bool(self.proposal.rewrites) and not self.written and not self.failure

    @property
    def exit_code(self) -> ExitCode:
        """1 when something could not be read, adopted or written, or was not wanted at last; else 0."""
        failed = any_error(self.diagnostics) or self.unread or self.failure or self.declined
        return ExitCode.FAILED if failed or any(not one.by_choice for one in self.proposal.left) else ExitCode.OK


def adopt(
    request: Request, options: AdoptOptions, desk: AdoptContext, choose: Choose | None, approve: Approve
) -> Adopted:
    """Look for drift, have it chosen from (None: all of it), propose files, have these approved, write.

    Raises as `plan` does.
    """
    today = day(desk.clock.now())
    declared = declare(request, desk.files, today)
    if declared.is_broken or declared.is_empty:
        return Adopted(diagnostics=_unusable(declared, request))
    sites, unreached = connect(declared.assignments, request.coordinates, desk.cloud)
    reads = read_targets(sites, request, unreached)
    chosen, left = _chosen(_found(reads.reads), options, choose)
    run = AdoptRun(request, declared, reads.reads, today)
    proposal = Proposer(run, desk.files, options).proposal(chosen).with_left(left)
    made = Adopted(proposal, (*declared.broken, *declared.expired, *reads.diagnostics), reads.unread)
    return _written(made, desk, approve) if proposal.rewrites else made


def _unusable(declared: Declared, request: Request) -> tuple[Diagnostic, ...]:
    if declared.is_broken or declared.is_untouched:
        return declared.broken
    return (*declared.broken, nothing_found(request))


def _found(reads: Iterable[TargetState]) -> Iterator[TargetFinding]:
    number = 0
    for read in reads:
        for finding in find_drift(read.desired, read.live).findings:
            yield TargetFinding(number, read, finding)
            number += 1


def _chosen(
    every: Iterable[TargetFinding], options: AdoptOptions, choose: Choose | None
) -> tuple[list[TargetFinding], list[Left]]:
    chosen: list[TargetFinding] = []
    left: list[Left] = []
    for found in every:
        reason = _reason_to_leave(found.finding, options)
        if reason:
            left.append(Left(found, reason))
            continue
        choice = choose(found) if choose else Decision.TAKE
        match choice:
            case Decision.TAKE:
                chosen.append(found)
            case Decision.KEEP:
                left.append(Left(found, "kept the manifest's version; the next apply overwrites AWS", by_choice=True))
            case Decision.SKIP:
                left.append(Left(found, "skipped", by_choice=True))
    return chosen, left


def _reason_to_leave(finding: Finding, options: AdoptOptions) -> str:
    if finding.subject == "methodResponse":
        return f"{finding.note}; {METHOD_RESPONSE}"
    if finding.type is Type.MISSING and not options.accept_missing:
        return "missing in AWS; --accept-missing removes it from the manifest, apply creates it again"
    return ""


def _written(made: Adopted, desk: AdoptContext, approve: Approve) -> Adopted:
    if not approve(made.proposal):
        return made
    try:
        desk.replace(made.proposal.rewrites)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return replace(made, failure=failure)
    return replace(made, written=True)

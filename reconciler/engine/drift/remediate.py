"""Apply the manifests where drift was found, through the ordinary plan, guard and journal.

Nothing is written when the manifests are not those of the expected revision, and nothing to an API that has drifted for
too long: somebody may rely on it by now. The plan reads the APIs again, refuses what response tests show to break
clients, and counts every change as one that undoes a change made in AWS, so that `guard: {revertsLive: refuse}` holds.
"""

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.result import Drift
from reconciler.engine.journaled_run import JournaledRun, RunResult
from reconciler.engine.load.load import load_manifests
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.findings import TargetDrift
from reconciler.fleet.fingerprint import fingerprint
from reconciler.fleet.remediation import LeftAlone, Remediation
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import differing_from
from reconciler.guard import Refusal
from reconciler.invocation import Invocation
from reconciler.models.targets import Target
from reconciler.ports import Files

_MOST_NAMED: Final = 3
_MANIFEST_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class RemediationLimits:
    """When to leave drift alone.

    `expected_revision`: the manifests have to be those of this git revision; None for any. `max_age`: an API is left
    alone when one of its findings was first seen longer ago; None for any age.
    """

    expected_revision: str | None = None
    max_age: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class _DriftedTargets:
    """`TargetChoice`: the APIs to restore."""

    targets: Collection[Target]

    def covers(self, target: Target) -> bool:
        """Whether it is one of them."""
        return target in self.targets

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:  # noqa: ARG002 - the port's signature
        """No: they were found."""
        return False


def remediate(drift: Drift, request: Request, run: JournaledRun, limits: RemediationLimits) -> Drift:
    """Apply the manifests of every API with drift in its draft, and add what was done to the report.

    Methods that no manifest lists stay as they are.

    Whatever keeps the apply from beginning is part of the result. Raises Unfinished.
    """
    drifted = [target for target in drift.targets if any(finding.subject != "method" for finding in target.findings)]
    if not drifted or drift.facts.run.stopped:
        return drift
    if refusal := _wrong_revision(request, run.files, limits.expected_revision):
        return _with(drift, Remediation(refusals=(refusal,), exit_code=ExitCode.REFUSED))
    left = tuple(_too_old(drift, drifted, limits.max_age))
    untouched = {target.target for target in left}
    targets = frozenset(target.target for target in drifted) - untouched
    remediation = _applied(targets, request, run) if targets else Remediation()
    if left and remediation.exit_code is ExitCode.OK:
        remediation = replace(remediation, exit_code=ExitCode.REFUSED)
    return _with(drift, replace(remediation, left=left))


def not_approved(drift: Drift) -> Drift:
    """Return the report of a run whose remediation was declined; nothing is written."""
    return _with(drift, Remediation(refusals=("not approved",), exit_code=ExitCode.REFUSED))


def protected_environments(drift: Drift) -> tuple[str, ...]:
    """Return the protected environments in which drafts have drifted."""
    targets = [target.target for target in drift.targets if target.findings]
    return tuple(dict.fromkeys(target.environment or "" for target in targets if target.is_protected))


def _with(drift: Drift, remediation: Remediation) -> Drift:
    return replace(drift, facts=replace(drift.facts, remediation=remediation))


def _wrong_revision(request: Request, files: Files, revision: str | None) -> str:
    """Return why the manifests are not those of the expected revision, "" if they are."""
    if revision is None:
        return ""
    try:
        differing = differing_from(revision, RepositorySearch(request.paths, request.config))
        read = {files.real(file) for file in load_manifests(request, files, with_lint=False).files_read}
    except ReconcilerError as failure:
        return str(failure)
    names = sorted(name for name in differing if name in read or _is_removed_manifest(name))
    if not names:
        return ""
    shown = ", ".join(map(os.path.relpath, names[:_MOST_NAMED]))
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    verb = "differs" if len(names) == 1 else "differ"
    remedy = f"check out {revision} without local changes, and run it again"
    return f"the manifests are not those of {revision}: {shown}{more} {verb}; {remedy}"


def _is_removed_manifest(name: str) -> bool:
    return name.endswith(_MANIFEST_SUFFIXES) and not os.path.lexists(PurePath(name))


def _too_old(drift: Drift, drifted: Iterable[TargetDrift], max_age: dt.timedelta | None) -> Iterator[LeftAlone]:
    """Yield the APIs with a finding that was first seen longer ago than allowed."""
    if max_age is None:
        return
    now = dt.datetime.fromisoformat(drift.created_at)
    for target in drifted:
        first_seen = min(_first_seen(drift, target), default="")
        if first_seen and now - dt.datetime.fromisoformat(first_seen) > max_age:
            reason = f"it has drifted since {first_seen}, longer than --max-age allows"
            yield LeftAlone(target.target, tuple(manifest.name for manifest in target.manifests), reason)


def _first_seen(drift: Drift, target: TargetDrift) -> Iterator[str]:
    ages = drift.facts.ages.by_fingerprint if drift.facts.ages else {}
    for finding in target.findings:
        if age := ages.get(fingerprint(target.target, finding)):
            yield age.first_seen


def _applied(targets: Collection[Target], request: Request, run: JournaledRun) -> Remediation:
    narrowed = replace(
        request, choice=_DriftedTargets(targets), remediates=True, shows_effect=True, compares_stages=False
    )
    try:
        result = run.apply(narrowed, asks=False, command="drift --remediate")
    except ReconcilerError as failure:  # another run holds the lock, say, or the user asks to stop
        return Remediation(refusals=(str(failure),), exit_code=failure.exit_code)
    result.check_finished()
    return _remediation(targets, result)


def _remediation(targets: Collection[Target], result: RunResult) -> Remediation:
    applied = result.applied
    target_of = {action_id: plan.target for action_id, plan, _ in applied.planned.plan.numbered()}
    failed = {target_of[outcome.action_id] for outcome in applied.outcomes if not outcome.is_done}
    failed |= {leftover.target for leftover in applied.leftovers}
    is_sound = applied.planned.may_run and not applied.unverified
    planned = {plan.target for plan in applied.planned.plan.targets}
    return Remediation(
        applied.run,
        result.commands.undo if result.commands and applied.changed_aws else "",
        sum(outcome.is_done and outcome.action.step is None for outcome in applied.outcomes),
        tuple(sorted(target for target in targets if is_sound and target in planned - failed)),
        refusals=tuple(_reasons(result)),
        exit_code=result.exit_code,
    )


def _reasons(result: RunResult) -> Iterator[str]:
    """Yield why something was not written, in the order of the report of an apply."""
    planned = result.applied.planned
    yield from (_sentence(problem) for problem in planned.diagnostics if problem.is_error)
    yield from (_refused(refusal, result.invocation) for refusal in planned.verdict.refusals)
    yield from (outcome.detail for outcome in result.applied.outcomes if not outcome.is_done and outcome.detail)


def _refused(refusal: Refusal, invocation: Invocation) -> str:
    """A remediation has no `--force`: who reads this decides, with the plan in view."""
    subject = f"{refusal.target}: " if refusal.target else ""
    keep = f"; to keep the version in AWS, run {refusal.adopt}" if refusal.adopt else ""
    force = ("--force", refusal.rule.value) if refusal.rule.can_be_forced else ()
    overwrite = f"to overwrite it, review the plan: {invocation.command('apply', *force)}"
    return f"{subject}{refusal.message} [{refusal.rule.value}]{keep}; {overwrite}"


def _sentence(problem: Diagnostic) -> str:
    return "; ".join(filter(None, (problem.message, problem.remedy)))

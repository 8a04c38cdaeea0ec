"""What a drift run did about the drift, as lines of its report."""

from collections.abc import Iterator
from typing import Final, Literal

from reconciler.findings import Finding
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.remediation import Remediation
from reconciler.models.targets import Target
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.style import Style, plural, printable
from reconciler.rules import ResultRule
from reconciler.views.targets import site_name

RESTORED: Final = "restored by this run"
"""Follows a finding over which the manifests were applied."""


def is_restored(finding: Finding, target: Target, facts: FleetFacts) -> bool:
    """Whether the run has applied the manifests over a finding and verified it; methods without a manifest stay."""
    return finding.subject != "method" and facts.remediation is not None and target in facts.remediation.restored


def remediation_lines(remediation: Remediation | None, style: Style) -> Iterator[str]:
    """Yield what was restored, how to undo it, and what was not written and why."""
    if remediation is None:
        return
    if remediation.written:
        wrote = f"wrote {plural(remediation.written, 'response')}, run {printable(remediation.run)}"
        apis = f"{plural(len(remediation.restored), 'API')} matching the manifests again"
        yield f"{style.paint('Remediated', 'good')}: {wrote}; {apis}. To undo it: {printable(remediation.undo)}"
    for level, reason in _reasons(remediation):
        yield f"{style.paint('Not remediated', level)}: {printable(reason)}"


def remediation_remarks(remediation: Remediation | None) -> Iterator[Remark]:
    """Yield why the manifests were not applied, for the formats of other tools."""
    for level, reason in _reasons(remediation) if remediation else ():
        yield Remark(level, ResultRule.DRIFT_NOT_REMEDIATED, f"not remediated: {reason}", identity=reason)


def remediation_suite(remediation: Remediation | None) -> Suite:
    """Return a failed case for each reason why the manifests were not applied."""
    reasons = list(_reasons(remediation)) if remediation else []
    rule = ResultRule.DRIFT_NOT_REMEDIATED
    cases = [Case(f"remediation {number}", "failed", reason, rule) for number, (_, reason) in enumerate(reasons, 1)]
    return Suite("remediation", cases)


def _reasons(remediation: Remediation) -> Iterator[tuple[Literal["error", "warning"], str]]:
    for refusal in remediation.refusals:
        yield "error", refusal
    for left in remediation.left:
        yield "warning", f"{', '.join(left.manifests)} ({site_name(left.target)}): {left.reason}"

"""The result of a drift run. Every format, the history and the notifications are made of it."""

from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import ExitCode, Interrupted, worst_exit_code
from reconciler.findings import DriftSummary, StageDrift, TargetDrift, summarise_drift
from reconciler.fleet.facts import FleetFacts


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs, and what could not be compared: `unread` APIs and `lost` stages.

    `facts` are what the steps after the comparison add: ages, blame, coverage and so on.
    """

    targets: tuple[TargetDrift, ...]
    unread: tuple[ReadFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    stages: tuple[StageDrift, ...] = ()
    lost: tuple[StageFailure, ...] = ()
    facts: FleetFacts = field(default_factory=FleetFacts)

    @property
    def lost_manifests(self) -> tuple[tuple[StageFailure, str], ...]:
        """The stages that could not be compared, with each of their manifests."""
        return tuple((stage, name) for stage in self.lost for name in stage.unread.manifests)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic reported with the findings, including those of unread APIs and stages."""
        return (*self.diagnostics, *(failure.diagnostic for failure in self.failures))

    @property
    def failures(self) -> tuple[ReadFailure, ...]:
        """Everything that could not be read: APIs and stages."""
        return (*self.unread, *(stage.unread for stage in self.lost))

    @property
    def summary(self) -> DriftSummary:
        """The counts."""
        errors = sum(len(failure.manifests) for failure in self.unread) + len(self.problems)
        errors += len(self.lost_manifests)
        return summarise_drift(self.targets, errors, self.stages)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Errors that kept manifests, or parts of them, from being compared."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.is_error)

    @property
    def _remaining(self) -> bool:
        """Whether there are differences that were not remediated."""
        restored = self.facts.remediation.restored if self.facts.remediation else ()
        drafts = any(
            finding.subject == "method" or target.target not in restored  # an apply leaves unlisted methods alone
            for target in self.targets
            for finding in target.findings
        )
        return drafts or any(stage.differences for stage in self.stages)

    @property
    def exit_code(self) -> ExitCode:
        """2 on drift that was not remediated, 1 when something could not be read, 130 when the run was stopped."""
        remediation = self.facts.remediation
        codes = [remediation.exit_code if remediation else ExitCode.OK]
        if self.unread or self.lost or any_error(self.diagnostics):
            codes.append(ExitCode.FAILED)
        is_stopped = any(isinstance(failure.failure, Interrupted) for failure in self.failures)
        if is_stopped or self.facts.run.is_interrupted:
            codes.append(ExitCode.INTERRUPTED)
        if self._remaining:
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)

"""drift: the differences between manifests and AWS, read-only.

Promise: never writes, never plans. A target that cannot be read is an `error` among the findings of the others.
"""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.errors import ExitCode, gravest
from reconciler.findings import DriftSummary, TargetDrift, find_drift, summarise_drift
from reconciler.ports import Clock, Cloud, Files
from reconciler.workflows.declared import declare, nothing_found
from reconciler.workflows.plan import Request
from reconciler.workflows.targets import Reads, Unread, read_targets


@dataclass(frozen=True, slots=True)
class Drift:
    """What was found, and what could not be looked at."""

    targets: tuple[TargetDrift, ...]
    unread: tuple[Unread, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str

    @property
    def summary(self) -> DriftSummary:
        """The counts."""
        return summarise_drift(self.targets, len(self.unread))

    @property
    def exit_code(self) -> ExitCode:
        """2 on drift, 1 when something could not be read (which outweighs drift)."""
        codes = [ExitCode.OK]
        if self.unread or any_error(self.diagnostics):
            codes.append(ExitCode.FAILED)
        if self.summary.findings:
            codes.append(ExitCode.DIFFERENCES)
        return gravest(codes)


def drift(request: Request, cloud: Cloud, files: Files, clock: Clock) -> Drift:
    """Declare, read, compare. What lint has to say is left to `validate`."""
    declared = declare(request.paths, files)
    if not declared.manifests and not declared.broken:
        return Drift((), (), (nothing_found(request.paths),), clock.now())
    if declared.is_broken:
        return Drift((), (), declared.broken, clock.now())
    connection = cloud.connect(request.coordinates)
    found: Reads = read_targets(declared.manifests, connection, request.parallelism)
    targets = tuple(find_drift(one.desired, one.live) for one in found.reads)
    return Drift(targets, found.unread, (*declared.broken, *found.diagnostics), clock.now())

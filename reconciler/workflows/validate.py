"""validate: offline; every problem of the manifests at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.errors import ExitCode
from reconciler.ports import Files
from reconciler.workflows.declared import declare, nothing_found


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read and what is wrong with it."""

    manifests: int
    responses: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 with an error, else 0: warnings stop nothing."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def validate(paths: Sequence[str], files: Files) -> Validation:
    """Load, resolve and lint; finding no manifest at all is an error too."""
    declared = declare(paths, files)
    diagnostics = declared.diagnostics
    if not declared.manifests and not diagnostics:
        diagnostics = (nothing_found(paths),)
    return Validation(len(declared.manifests), declared.responses, diagnostics)

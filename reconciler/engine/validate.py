"""validate: offline; every problem of the manifests at once, in every environment."""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.load.load import load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode
from reconciler.ports import Files


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read and what is wrong with it. Manifests and responses count once, in however many environments."""

    manifests: int
    responses: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 with an error, else 0: warnings stop nothing."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def validate(request: Request, files: Files) -> Validation:
    """Load, resolve and lint; finding no manifest at all is an error too. Raises UsageError as `load_manifests`."""
    declared = load_manifests(request, files)
    diagnostics = declared.diagnostics
    something = declared.is_untouched or (declared.has_sets and not request.selectors)
    if declared.is_empty and not something and not any_error(diagnostics):
        diagnostics = (*diagnostics, no_manifests(request))
    return Validation(declared.manifests, declared.responses, diagnostics)

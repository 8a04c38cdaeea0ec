"""validate: every problem of the manifests at once, in every environment, offline."""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.load.load import load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode
from reconciler.ports import Files


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read, and its problems. A manifest or response of several environments counts once."""

    manifests: int
    responses: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 with an error, else 0, whatever the warnings."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def validate(request: Request, files: Files) -> Validation:
    """Load, resolve and lint; finding no manifest at all is an error too. Raises UsageError as `load_manifests`."""
    loaded = load_manifests(request, files)
    diagnostics = loaded.diagnostics
    is_usable = loaded.is_untouched or (loaded.has_sets and not request.selectors)
    if loaded.is_empty and not is_usable and not any_error(diagnostics):
        diagnostics = (*diagnostics, no_manifests(request))
    return Validation(loaded.manifests, loaded.responses, diagnostics)

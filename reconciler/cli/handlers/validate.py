"""reconciler validate, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.views.formats import View, renderings
from reconciler.views.validate import validation_report


def run(display: DisplayOptions, select: SelectOptions, outputs: tuple[Output, ...]) -> ExitCode:
    """Check the manifests and show every problem."""
    result = validate(request(select), Disk())

    def as_text() -> str:
        return validation_report(
            result.diagnostics, manifests=result.manifests, responses=result.responses, style=display.style()
        )

    def as_json() -> str:
        from reconciler.documents import dumped, validation_document  # noqa: PLC0415 - JSON only: it knows every document

        return dumped(validation_document(result.diagnostics, manifests=result.manifests, responses=result.responses))

    def view() -> View:
        from reconciler.views.reports import of_validation  # noqa: PLC0415 - reports only: it knows every command

        return of_validation(result, select.report_key)

    return emit(outputs, renderings(as_text, as_json, view), result.exit_code)

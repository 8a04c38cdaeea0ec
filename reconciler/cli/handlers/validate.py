"""reconciler validate, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.views.validate import validate_view


def run(display: DisplayOptions, select: SelectOptions, outputs: tuple[Output, ...]) -> ExitCode:
    """Check the manifests and show every problem."""
    result = validate(request(select), Disk())
    return emit(outputs, validate_view(result, select.report_key, display.style()), result.exit_code)

"""reconciler report merge, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import report_key
from reconciler.cli.terminal.output import emit
from reconciler.engine.drift.merge import environments, merge
from reconciler.engine.drift.parts import read_parts
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.views.drift import drift_view


def run(*, display: DisplayOptions, outputs: tuple[Output, ...], reports: tuple[str, ...]) -> ExitCode:
    """Merge the reports and show the drift of the run."""
    drift = merge(read_parts(reports, Disk()))
    return emit(outputs, drift_view(drift, report_key(environments(drift)), display.style()), drift.exit_code)

"""reconciler validate, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.input_files import RecordingDisk
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.watch import ReadFiles
from reconciler.cli.terminal.watch import watch as watched
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.views.validate import validate_view


def run(display: DisplayOptions, select: SelectOptions, outputs: tuple[Output, ...], *, watch: bool) -> ExitCode:
    """Check the manifests and show every problem, once or after each change of a file."""
    files = ReadFiles()

    def work() -> ExitCode:
        result = validate(request(select), RecordingDisk(files))
        return emit(outputs, validate_view(result, select.report_key, display.style()), result.exit_code)

    return watched(work, files) if watch else work()

"""reconciler select, when it runs."""

from reconciler.cli.exchange import backend_answer, problems_shown, say_problems, wanted_method
from reconciler.cli.options.backend import BackendOptions, MethodOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.input_files import InputFiles, check_files
from reconciler.cli.terminal.output import emit
from reconciler.engine.render import select as selected
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.mapping.exchange import Exchange
from reconciler.views.select import select_view


def run(
    display: DisplayOptions,
    select: SelectOptions,
    outputs: tuple[Output, ...],
    method: MethodOptions,
    backend: BackendOptions,
) -> ExitCode:
    """Select a response and show which."""
    check_files(backend.files)
    wanted = wanted_method(method)

    def work() -> ExitCode:
        exchange = Exchange(backend_answer(backend, InputFiles()))
        result = selected(request(select), Disk(), wanted, exchange)
        say_problems(() if display.quiet else result.method.warnings)
        return emit(outputs, select_view(result, display.style()), result.exit_code)

    return problems_shown(work)

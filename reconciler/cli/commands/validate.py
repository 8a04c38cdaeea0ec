"""reconciler validate."""

import click

from reconciler.cli.options.common import CommonOptions, printing
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, emit, formatting


@click.command("validate", cls=Grouped, short_help="Check manifests offline; every problem at once.")
@formatting(*FORMATS)
@scoping(reading=False)
@printing
def command(common: CommonOptions, scope: SelectOptions, outputs: tuple[Output, ...]) -> int:
    """Check manifests offline: syntax, structure, and what AWS would refuse or never use."""
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.engine.validate import validate  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.views.validate import validate_view  # noqa: PLC0415

    validation = validate(request(common, scope), Disk())
    return emit(outputs, validate_view(validation, scope.key, common.style()), validation.exit_code)

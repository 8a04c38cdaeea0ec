"""reconciler validate."""

from typing import TYPE_CHECKING

import click

from reconciler.cli.options.common import CommonOptions, printing
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, emit, formatting

if TYPE_CHECKING:
    from reconciler.views.view import View


@click.command("validate", cls=Grouped, short_help="Check manifests offline; every problem at once.")
@formatting(*FORMATS)
@scoping(reading=False)
@printing
def command(common: CommonOptions, scope: SelectOptions, outputs: tuple[Output, ...]) -> int:
    """Check manifests offline: syntax, structure, and what AWS would refuse or never use."""
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.engine.validate import validate  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.views.view import renderings  # noqa: PLC0415

    result = validate(request(common, scope), Disk())

    def as_text() -> str:
        from reconciler.views.validate import validation_report  # noqa: PLC0415

        return validation_report(
            result.diagnostics, manifests=result.manifests, responses=result.responses, style=common.style()
        )

    def as_json() -> str:
        from reconciler.documents import dumped, validation_document  # noqa: PLC0415

        return dumped(validation_document(result.diagnostics, manifests=result.manifests, responses=result.responses))

    def told() -> "View":
        from reconciler.views.reports import of_validation  # noqa: PLC0415 - only what other formats need

        return of_validation(result, scope.key)

    return emit(outputs, renderings(as_text, as_json, told), result.exit_code)

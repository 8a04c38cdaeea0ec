"""reconciler validate."""

from typing import TYPE_CHECKING

import click

from reconciler.cli.helping import Grouped
from reconciler.cli.options import Common, printing
from reconciler.cli.output import FORMATS, Output, emit, formatting
from reconciler.cli.scoping import Scope, scoping

if TYPE_CHECKING:
    from reconciler.cli.formats import Telling


@click.command("validate", cls=Grouped, short_help="Check manifests offline; every problem at once.")
@formatting(*FORMATS)
@scoping(reading=False)
@printing
def command(common: Common, scope: Scope, outputs: tuple[Output, ...]) -> int:
    """Check manifests offline: syntax, structure, and what AWS would refuse or never use."""
    from reconciler.cli.asking import request  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.cli.formats import renderings  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.workflows.validate import validate  # noqa: PLC0415

    result = validate(request(common, scope), Disk())

    def as_text() -> str:
        from reconciler.render.validate import validation_report  # noqa: PLC0415

        return validation_report(
            result.diagnostics, manifests=result.manifests, responses=result.responses, style=common.style()
        )

    def as_json() -> str:
        from reconciler.documents import dumped, validation_document  # noqa: PLC0415

        return dumped(validation_document(result.diagnostics, manifests=result.manifests, responses=result.responses))

    def told() -> "Telling":
        from reconciler.cli.telling import of_validation  # noqa: PLC0415 - only what other formats need

        return of_validation(result, scope.key)

    return emit(outputs, renderings(as_text, as_json, told), result.exit_code)

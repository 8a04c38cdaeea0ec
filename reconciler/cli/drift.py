"""reconciler drift."""

import click

from reconciler.cli.options import Aws, Common, later, printing, reaching
from reconciler.cli.output import Output, emit, formatting
from reconciler.cli.scoping import Scope, scoping


@click.command("drift", short_help="Show where AWS differs from the manifests; read-only.")
@formatting("text", "json")
@reaching
@scoping()
@printing
@later("--stage")
def command(common: Common, scope: Scope, aws: Aws, outputs: tuple[Output, ...]) -> int:
    """Compare AWS with the manifests; exit 2 on drift, 1 when an API could not be read."""
    from reconciler.cli.asking import request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.results import drift_json, drift_text  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.workflows.drift import drift  # noqa: PLC0415

    with session(aws, request(common, scope)) as now:
        found = drift(now.request, now.cloud, now.files, now.clock)
    texts = {"text": lambda: drift_text(found, common.style()), "json": lambda: drift_json(found)}
    return emit(outputs, texts, found.exit_code)

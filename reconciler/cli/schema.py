"""reconciler schema."""

import click

from reconciler.cli.output import write_stdout

_NAMES = ("manifest", "config", "plan", "apply", "drift", "validation", "rollback", "runs", "run")


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", type=click.Choice(_NAMES), default="manifest", metavar="[NAME]")
def command(name: str) -> int:
    """Print the JSON Schema of manifests or configurations (for editors), or of a document that --format json prints.

    NAME is manifest, config, plan, apply, drift, validation, rollback, runs or run.
    """
    from reconciler.workflows.schemas import schema_text  # noqa: PLC0415 - only what this command needs, when it runs

    write_stdout(schema_text(name))
    return 0

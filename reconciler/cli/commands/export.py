"""reconciler export."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.common import AwsOptions, debugging, reaching
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import files_written, say, write_stdout
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.engine.export import ApiSelector

_SCHEMA = Path("schemas", "manifest.schema.json")


@click.command("export", cls=Grouped, short_help="Write live APIs down as manifests.")
@click.option("--rest-api", "rest_apis", multiple=True, metavar="ID|NAME", help="A REST API. Repeatable.")
@click.option(
    "--websocket-api", "websocket_apis", multiple=True, metavar="ID|NAME", help="A WebSocket API. Repeatable."
)
@click.option("--all", "everything", is_flag=True, help="Every REST and WebSocket API of the region.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Where to.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.option("--template-files", is_flag=True, help="Long templates into .vtl files of their own.")
@click.option("--extract-sets", is_flag=True, help="Responses that repeat on three or more methods into response sets.")
@click.option("-q", "--quiet", is_flag=True, envvar="RECONCILER_QUIET", help="Only warnings and the summary.")
@click.option("-v", "--verbose", is_flag=True, hidden=True, expose_value=False)
@debugging
@reaching
def command(  # noqa: PLR0913 - click passes every option by name
    aws: AwsOptions,
    rest_apis: tuple[str, ...],
    websocket_apis: tuple[str, ...],
    out: Path,
    *,
    everything: bool,
    force: bool,
    template_files: bool,
    extract_sets: bool,
    quiet: bool,
) -> int:
    """Write what APIs hold now as manifests into DIR, a file each; a plan on these is empty.

    All or nothing: no file is written unless every API was read, and none that is there already is replaced without
    --force.
    """
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.export import ExportRequest, export  # noqa: PLC0415
    from reconciler.manifest.writer import Layout  # noqa: PLC0415
    from reconciler.new_files import write_new  # noqa: PLC0415
    from reconciler.views.export import export_text, file_texts  # noqa: PLC0415 - only what this command needs

    named = None if everything else _named(rest_apis, websocket_apis)
    if everything and (rest_apis or websocket_apis):
        raise UsageError("--all means every API, beside others that are named", "give one or the other")
    layout = Layout(_schema(out), template_files=template_files, extract_sets=extract_sets)
    with session(aws) as now:
        made = export(ExportRequest(named, layout, aws.coordinates, aws.parallelism), now.cloud)
        now.stop.begin_writes()
        write_new(out, file_texts(made), "choose another folder, or replace them with --force", force=force)
    lines = export_text(made, out)
    for line in lines.warnings if quiet else (*lines.notes, *lines.warnings):
        say(line)
    with files_written(out):
        write_stdout(lines.summary if quiet else lines.files)
    return ExitCode.OK


def _named(rest_apis: tuple[str, ...], websocket_apis: tuple[str, ...]) -> "list[ApiSelector]":
    from reconciler.engine.export import ApiSelector  # noqa: PLC0415
    from reconciler.models.targets import Kind  # noqa: PLC0415 - only when the command runs

    if not rest_apis and not websocket_apis:
        raise UsageError("no API is named", "give --rest-api, --websocket-api or --all")
    if "" in (*rest_apis, *websocket_apis):
        raise UsageError("the name of an API is empty", "give its id or name")
    return [
        *(ApiSelector(Kind.REST_API, word) for word in rest_apis),
        *(ApiSelector(Kind.WEBSOCKET_API, word) for word in websocket_apis),
    ]


def _schema(out: Path) -> str:
    """The nearest copy of the schema in or above the folder, as seen from there; else where `init` would put it."""
    folder = Path(os.path.realpath(out))
    for around in (folder, *folder.parents):
        if (around / _SCHEMA).is_file():
            return Path(os.path.relpath(around / _SCHEMA, folder)).as_posix()
    return f"../{_SCHEMA.as_posix()}"

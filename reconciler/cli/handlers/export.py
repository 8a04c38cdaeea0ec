"""reconciler export, when it runs."""

import os
from pathlib import Path

from reconciler.atomic_write import create_files
from reconciler.cli.definition_files import check_source, write_definitions
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import Output
from reconciler.cli.other_tool import OtherTool
from reconciler.cli.session import session
from reconciler.cli.terminal.output import emit, files_written, say
from reconciler.engine.export.export import ApiSelector, ExportRequest, export
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest.writer import Layout
from reconciler.models.targets import Kind
from reconciler.views.export import export_text, file_texts

_SCHEMA = Path("schemas", "manifest.schema.json")


def run(  # noqa: PLR0913 - the options of the command
    *,
    aws: AwsOptions,
    rest_apis: tuple[str, ...],
    websocket_apis: tuple[str, ...],
    out: Path,
    everything: bool,
    force: bool,
    template_files: bool,
    extract_sets: bool,
    quiet: bool,
    openapi: tuple[str, ...],
    parameters: tuple[str, ...],
    outputs: tuple[Output, ...],
    states: tuple[str, ...],
    templates: tuple[str, ...],
) -> ExitCode:
    """Write manifests of live APIs, or of OpenAPI definitions, and show what was written."""
    check_source(openapi, parameters, {"--rest-api": rest_apis, "--websocket-api": websocket_apis, "--all": everything})
    other_tool = OtherTool(outputs, states, templates)
    other_tool.check(is_live=not openapi)
    if openapi:
        layout = Layout(_schema(out), template_files=template_files, extract_sets=extract_sets)
        return write_definitions(openapi, parameters, layout, out, force=force, quiet=quiet)
    selectors = None if everything else _selectors(rest_apis, websocket_apis)
    if everything and (rest_apis or websocket_apis):
        option = "--rest-api" if rest_apis else "--websocket-api"
        raise UsageError(f"--all and {option} cannot be used together", "omit one of them")
    layout = Layout(_schema(out), template_files=template_files, extract_sets=extract_sets)
    other_tool.read()
    with session(aws) as ports:
        exported = export(ExportRequest(selectors, layout, aws.coordinates, aws.parallelism), ports.cloud)
        ports.stop.begin_writes()
        create_files(
            out, file_texts(exported), "choose another folder, or overwrite the files with --force", force=force
        )
    lines = export_text(exported, out)
    for line in lines.warnings if quiet else (*lines.notes, *lines.warnings):
        say(line)
    with files_written(out):
        text = lines.summary if quiet else lines.files
        return emit(outputs, {"text": lambda: text, **other_tool.renderings(exported, str(out))}, ExitCode.OK)


def _selectors(rest_apis: tuple[str, ...], websocket_apis: tuple[str, ...]) -> list[ApiSelector]:
    if not rest_apis and not websocket_apis:
        raise UsageError("no API is selected", "use --rest-api, --websocket-api or --all")
    if "" in (*rest_apis, *websocket_apis):
        raise UsageError("the name of an API is empty", "give its id or name")
    return [
        *(ApiSelector(Kind.REST_API, name) for name in rest_apis),
        *(ApiSelector(Kind.WEBSOCKET_API, name) for name in websocket_apis),
    ]


def _schema(out: Path) -> str:
    """Return the nearest copy of the schema in or above a folder, relative to it; else the one that `init` writes."""
    folder = Path(os.path.realpath(out))
    for ancestor in (folder, *folder.parents):
        if (ancestor / _SCHEMA).is_file():
            return Path(os.path.relpath(ancestor / _SCHEMA, folder)).as_posix()
    return f"../{_SCHEMA.as_posix()}"

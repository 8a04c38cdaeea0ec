"""reconciler export, when it runs."""

from pathlib import Path

from reconciler.atomic_write import create_files
from reconciler.cli.definition_files import check_source, write_definitions
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import Output
from reconciler.cli.other_tool import OtherTool
from reconciler.cli.schema_files import SchemaFiles, schema_files
from reconciler.cli.session import Session, session
from reconciler.cli.terminal.output import emit, say
from reconciler.engine.export.environments import EnvironmentsRequest, export_environments
from reconciler.engine.export.export import ApiSelector, Exported, ExportRequest, export
from reconciler.engine.export.source import SourceEnvironments, source_environments
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.manifest.writer import Layout
from reconciler.models.targets import Kind
from reconciler.render.style import printable
from reconciler.views.export import export_text, file_texts


def run(  # noqa: PLR0913 - the options of the command
    *,
    aws: AwsOptions,
    environments: tuple[str, ...],
    config: str | None,
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
    live = {"--rest-api": rest_apis, "--websocket-api": websocket_apis, "--all": everything, "--env": environments}
    check_source(openapi, parameters, live)
    schemas = schema_files(out, ("manifest", "config") if environments else ("manifest",))
    layout = Layout(schemas.names["manifest"], template_files=template_files, extract_sets=extract_sets)
    other_tool = OtherTool(outputs, states, templates)
    other_tool.check(is_live=not openapi)
    if environments and any(output.format != "text" for output in outputs):
        raise UsageError("--env and --format cannot be used together", "export one environment without --env")
    if openapi:
        return write_definitions(openapi, parameters, layout, schemas, out, force=force, quiet=quiet)
    selectors = _selectors(rest_apis, websocket_apis, everything=everything or bool(environments))
    if everything and selectors:
        option = "--rest-api" if rest_apis else "--websocket-api"
        raise UsageError(f"--all and {option} cannot be used together", "omit one of them")
    source = _source(environments, config, out) if environments else None
    other_tool.read()
    with session(aws) as ports:
        if source:
            exported = _of_environments(source, selectors, layout, schemas, aws, ports)
        else:
            exported = export(ExportRequest(selectors, layout, aws.coordinates, aws.parallelism), ports.cloud)
        exported = schemas.added_to(exported)
        ports.stop.begin_writes()
        create_files(
            out, file_texts(exported), "choose another folder, or overwrite the files with --force", force=force
        )
    lines = export_text(exported, out)
    for line in lines.warnings if quiet else (*lines.notes, *lines.warnings):
        say(line)
    text = lines.summary if quiet else lines.files
    renderings = {"text": lambda: text, **other_tool.renderings(exported, str(out))}
    return emit(outputs, renderings, ExitCode.OK, f"The files in {printable(str(out))} were written.")


def _source(names: tuple[str, ...], config: str | None, out: Path) -> SourceEnvironments:
    """Return the environments to export; their configuration must not be in the way."""
    source = source_environments(names, config, Disk())
    if Disk().real(str(out)) == source.folder:
        message = f"--out {out} is the folder of the configuration that is read, which would be replaced"
        raise UsageError(message, "choose another folder")
    return source


def _of_environments(  # noqa: PLR0913, PLR0917 - the options of the command
    source: SourceEnvironments,
    selectors: list[ApiSelector] | None,
    layout: Layout,
    schemas: SchemaFiles,
    aws: AwsOptions,
    ports: Session,
) -> Exported:
    request = EnvironmentsRequest(
        source.chosen,
        selectors,
        layout,
        others=source.others,
        config_schema=schemas.names["config"],
        overrides=aws.coordinates,
        parallelism=aws.parallelism,
    )
    return export_environments(request, ports.cloud, ports.clock)


def _selectors(
    rest_apis: tuple[str, ...], websocket_apis: tuple[str, ...], *, everything: bool
) -> list[ApiSelector] | None:
    """Return the APIs that are named; None for all of them."""
    if not rest_apis and not websocket_apis:
        if everything:
            return None
        raise UsageError("no API is selected", "use --rest-api, --websocket-api or --all")
    if "" in (*rest_apis, *websocket_apis):
        raise UsageError("the name of an API is empty", "give its id or name")
    return [
        *(ApiSelector(Kind.REST_API, name) for name in rest_apis),
        *(ApiSelector(Kind.WEBSOCKET_API, name) for name in websocket_apis),
    ]

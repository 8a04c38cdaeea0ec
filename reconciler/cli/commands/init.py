"""reconciler init."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from reconciler.cli.options.common import AwsOptions, debugging, reaching
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import files_written, say, write_stdout
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.engine.export import ApiSelector, Exported

_SET_UP: Final = {
    "github": "write what to install into .github/actions/setup-reconciler/action.yml (the default of 'source'), and "
    "set up two roles and the variables that name them, as samples/ci/README.md of reconciler says",
    "gitlab": "write what to install into .gitlab-ci.yml (RECONCILER_SOURCE), and set the variables it begins with, "
    "as samples/ci/README.md of reconciler says",
}
"""What no file can do."""

_SHARED: Final = ".github/dependabot.yml"
"""The one file of a recipe that a repository may have for other reasons."""


@click.command("init", cls=Grouped, short_help="Begin a folder of manifests.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rest-api", metavar="ID|NAME", help="With a manifest of this live REST API.")
@click.option("--websocket-api", metavar="ID|NAME", help="With a manifest of this live WebSocket API.")
@click.option("--ci", type=click.Choice(("github", "gitlab")), help="With a recipe for continuous integration.")
@click.option("-q", "--quiet", is_flag=True, help="Only warnings and the summary.")
@click.option("-v", "--verbose", is_flag=True, hidden=True, expose_value=False)
@debugging
@reaching
def command(  # noqa: PLR0913 - click passes every option by name
    aws: AwsOptions,
    folder: Path,
    rest_api: str | None,
    websocket_api: str | None,
    ci: Literal["github", "gitlab"] | None,
    *,
    quiet: bool,
) -> int:
    """Write a configuration, a manifest, schemas and editor settings into DIR; AWS is asked for a live API only.

    Nothing that is there already is replaced: then nothing is written. Beside manifests of your own no example is
    written. The recipe of --ci belongs at the top of a repository.
    """
    from reconciler.engine.init import MANIFESTS, scaffolded  # noqa: PLC0415
    from reconciler.invocation import Invocation  # noqa: PLC0415
    from reconciler.new_files import write_new  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.render.style import plural, printable  # noqa: PLC0415

    named = _named(rest_api, websocket_api)
    exported = _exported(aws, named) if named else None
    files = scaffolded(exported, ci, _manifests_in(folder))
    if _SHARED in files and (folder / _SHARED).exists():
        del files[_SHARED]
        say(
            f"warning: {_SHARED} is there already and was left as it is; add to it what "
            f"samples/ci/github/{_SHARED} of reconciler has, to keep what is pinned up to date"
        )
    write_new(folder, files, "choose another folder, or move away what is there")
    if exported:
        from reconciler.views.export import export_text  # noqa: PLC0415

        for line in export_text(exported, folder).warnings:
            say(line)
    if ci and (top := _repository_above(folder)):
        at = printable(f"{folder} is not; its repository begins at {top}")
        say(f"warning: the recipe works at the top of a repository, and {at}; move the files up, or run init there")
    validate = Invocation((str(folder / MANIFESTS),)).command("validate")
    summary = f"Wrote {plural(len(files), 'file')}. Next: {validate}"
    recipe = [f"Before the recipe runs: {_SET_UP[ci]}"] if ci else []
    lines = [summary] if quiet else [*(str(folder / name) for name in files), summary, *recipe]
    with files_written(folder):
        write_stdout("\n".join(map(printable, lines)))
    return ExitCode.OK


def _manifests_in(folder: Path) -> frozenset[str]:
    from reconciler.engine.init import MANIFESTS  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415 - only when the command runs

    manifests = folder / MANIFESTS
    return frozenset(Path(one).name for one in Disk().expand(str(manifests))) if manifests.is_dir() else frozenset()


def _repository_above(folder: Path) -> Path | None:
    """The top of the repository that a folder is in; None where it is the top itself, or in none."""
    here = folder.resolve()
    top = next((one for one in (here, *here.parents) if (one / ".git").exists()), here)
    return None if top == here else top


def _named(rest_api: str | None, websocket_api: str | None) -> "ApiSelector | None":
    from reconciler.engine.export import ApiSelector  # noqa: PLC0415
    from reconciler.models.targets import Kind  # noqa: PLC0415 - only when the command runs

    if rest_api is not None and websocket_api is not None:
        raise UsageError("--rest-api and --websocket-api stand side by side", "give one; export writes more APIs down")
    if "" in (rest_api, websocket_api):
        raise UsageError("the name of the API is empty", "give its id or name")
    if rest_api is not None:
        return ApiSelector(Kind.REST_API, rest_api)
    return None if websocket_api is None else ApiSelector(Kind.WEBSOCKET_API, websocket_api)


def _exported(aws: AwsOptions, named: "ApiSelector") -> "Exported":
    from reconciler.cli.session import session  # noqa: PLC0415 - AWS is not always asked
    from reconciler.engine.export import ExportRequest, export  # noqa: PLC0415

    with session(aws) as now:
        return export(ExportRequest([named], coordinates=aws.coordinates, parallelism=aws.parallelism), now.cloud)

"""reconciler init, when it runs."""

from pathlib import Path
from typing import Final, Literal

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.terminal.output import files_written, say, write_stdout
from reconciler.engine.export import ApiSelector, Exported, ExportRequest, export
from reconciler.engine.init import MANIFESTS, scaffolded
from reconciler.errors import ExitCode, UsageError
from reconciler.invocation import Invocation
from reconciler.manifest import Disk
from reconciler.models.targets import Kind
from reconciler.new_files import write_new
from reconciler.render.style import counted, printable
from reconciler.views.export import exported_text

_SET_UP: Final = {
    "github": "write what to install into .github/actions/setup-reconciler/action.yml (the default of 'source'), and "
    "set up two roles and the variables that name them, as samples/ci/README.md of reconciler says",
    "gitlab": "write what to install into .gitlab-ci.yml (RECONCILER_SOURCE), and set the variables it begins with, "
    "as samples/ci/README.md of reconciler says",
}
"""The steps that no file can take."""

_SHARED: Final = ".github/dependabot.yml"
"""The one file of a recipe that a repository may have for other reasons."""


def run(  # noqa: PLR0913 - the options of the command
    *,
    aws: AwsOptions,
    folder: Path,
    rest_api: str | None,
    websocket_api: str | None,
    ci: Literal["github", "gitlab"] | None,
    quiet: bool,
) -> ExitCode:
    """Write the files and show which."""
    selector = _selector(rest_api, websocket_api)
    exported = _exported(aws, selector) if selector else None
    files = scaffolded(exported, ci, _manifests_in(folder))
    if _SHARED in files and (folder / _SHARED).exists():
        del files[_SHARED]
        say(
            f"warning: {_SHARED} is there already and was left as it is; add to it what "
            f"samples/ci/github/{_SHARED} of reconciler has, to keep what is pinned up to date"
        )
    write_new(folder, files, "choose another folder, or move away what is there")
    for line in exported_text(exported, folder).warnings if exported else ():
        say(line)
    if ci and (top := _repository_above(folder)):
        reason = printable(f"{folder} is not; its repository begins at {top}")
        say(f"warning: the recipe works at the top of a repository, and {reason}; move the files up, or run init there")
    validate = Invocation((str(folder / MANIFESTS),)).command("validate")
    summary = f"Wrote {counted(len(files), 'file')}. Next: {validate}"
    recipe = [f"Before the recipe runs: {_SET_UP[ci]}"] if ci else []
    lines = [summary] if quiet else [*(str(folder / name) for name in files), summary, *recipe]
    with files_written(folder):
        write_stdout("\n".join(map(printable, lines)))
    return ExitCode.OK


def _manifests_in(folder: Path) -> frozenset[str]:
    manifests = folder / MANIFESTS
    return frozenset(Path(file).name for file in Disk().expand(str(manifests))) if manifests.is_dir() else frozenset()


def _repository_above(folder: Path) -> Path | None:
    """Return the top of the repository that a folder is in; None if the folder is the top, or in no repository."""
    here = folder.resolve()
    top = next((ancestor for ancestor in (here, *here.parents) if (ancestor / ".git").exists()), here)
    return None if top == here else top


def _selector(rest_api: str | None, websocket_api: str | None) -> ApiSelector | None:
    if rest_api is not None and websocket_api is not None:
        raise UsageError("--rest-api and --websocket-api stand side by side", "give one; export writes more APIs down")
    if "" in (rest_api, websocket_api):
        raise UsageError("the name of the API is empty", "give its id or name")
    if rest_api is not None:
        return ApiSelector(Kind.REST_API, rest_api)
    return None if websocket_api is None else ApiSelector(Kind.WEBSOCKET_API, websocket_api)


def _exported(aws: AwsOptions, selector: ApiSelector) -> Exported:
    from reconciler.cli.session import session  # noqa: PLC0415 - without a live API, no AWS library is needed

    with session(aws) as ports:
        request = ExportRequest([selector], coordinates=aws.coordinates, parallelism=aws.parallelism)
        return export(request, ports.cloud)

"""reconciler init, when it runs."""

from pathlib import Path
from typing import Final, Literal

from reconciler.atomic_write import create_files
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.terminal.output import files_written, say, write_stdout
from reconciler.engine.export.export import ApiSelector, Exported, ExportRequest, export
from reconciler.engine.init import MANIFESTS, is_test, scaffold_files
from reconciler.errors import ExitCode, UsageError
from reconciler.invocation import Invocation
from reconciler.manifest import Disk
from reconciler.models.targets import Kind
from reconciler.render.style import plural, printable
from reconciler.views.export import export_text

_SET_UP: Final = {
    "github": "set the package to install in .github/actions/setup-reconciler/action.yml (the default of 'source'), "
    "then create two roles and the variables with their names, as described in samples/ci/README.md of reconciler",
    "gitlab": "set the package to install in .gitlab-ci.yml (RECONCILER_SOURCE), then set the variables at its "
    "beginning, as described in samples/ci/README.md of reconciler",
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
    files = scaffold_files(exported, ci, _manifests_in(folder))
    if _SHARED in files and (folder / _SHARED).exists():
        del files[_SHARED]
        say(
            f"warning: {_SHARED} exists and was not changed; to keep pinned versions up to date, add the entries of "
            f"samples/ci/github/{_SHARED} in the repository of reconciler"
        )
    create_files(folder, files, "choose another folder, or move the file away")
    for line in export_text(exported, folder).warnings if exported else ():
        say(line)
    if ci and (top := _repository_above(folder)):
        say(
            f"warning: the CI recipe works only at the top of the repository, which is {printable(str(top))}; "
            "move the files there, or run init there"
        )
    checks = Invocation((str(folder / MANIFESTS),))
    summary = f"Wrote {plural(len(files), 'file')}. Next: {checks.command('validate')}"
    tests = [f"Then run the tests: {checks.command('test')}"] if any(map(is_test, files)) else []
    recipe = [f"Before the recipe runs: {_SET_UP[ci]}"] if ci else []
    lines = [summary] if quiet else [*(str(folder / name) for name in files), summary, *tests, *recipe]
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
        raise UsageError(
            "--rest-api and --websocket-api cannot be used together", "omit one, or use export for several APIs"
        )
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

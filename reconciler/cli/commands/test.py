"""reconciler test."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.live import live_options
from reconciler.cli.options.select import LineType, select_manifests
from reconciler.cli.terminal.help import WRONG_TARGET, Command, Example
from reconciler.errors import ExitCode


@click.command(
    "test",
    cls=Command,
    examples=(
        Example("Run the tests of a folder", "reconciler test samples/petstore"),
        Example("Write the results for a CI system", "reconciler test samples --format junit=tests.xml"),
    ),
    exit_codes={
        ExitCode.OK: "all tests passed",
        ExitCode.FAILED: "a test did not pass or could not run",
        ExitCode.REFUSED: WRONG_TARGET,
    },
)
@click.option(
    "--only",
    multiple=True,
    type=LineType(),
    metavar="NAME",
    help="Only tests with this name, as in --only 'a pet *'. Repeatable.",
)
@click.option("--update", is_flag=True, help="Write bodies to the files of `expect: {body: {file: ...}}`.")
@click.option("--allow-no-tests", "allows_no_tests", is_flag=True, help="Do not fail if no test runs.")
@click.option(
    "--parallelism",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes, for many tests; default: 1. With --live also calls at a time; default: 8.",
)
@live_options
@format_option(*FORMATS)
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.test")
def command() -> None:
    """Run response tests offline: what clients would get, compared with what the tests expect.

    Tests are documents of `kind: ResponseTest` in the files of PATH. A manifest that they name is found there, in the
    configuration, or in the folder of the tests. They also run if `validate` reports problems.

    With --live, each tested method of the draft is called in AWS too, and its answer compared: differences are those of
    the draft, of the backend, of the call's $context, or of reconciler itself.
    """

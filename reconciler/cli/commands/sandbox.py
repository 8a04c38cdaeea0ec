"""reconciler sandbox."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "sandbox",
    cls=Command,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    examples=(
        Example("Start a local AWS and print the variables to export", "reconciler sandbox"),
        Example("Run one command against a fresh sandbox", "reconciler sandbox -- reconciler plan samples/petstore"),
    ),
    exit_codes={
        ExitCode.OK: "stopped by Ctrl-C; with COMMAND, its own exit code",
        ExitCode.FAILED: "the sandbox could not start",
    },
)
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="PORT", default=0, help="Port to listen on; default: a free one."
)
@click.option(
    "--backends",
    multiple=True,
    metavar="PATH",
    help="Response tests, whose backends answer calls of TestInvokeMethod. Repeatable.",
)
@click.option("--empty", is_flag=True, help="Start without the APIs of the samples.")
@click.option("--quotas", is_flag=True, help="Throttle calls as AWS does, in each account and region.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND...]")
@debug_option
@handled_by("reconciler.cli.handlers.sandbox")
def command() -> None:
    """Start a local AWS with the APIs of the samples, and print the variables to export.

    With COMMAND, run it against a fresh one instead. Any role can be assumed (`assumeRole`), and gives access to the
    account in its ARN, which has no APIs at first.

    TestInvokeMethod (`reconciler test --live`) runs the pipeline of `reconciler test` here, so it cannot prove that
    pipeline right: only AWS can. A backend answers as in the test of its method with the same request, else as in the
    first test of the method.
    """

"""reconciler sandbox."""

import shlex
import signal
import sys
import threading

import click

from reconciler.cli.options.common import debugging
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import say, write_stdout
from reconciler.errors import ExitCode, UsageError


@click.command(
    "sandbox",
    cls=Command,
    short_help="A local AWS to play with.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    examples=(
        Example("Start a local AWS and print the variables to export", "reconciler sandbox"),
        Example("Run one command against a fresh one", "reconciler sandbox -- reconciler plan samples/petstore"),
    ),
    exit_codes={
        ExitCode.OK: "stopped by Ctrl-C; with COMMAND, its own exit code",
        ExitCode.FAILED: "the sandbox could not start",
    },
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Listen here; without it, on a free port.")
@click.option("--empty", is_flag=True, help="Without the APIs that the samples are for.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND...]")
@debugging
def command(port: int, empty: bool, arguments: tuple[str, ...]) -> int:
    """Start a local AWS on loopback, with APIs that fit the samples, and print what to export.

    With COMMAND: run it against a fresh one, and exit with its exit code.
    """
    from reconciler.sandbox.server import UNSET, run, serve  # noqa: PLC0415 - only what this command needs, when it runs

    if arguments and arguments[0].startswith("-"):
        message = f"there is no option {arguments[0]}"
        raise UsageError(message, "a command to run stands after --")
    if arguments:
        return run(arguments, seed=not empty)
    with serve(port=port, seed=not empty) as server:
        write_stdout(f"unset {' '.join(UNSET)}\n")
        write_stdout("".join(f"export {name}={shlex.quote(value)}\n" for name, value in server.environment.items()))
        if sys.stderr.isatty():
            say("The sandbox listens until Ctrl-C. Copy the lines above into another terminal.")
        _wait()
    return ExitCode.OK


def _wait() -> None:
    """Until Ctrl-C or SIGTERM, both of which end a sandbox well."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    done.wait()

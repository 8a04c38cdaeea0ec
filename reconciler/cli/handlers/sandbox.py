"""reconciler sandbox, when it runs."""

import shlex
import signal
import sys
import threading

from reconciler.cli.terminal.output import say, write_stdout
from reconciler.errors import ExitCode, UsageError
from reconciler.sandbox import server


def run(port: int, empty: bool, arguments: tuple[str, ...]) -> int:
    """Run a command against a sandbox and return its exit code, or serve until Ctrl-C."""
    if arguments and arguments[0].startswith("-"):
        message = f"no such option {arguments[0]!r}"
        raise UsageError(message, "put the command to run after --")
    if arguments:
        return server.run(arguments, seed=not empty)
    with server.serve(port=port, seed=not empty) as sandbox:
        write_stdout(f"unset {' '.join(server.UNSET)}\n")
        write_stdout("".join(f"export {name}={shlex.quote(value)}\n" for name, value in sandbox.environment.items()))
        if sys.stderr.isatty():
            say("The sandbox runs until Ctrl-C. Copy the lines above into another terminal.")
        _wait()
    return ExitCode.OK


def _wait() -> None:
    """Wait for Ctrl-C or SIGTERM; both end a sandbox with success."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    done.wait()

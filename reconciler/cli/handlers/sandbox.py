"""reconciler sandbox, when it runs."""

import os
import shlex
import signal
import sys
import threading

from reconciler.cli.terminal.output import say, write_stdout
from reconciler.diagnostics import any_error
from reconciler.errors import ExitCode, UsageError
from reconciler.render.style import Style
from reconciler.sandbox import server
from reconciler.sandbox.model.state import BackendAnswers


def run(port: int, backends: tuple[str, ...], empty: bool, quotas: bool, arguments: tuple[str, ...]) -> int:
    """Run a command against a sandbox and return its exit code, or serve until Ctrl-C."""
    if arguments and arguments[0].startswith("-"):
        message = f"no such option {arguments[0]!r}"
        raise UsageError(message, "put the command to run after --")
    answers = _answers(backends) if backends else {}
    if answers is None:
        return ExitCode.FAILED
    if arguments:
        return server.run(arguments, seed=not empty, backends=answers, quotas=quotas)
    with server.serve(port=port, seed=not empty, backends=answers, quotas=quotas) as sandbox:
        write_stdout(f"unset {' '.join(server.UNSET)}\n")
        write_stdout("".join(f"export {name}={shlex.quote(value)}\n" for name, value in sandbox.environment.items()))
        if sys.stderr.isatty():
            say("The sandbox runs until Ctrl-C. Copy the lines above into another terminal.")
        _wait()
    return ExitCode.OK


def _answers(paths: tuple[str, ...]) -> BackendAnswers | None:
    """Return the backends of the response tests in these paths; None after an error, which is shown."""
    from reconciler.engine.load.request import Request  # noqa: PLC0415 - few sandboxes need any of these
    from reconciler.engine.response_tests.run import run_tests  # noqa: PLC0415
    from reconciler.engine.response_tests.sandbox_backends import sandbox_backends  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415
    from reconciler.views.problems import diagnostic_lines  # noqa: PLC0415

    tests = run_tests(Request(paths, process=os.environ), Disk())
    for line in diagnostic_lines(tests.diagnostics, Style()):
        say(line)
    return None if any_error(tests.diagnostics) else sandbox_backends(tests)


def _wait() -> None:
    """Wait for Ctrl-C or SIGTERM; both end a sandbox with success."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    done.wait()

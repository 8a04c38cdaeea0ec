"""A `credential_process`: the program that a profile runs to get credentials.

The program runs as boto3 would run it, without a shell, and every kind of failure has its own message. boto3 itself
lets OSError, UnicodeDecodeError and JSONDecodeError through, and waits forever.

On a terminal the program may prompt the user (for a one-time code, a login in the browser), so it has no time limit and
Ctrl-C ends it. Without a terminal nobody could answer or press Ctrl-C: it gets no input and has to finish within
`TIMEOUT_SECONDS`.
"""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from reconciler.aws.prompts import has_terminal

TIMEOUT_SECONDS: Final = 120.0
"""How long a program may run without a terminal."""

_CLOSING_SECONDS: Final = 5.0


class ProgramFailed(Exception):  # noqa: N818 - read as "raise ProgramFailed"
    """The program returned no credentials. The message follows its name, such as "was killed by SIGKILL"."""


class ProgramRun:
    """A finished run of a program: as much of `subprocess.Popen` as boto3's ProcessProvider uses."""

    def __init__(self, output: bytes) -> None:
        self.returncode = 0
        self._output = output

    def communicate(self) -> tuple[bytes, bytes]:
        """Return what the program printed, which is a JSON object."""
        return self._output, b""


def run(arguments: Sequence[str], **_: Any) -> ProgramRun:  # noqa: ANN401 - replaces subprocess.Popen
    """Run a program to its end. Raises ProgramFailed unless it prints a JSON object and exits with 0."""
    if not arguments:
        raise ProgramFailed("credential_process is empty")
    interactive = has_terminal()
    try:
        process = subprocess.Popen(  # noqa: S603 - the command is from the user's own ~/.aws/config
            arguments,
            stdin=None if interactive else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=not interactive,  # a separate process group, so that its children can be killed with it
        )
    except OSError as error:
        raise ProgramFailed(f"cannot be run: {error.strerror or error}") from None
    except ValueError as error:  # a null character
        raise ProgramFailed(f"cannot be run: {error}") from None
    output, stderr = _finish(process, limit=None if interactive else TIMEOUT_SECONDS)
    _check_exit(process.returncode, stderr)
    _check_output(output)
    return ProgramRun(output)


def _finish(process: subprocess.Popen[bytes], limit: float | None) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _kill(process, group=True)
        with suppress(subprocess.TimeoutExpired):  # a child in yet another group may keep the pipes open
            process.communicate(timeout=_CLOSING_SECONDS)
        raise ProgramFailed(f"did not finish within {limit:g} s") from None
    except BaseException:  # Ctrl-C, and SIGTERM of a cancelled job
        _kill(process, group=limit is not None)
        process.wait()
        raise


def _kill(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """Kill the program, with its children if it has its own process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL) if group else process.kill()


def _check_exit(code: int, stderr: bytes) -> None:
    if code == 0:
        return
    failure = f"was killed by {_signal_name(-code)}" if code < 0 else f"failed with exit code {code}"
    lines = stderr.decode(errors="replace").strip().splitlines()
    raise ProgramFailed(f"{failure}: {lines[0]}" if lines else failure)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _check_output(output: bytes) -> None:
    """Raise ProgramFailed unless the output is a JSON object. It is never quoted: it may contain a secret."""
    if not output.strip():
        raise ProgramFailed("printed nothing, but must print a JSON object with credentials")
    try:
        content = json.loads(output.decode())
    except UnicodeDecodeError:
        raise ProgramFailed("printed text that is not UTF-8, but must print a JSON object with credentials") from None
    except (ValueError, RecursionError):
        raise ProgramFailed("printed text that is not JSON, but must print a JSON object with credentials") from None
    if not isinstance(content, dict):
        raise ProgramFailed("printed JSON that is not an object, but must print a JSON object with credentials")

"""A `credential_process`: the program that a profile names to print credentials.

The program runs as boto3 would run it, without a shell, and every way in which it can fail says so by name. boto3
itself lets OSError, UnicodeDecodeError and JSONDecodeError through, and waits for ever.

On a terminal the program may ask for something (a one-time code, a login in the browser), so it has all the time it
needs and Ctrl-C ends it. Without one, nobody could answer or press Ctrl-C: it gets no input, and `TIMEOUT_SECONDS` to
finish.
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
"""How long a program may take where there is no terminal."""

_CLOSING_SECONDS: Final = 5.0


class ProgramFailed(Exception):  # noqa: N818 - read as "raise ProgramFailed"
    """The program gave no credentials: one sentence without a subject, such as "was killed by SIGKILL"."""


class ProgramRun:
    """A finished run of a program: as much of `subprocess.Popen` as boto3's ProcessProvider uses."""

    def __init__(self, output: bytes) -> None:
        self.returncode = 0
        self._output = output

    def communicate(self) -> tuple[bytes, bytes]:
        """What the program printed, which is a JSON object."""
        return self._output, b""


def run(arguments: Sequence[str], **_: Any) -> ProgramRun:  # noqa: ANN401 - takes the place of subprocess.Popen
    """Run a program to its end. Raises ProgramFailed unless it printed a JSON object and exited with 0."""
    if not arguments:
        raise ProgramFailed("credential_process names no program")
    interactive = has_terminal()
    try:
        process = subprocess.Popen(  # noqa: S603 - what it runs stands in the person's own ~/.aws/config
            arguments,
            stdin=None if interactive else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=not interactive,  # a group of its own, so that children can be ended with it
        )
    except OSError as error:
        raise ProgramFailed(f"cannot be run: {error.strerror or error}") from None
    except ValueError as error:  # a null character
        raise ProgramFailed(f"cannot be run: {error}") from None
    output, complaint = _finish(process, limit=None if interactive else TIMEOUT_SECONDS)
    _check_exit(process.returncode, complaint)
    _check_output(output)
    return ProgramRun(output)


def _finish(process: subprocess.Popen[bytes], limit: float | None) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _kill(process, group=True)
        with suppress(subprocess.TimeoutExpired):  # a child in yet another group may hold the pipes
            process.communicate(timeout=_CLOSING_SECONDS)
        raise ProgramFailed(f"did not finish within {limit:g} s") from None
    except BaseException:  # Ctrl-C, and SIGTERM of a job that is cancelled
        _kill(process, group=limit is not None)
        process.wait()
        raise


def _kill(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """End the program, with its children where it has a group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL) if group else process.kill()


def _check_exit(code: int, complaint: bytes) -> None:
    if code == 0:
        return
    what = f"was killed by {_signal_name(-code)}" if code < 0 else f"failed with exit code {code}"
    lines = complaint.decode(errors="replace").strip().splitlines()
    raise ProgramFailed(f"{what}: {lines[0]}" if lines else what)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _check_output(output: bytes) -> None:
    """Refuse what is no JSON object. What it printed is not quoted: it may hold a secret."""
    if not output.strip():
        raise ProgramFailed("printed nothing; it must print a JSON object with credentials")
    try:
        content = json.loads(output.decode())
    except UnicodeDecodeError:
        raise ProgramFailed("printed text that is not UTF-8; it must print a JSON object with credentials") from None
    except (ValueError, RecursionError):
        raise ProgramFailed("printed no JSON; it must print a JSON object with credentials") from None
    if not isinstance(content, dict):
        raise ProgramFailed("printed JSON that is no object; it must print a JSON object with credentials")

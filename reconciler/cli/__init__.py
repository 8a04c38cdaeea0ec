"""The command line: one file per verb, each of which parses, calls a workflow, prints, and gives an exit code.

Promise: no logic. Commands are imported when they are run, and what a command needs of boto3 and the rest when it gets
that far, so that `--help` and `--version` stay cheap. Every failure that a user can cause ends in one message on stderr
and the documented exit code; `--debug` adds the traceback.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The installed command."""
    try:
        from reconciler.cli.main import run  # noqa: PLC0415 - so that importing the package costs nothing

        code = run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        code = _INTERRUPTED  # Ctrl-C before there was anything to interrupt, or after it
    if code == _INTERRUPTED:
        os._exit(code)  # calls that nobody waits for any more have threads, for which Python would wait
    sys.exit(code)

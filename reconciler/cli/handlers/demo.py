"""reconciler demo, when it runs."""

import os
import sys
import threading

from reconciler.aws.clock import SystemClock
from reconciler.cli.terminal.output import write_stdout
from reconciler.cli.tour import Tour
from reconciler.errors import ExitCode
from reconciler.render.style import Style


def run(no_color: bool) -> ExitCode:
    """Print the tour, step by step."""
    colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    for text in Tour(SystemClock(threading.Event()), Style(colour=colour)).steps():
        write_stdout(text)
    return ExitCode.OK

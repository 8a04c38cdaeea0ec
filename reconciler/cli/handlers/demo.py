"""reconciler demo, when it runs."""

import sys
import threading

from reconciler.aws.clock import SystemClock
from reconciler.cli.options.color import chosen_color, is_coloured
from reconciler.cli.terminal.output import write_stdout
from reconciler.cli.tour import Tour
from reconciler.errors import ExitCode
from reconciler.render.style import Style


def run(color: str | None, no_color: bool) -> ExitCode:
    """Print the tour, step by step."""
    colour = is_coloured(chosen_color(color, no_color=no_color), sys.stdout)
    for text in Tour(SystemClock(threading.Event()), Style(colour=colour)).steps():
        write_stdout(text)
    return ExitCode.OK

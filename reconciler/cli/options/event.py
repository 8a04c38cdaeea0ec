"""The option that narrows a run to the API of an event."""

from collections.abc import Callable
from typing import Any, Final

import click

event_option: Final[Callable[[Any], Any]] = click.option(
    "--event",
    "event_file",
    metavar="FILE",
    help="Check only the API that this event of EventBridge names (a call that CloudTrail recorded). - is stdin.",
)
"""--event, as `event_file`."""

"""The option that narrows a run to the API of an event."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from reconciler.errors import UsageError

event_option: Final[Callable[[Any], Any]] = click.option(
    "--event",
    "event_file",
    metavar="FILE",
    help="Check only the API that this event of EventBridge names (a call that CloudTrail recorded). - is stdin.",
)
"""--event, as `event_file`."""


def check_event(file: str | None, others: Mapping[str, bool]) -> None:
    """Raise UsageError for an event with an option (option -> whether it is used) that is about a whole run."""
    for option, is_used in others.items() if file is not None else ():
        if is_used:
            message = f"--event and {option} cannot be used together"
            raise UsageError(message, f"omit {option}, which is about more than one API")

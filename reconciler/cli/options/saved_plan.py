"""Plans that are saved, and applies of them: the options, and the files."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from reconciler.cli.terminal.output import check_file, say
from reconciler.errors import UsageError
from reconciler.render.style import printable

if TYPE_CHECKING:
    from reconciler.cli.session import Session
    from reconciler.engine.plan import Planned

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(\d{1,6})([smhd])")

_FROM_THE_PLAN: Final = {
    "paths": "PATH",
    "config": "--config",
    "environments": "--env",
    "variables": "--var",
    "selectors": "--selector",
    "changed_since": "--changed-since",
    "only": "--only",
    "forced": "--force",
    "base": "--base",
    "stages": "--stage",
    "publish_all": "--publish-all",
}
"""What a saved plan says itself, by the names of the parameters."""


def saving(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Where a plan is to be saved: told before anything is asked of AWS."""
    if value in {"", "-"}:
        message = "--out names no file"
        raise UsageError(message, "give it a name, such as plan.json; --format json prints a plan on stdout")
    if value:
        check_file(f"--out {value}", value)
    if value and Path(value).exists() and not Path(value).is_file():
        # A saved plan takes the place of what is there: for root, of /dev/null too
        message = f"--out {value} is a device or a pipe"
        raise UsageError(message, "name a file, or leave it out; --format json prints a plan on stdout")
    return value


@contextmanager
def replacing(file: str | None) -> Iterator[None]:
    """For the time of a plan that is to be saved: what keeps it from being made leaves no older one in its place."""
    try:
        yield
    except UsageError:
        raise
    except BaseException:
        if file and (older := _discarded(file)):
            say(f"no plan was saved to {printable(file)}{older}")
        raise


def _discarded(file: str) -> str:
    """Whoever does not look at the exit code would apply an older plan, as what this run showed."""
    from reconciler import planfile  # noqa: PLC0415 - only who saves pays

    return ", and the older one there was removed" if planfile.discard(Path(file)) else ""


def save(file: str, planned: "Planned", now: "Session") -> None:
    """Save a plan, refused ones too (they say so); one with errors is none."""
    from reconciler import planfile  # noqa: PLC0415 - only who saves pays
    from reconciler.engine.saved_plan import saved  # noqa: PLC0415

    if planned.has_errors:
        say(f"no plan was saved to {printable(file)}{_discarded(file)}: fix the errors first")
        return
    planfile.save(Path(file), saved(planned, now.request, now.files))


def duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """`30m`, `24h`, `7d`."""
    if value is None:
        return None
    match = _DURATION.fullmatch(value)
    if not match:
        message = f"--max-age {value!r} is no duration"
        raise UsageError(message, "write it as 30m, 24h or 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def nothing_else_given(context: click.Context) -> None:
    """With a saved plan nothing is chosen on the command line; what the environment says then does not count."""
    for name, option in _FROM_THE_PLAN.items():
        if context.params.get(name) and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            message = f"{option} does not go with --plan: the saved plan says it"
            raise UsageError(message, f"leave {option} out, or make another plan")

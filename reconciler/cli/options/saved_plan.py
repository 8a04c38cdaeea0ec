"""The options about saved plans."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from reconciler.cli.options.format import check_writable
from reconciler.errors import UsageError

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(\d{1,6})([smhd])")

_IN_THE_PLAN: Final = {
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
"""Parameter -> option or argument, for each whose value a saved plan contains."""


def _new_plan(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return the file to save a plan to. Raises UsageError for a bad one, before AWS is read."""
    if value in {"", "-"}:
        message = "--out needs a file name"
        raise UsageError(message, "use --out plan.json, or --format json to print the plan")
    if value:
        check_writable(f"--out {value}", value)
    if value and Path(value).exists() and not Path(value).is_file():
        # A saved plan replaces the file: for root, /dev/null too
        message = f"--out {value} is a device or a pipe"
        raise UsageError(message, "use --out plan.json, or --format json to print the plan")
    return value


def duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Parse `30m`, `24h`, `7d`."""
    if value is None:
        return None
    match = _DURATION.fullmatch(value)
    if not match:
        message = f"--max-age {value!r} is not a duration"
        raise UsageError(message, "use 30m, 24h or 7d, for example")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


out_option = click.option("--out", metavar="FILE", callback=_new_plan, help="Save the plan, for apply --plan FILE.")

plan_option = click.option("--plan", "plan_file", metavar="FILE", help="Apply exactly this saved plan.")

max_age_option = click.option(
    "--max-age", metavar="DURATION", callback=duration, help="Refuse a saved plan older than this: 30m, 24h, 7d."
)


def check_nothing_selected() -> None:
    """Raise UsageError for an option that a saved plan already contains; environment variables do not count."""
    context = click.get_current_context()
    for name, option in _IN_THE_PLAN.items():
        if context.params.get(name) and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            message = f"{option} and --plan cannot be used together"
            raise UsageError(message, f"omit {option}, which the saved plan contains, or make another plan")

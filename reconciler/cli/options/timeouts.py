"""The options that limit how long a read-only run may take."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click

from reconciler.cli.options.group import option_group

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600}
_DURATION: Final = re.compile(r"([0-9]{1,6})([smh])")
_LONGEST: Final = 7 * 24 * 3_600


class DurationType(click.ParamType[float]):
    """`30s`, `5m` or `1h`, as seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds, more than 0 and at most a week."""
        match = _DURATION.fullmatch(str(value).strip())
        if not match:
            self.fail(f"{value!r} is not a duration: use 30s, 5m or 1h, for example", param, ctx)
        seconds = int(match[1]) * _UNITS[match[2]]
        if not 0 < seconds <= _LONGEST:
            self.fail(f"{value!r} must be between 1s and {_LONGEST // 3_600}h", param, ctx)
        return float(seconds)


@dataclass(frozen=True, slots=True)
class TimeoutOptions:
    """The seconds for the whole run, and for reading one API; None: no limit."""

    timeout: float | None
    target_timeout: float | None

    def added_to(self, request: "Request") -> "Request":
        """Return the request with these limits."""
        return replace(request, timeout=self.timeout, target_timeout=self.target_timeout)


timeout_options = option_group(
    "timeouts",
    TimeoutOptions,
    click.option(
        "--timeout",
        type=DurationType(),
        metavar="DURATION",
        envvar="RECONCILER_TIMEOUT",
        help="End after this time and report what was read: 30s, 5m, 1h.",
    ),
    click.option(
        "--target-timeout",
        type=DurationType(),
        metavar="DURATION",
        envvar="RECONCILER_TARGET_TIMEOUT",
        help="Give up on an API that takes longer than this.",
    ),
)
"""--timeout and --target-timeout, as `timeouts`."""

"""The options of `test --live`."""

from dataclasses import dataclass

import click

from reconciler.cli.options.aws import COORDINATE_OPTIONS, QUOTA_SHARE_OPTION, coordinates, share
from reconciler.cli.options.group import option_group
from reconciler.models.targets import Coordinates


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """Whether to call AWS, and how: where, which share of the quota to use (None: all of it), seconds for an answer."""

    enabled: bool
    timeout: float
    coordinates: Coordinates
    quota_share: float | None


def _live(  # noqa: PLR0913, PLR0917 - one for each option
    live: bool,
    timeout: float,
    region: str | None,
    profile: str | None,
    endpoint_url: str | None,
    quota_share: float | str,
) -> LiveOptions:
    return LiveOptions(live, timeout, coordinates(region, profile, endpoint_url), share(quota_share))


live_options = option_group(
    "live_options",
    _live,
    click.option(
        "--live",
        is_flag=True,
        help="Also call the methods in AWS, and with them their real backends (REST APIs).",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(1, 900),
        default=30,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for the answer to a call.",
    ),
    *COORDINATE_OPTIONS,
    QUOTA_SHARE_OPTION,
)
"""The options of `test --live`, as `live_options`."""

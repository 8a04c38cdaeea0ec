"""The options that say how to reach AWS, and how fast to call it."""

from dataclasses import dataclass
from typing import Any, Final

import click

from reconciler.cli.options.group import Decorator, option_group
from reconciler.errors import UsageError
from reconciler.models.targets import Coordinates
from reconciler.quota import OFF, quota_share


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """How to reach AWS, how many APIs to process in parallel, and which share of the quota to use (None: all of it)."""

    coordinates: Coordinates
    parallelism: int
    quota_share: float | None


class QuotaShare(click.ParamType[float | str]):
    """`50%`, `0.5` or `off`."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """Return a share above 0 and up to 1; `off` stays a word, because None means "not given" to click."""
        try:
            return quota_share(str(value)) or OFF
        except ValueError:
            self.fail(f"{value!r} is not a share: use a percentage such as 50%, or off", param, ctx)


def coordinates(region: str | None, profile: str | None, endpoint_url: str | None) -> Coordinates:
    """Return where to call AWS. Raises UsageError for an empty value."""
    for option, value in (("--region", region), ("--profile", profile), ("--endpoint-url", endpoint_url)):
        if value is not None and not value.strip():
            message = f"{option} is empty"
            raise UsageError(message, "give it a value, or omit it")
    return Coordinates(region, profile, endpoint_url)


def share(value: float | str) -> float | None:
    """Return the share of the quota to use; None for `off`."""
    return value if isinstance(value, float) else None


def _aws(
    region: str | None, profile: str | None, endpoint_url: str | None, parallelism: int, quota_share: float | str
) -> AwsOptions:
    return AwsOptions(coordinates(region, profile, endpoint_url), parallelism, share(quota_share))


DEFAULT_PARALLELISM: Final = 8

profile_option: Final[Decorator[Any]] = click.option(
    "--profile", envvar="RECONCILER_PROFILE", metavar="NAME", help="AWS profile."
)

COORDINATE_OPTIONS: Final[tuple[Decorator[Any], ...]] = (
    click.option("--region", envvar="RECONCILER_REGION", metavar="REGION", help="AWS region."),
    profile_option,
    click.option(
        "--endpoint-url", envvar="RECONCILER_ENDPOINT_URL", metavar="URL", help="API endpoint, instead of AWS's own."
    ),
)

QUOTA_SHARE_OPTION: Final[Decorator[Any]] = click.option(
    "--quota-share",
    type=QuotaShare(),
    default="50%",
    show_default=True,
    envvar="RECONCILER_QUOTA_SHARE",
    help="Share of the account's API Gateway quota to use, or off.",
)

aws_options = option_group(
    "aws",
    _aws,
    *COORDINATE_OPTIONS,
    click.option(
        "--parallelism",
        type=click.IntRange(1, 64),
        metavar="N",
        default=DEFAULT_PARALLELISM,
        show_default=True,
        envvar="RECONCILER_PARALLELISM",
        help="Number of APIs to process in parallel.",
    ),
    QUOTA_SHARE_OPTION,
)
"""The AWS options, as `aws`."""

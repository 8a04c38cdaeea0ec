"""The options that commands share, and what is made of them."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from reconciler.errors import UsageError
from reconciler.models.targets import Coordinates
from reconciler.render.style import Style

F = TypeVar("F", bound=Callable[..., object])


def basing(function: F) -> F:
    """--base REV."""
    return click.option(
        "--base", metavar="REV", help="Tell what this branch changes since it left REV from what was changed in AWS."
    )(function)


class QuotaShare(click.ParamType[float | str]):
    """`50%`, `0.5` or `off`."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """A share above 0 and up to 1; `off` stays a word, because None means "not given" to click."""
        text = str(value).strip().lower()
        if text == "off":
            return text
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            self.fail(f"{value!r} is no share: give a percentage such as 50%, or off", param, ctx)
        return share


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """What every command that prints knows."""

    paths: tuple[str, ...]
    no_color: bool
    quiet: bool
    verbose: bool

    def style(self) -> Style:
        """How to write to stdout."""
        plain = self.no_color or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return Style(colour=sys.stdout.isatty() and not plain, full=self.verbose, quiet=self.quiet)


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """How to reach AWS, and how hard to work it."""

    coordinates: Coordinates
    parallelism: int
    quota_share: float | None


debugging: Final[Callable[[Any], Any]] = click.option(
    "--debug",
    is_flag=True,
    envvar="RECONCILER_DEBUG",
    expose_value=False,
    help="Add a traceback to error messages.",
)
"""Looked for where failures are reported: what fails may be the reading of the command line itself."""


def printing(function: F) -> F:
    """PATH..., --no-color, -q, -v, --debug: gathered into `common`."""
    return _gathering(function, click.argument("paths", nargs=-1, metavar="[PATH]..."))


def looking(function: F) -> F:
    """As `printing`, for commands that take no PATH."""
    return _gathering(function)


def _gathering(function: F, *further: Callable[..., Any]) -> F:
    def gathered(
        no_color: bool,
        quiet: bool,
        verbose: bool,
        paths: tuple[str, ...] = (),
        **others: Any,  # noqa: ANN401 - passed on
    ) -> object:
        return function(common=CommonOptions(paths, no_color, quiet, verbose), **others)

    gathered.__name__ = function.__name__
    gathered.__doc__ = function.__doc__
    decorated: Any = gathered
    decorated.__click_params__ = list(getattr(function, "__click_params__", []))
    for option in (
        debugging,
        click.option(
            "-v", "--verbose", is_flag=True, envvar="RECONCILER_VERBOSE", help="Show long texts in full, and progress."
        ),
        click.option(
            "-q",
            "--quiet",
            is_flag=True,
            envvar="RECONCILER_QUIET",
            help="Only errors and the summary, and nothing when there is nothing to report.",
        ),
        click.option("--no-color", is_flag=True, envvar="RECONCILER_NO_COLOR", help="No colours (as NO_COLOR does)."),
        *further,
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def reaching(function: F) -> F:
    """The AWS options, gathered into `aws`."""

    def gathered(
        region: str | None,
        profile: str | None,
        endpoint_url: str | None,
        parallelism: int,
        quota_share: float | str,
        **others: Any,  # noqa: ANN401 - passed on
    ) -> object:
        for option, given in (("--region", region), ("--profile", profile), ("--endpoint-url", endpoint_url)):
            if given is not None and not given.strip():
                message = f"{option} is empty"
                raise UsageError(message, "give it a value, or leave it out")
        share = quota_share if isinstance(quota_share, float) else None
        return function(aws=AwsOptions(Coordinates(region, profile, endpoint_url), parallelism, share), **others)

    gathered.__name__ = function.__name__
    gathered.__doc__ = function.__doc__
    decorated: Any = gathered
    decorated.__click_params__ = list(getattr(function, "__click_params__", []))
    for option in (
        click.option(
            "--quota-share",
            type=QuotaShare(),
            default="50%",
            show_default=True,
            envvar="RECONCILER_QUOTA_SHARE",
            help="How much of the account's API Gateway quotas to use, or off.",
        ),
        click.option(
            "--parallelism",
            type=click.IntRange(1, 64),
            metavar="N",
            default=8,
            show_default=True,
            envvar="RECONCILER_PARALLELISM",
            help="How many APIs to work on at a time.",
        ),
        click.option("--endpoint-url", envvar="RECONCILER_ENDPOINT_URL", metavar="URL", help="Instead of AWS's own."),
        click.option("--profile", envvar="RECONCILER_PROFILE", metavar="NAME", help="AWS profile."),
        click.option("--region", envvar="RECONCILER_REGION", metavar="REGION", help="AWS region."),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def given_paths(common: CommonOptions) -> tuple[str, ...]:
    """The PATHs, none of which is empty."""
    if "" in common.paths:
        # "$UNSET" in a script: to the file system it would be the current folder
        message = "a PATH is empty"
        raise UsageError(message, "write . for the current folder")
    return common.paths

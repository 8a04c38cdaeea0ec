"""The options of coverage: what counts, and how much has to be covered."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

_PERCENTAGE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")


@dataclass(frozen=True, slots=True)
class CoverageOptions:
    """Whether the methods of covered APIs are read, and the least shares, from 0 to 1."""

    methods: bool
    min_apis: Fraction
    min_methods: Fraction


class Percentage(click.ParamType[Fraction]):
    """`80%` or `99.5%`, as a share from 0 to 1."""

    name = "percentage"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Return the exact share."""
        text = _PERCENTAGE.fullmatch(str(value).strip())
        share = Fraction(text[1]) / 100 if text else None
        if share is None or share > 1:
            self.fail(f"{value!r} is not a percentage from 0% to 100%", param, ctx)
        return share


def _options(*, methods: bool, min_apis: Fraction, min_methods: Fraction | None) -> CoverageOptions:
    if min_methods is None:
        return CoverageOptions(methods, min_apis, Fraction(1))
    return CoverageOptions(methods=True, min_apis=min_apis, min_methods=min_methods)


coverage_options = option_group(
    "coverage",
    _options,
    click.option(
        "--methods", is_flag=True, help="Also read the covered APIs, and find methods that no manifest lists."
    ),
    click.option(
        "--min-apis",
        type=Percentage(),
        default="100%",
        show_default=True,
        metavar="PERCENT",
        envvar="RECONCILER_MIN_APIS",
        help="Share of APIs that must have a manifest.",
    ),
    click.option(
        "--min-methods",
        type=Percentage(),
        metavar="PERCENT",
        envvar="RECONCILER_MIN_METHODS",
        help="Share of methods that must be listed, 100% if not given. Implies --methods.",
    ),
)
"""--methods, --min-apis and --min-methods, as `coverage`."""


def _refuse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> None:
    if values:
        message = "coverage counts every manifest of the configuration: --selector, --only and --changed-since"
        raise UsageError(f"{message} cannot be used", "omit them; --env and --region choose accounts and regions")


refuse_narrowing: Final[Callable[[Any], Any]] = click.option(
    "--selector",
    "--only",
    "--changed-since",
    "narrowing",
    multiple=True,
    hidden=True,
    expose_value=False,
    callback=_refuse,
)
"""Refuse what narrows other commands: the APIs of manifests that are left out would seem to have none."""

drift_coverage_option: Final[Callable[[Any], Any]] = click.option(
    "--coverage",
    "with_coverage",
    is_flag=True,
    envvar="RECONCILER_COVERAGE",
    help="List all APIs, to count those with a manifest.",
)
"""--coverage of drift, as `with_coverage`."""

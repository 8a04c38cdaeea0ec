"""The options that say how closely drift looks: --blame and --strict."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request


@dataclass(frozen=True, slots=True)
class ScrutinyOptions:
    """Whether to look for who changed what drifted, and whether methods that no manifest lists are drift."""

    blame: bool
    strict: bool

    def added_to(self, request: "Request") -> "Request":
        """Return the request with these options. Raises UsageError where it leaves out manifests of an API."""
        if self.strict and (request.selectors or request.touched is not None):
            option = "--selector" if request.selectors else "--changed-since"
            message = (
                f"--strict and {option} cannot be used together: methods of manifests left out would be unexpected"
            )
            raise UsageError(message, f"omit {option} or --strict")
        return replace(request, is_strict=self.strict)


scrutiny_options = option_group(
    "scrutiny",
    ScrutinyOptions,
    click.option(
        "--blame",
        is_flag=True,
        envvar="RECONCILER_BLAME",
        help="Show who changed what drifted, from CloudTrail's event history.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        envvar="RECONCILER_STRICT",
        help="Methods with responses that no manifest lists are drift, too.",
    ),
)
"""--blame and --strict, as `scrutiny`."""

"""The options that say whether a drift run also reverts the drift."""

from dataclasses import dataclass
from datetime import timedelta

import click
from click.core import ParameterSource

from reconciler.cli.options.group import option_group
from reconciler.cli.options.journal import folder_name
from reconciler.cli.options.saved_plan import duration
from reconciler.errors import UsageError


@dataclass(frozen=True, slots=True)
class RemediateOptions:
    """Whether to apply the manifests where drift was found, and when not to."""

    remediate: bool = False
    expect_revision: str | None = None
    oldest: timedelta | None = None
    journal_of_remediation: str | None = None
    yes: bool = False

    def check(self, history: str | None) -> None:
        """Raise UsageError for options that have no effect, and for an age that no history knows."""
        journal = self.journal_of_remediation if _is_typed("journal_of_remediation") else None
        limits = {"--expect-revision": self.expect_revision, "--max-age": self.oldest, "--journal": journal}
        for option, value in {**limits, "--yes": self.yes or None}.items():
            if value is not None and not self.remediate:
                message = f"{option} needs --remediate"
                raise UsageError(message, f"omit {option}, or add --remediate")
        if self.oldest is not None and history is None:
            message = "--max-age needs --history, which knows since when something has drifted"
            raise UsageError(message, "add --history DIR, or omit --max-age")


def _is_typed(parameter: str) -> bool:
    """Whether an option is on the command line; RECONCILER_JOURNAL may be meant for other commands."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def _not_empty(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value == "":
        message = "--expect-revision is empty"
        raise UsageError(message, "give it a revision, such as origin/main, or omit it")
    return value


remediate_options = option_group(
    "remediation",
    RemediateOptions,
    click.option(
        "--remediate", is_flag=True, envvar="RECONCILER_REMEDIATE", help="Apply the manifests where drift is found."
    ),
    click.option("-y", "--yes", is_flag=True, help="Remediate protected environments without asking."),
    click.option(
        "--expect-revision",
        metavar="REVISION",
        envvar="RECONCILER_EXPECT_REVISION",
        callback=_not_empty,
        help="Remediate only if the manifests are those of REVISION.",
    ),
    click.option(
        "--max-age",
        "oldest",
        metavar="DURATION",
        envvar="RECONCILER_MAX_AGE",
        callback=duration,
        help="Leave older drift alone: 30m, 24h, 7d. Needs --history.",
    ),
    click.option(
        "--journal",
        "journal_of_remediation",
        metavar="DIR",
        envvar="RECONCILER_JOURNAL",
        callback=folder_name,
        help="Journal folder; default: .reconciler/runs of the configuration.",
    ),
)
"""--remediate and its limits, as `remediation`."""

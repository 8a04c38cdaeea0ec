"""reconciler drift."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.coverage import drift_coverage_option
from reconciler.cli.options.deploy import stage_option
from reconciler.cli.options.event import event_option
from reconciler.cli.options.format import FORMATS, METRICS, display_options, format_option
from reconciler.cli.options.history import history_options
from reconciler.cli.options.log_format import log_format_option
from reconciler.cli.options.remediate import remediate_options
from reconciler.cli.options.scrutiny import scrutiny_options
from reconciler.cli.options.select import select_responses
from reconciler.cli.options.shard import shard_options
from reconciler.cli.options.timeouts import timeout_options
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "drift",
    cls=Command,
    examples=(
        Example("Show where AWS differs from the manifests", "reconciler drift samples/petstore"),
        Example("Print a summary of drift, nothing when in sync", "reconciler drift samples/petstore -q"),
    ),
    exit_codes={
        ExitCode.OK: "in sync, or all drift remediated",
        ExitCode.FAILED: "an API could not be read",
        ExitCode.DIFFERENCES: "drift",
        ExitCode.STOPPED: "remediation stopped part-way",
        ExitCode.REFUSED: "refused: wrong account, or unsafe to remediate",
    },
)
@stage_option
@click.option("--no-stages", is_flag=True, help="Compare drafts only.")
@history_options
@event_option
@drift_coverage_option
@scrutiny_options
@remediate_options
@format_option(*FORMATS, METRICS)
@aws_options
@timeout_options
@shard_options
@log_format_option
@select_responses
@display_options
@handled_by("reconciler.cli.handlers.drift")
def command() -> None:
    """Show where AWS differs from the manifests, in the drafts and on the stages.

    Nothing is changed without --remediate.
    """

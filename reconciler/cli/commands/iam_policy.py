"""reconciler iam-policy."""

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import say, write_stdout
from reconciler.errors import ExitCode


@click.command(
    "iam-policy",
    cls=Command,
    short_help="Print the IAM policy that runs need.",
    examples=(
        Example("Print the policy for plan and drift", "reconciler iam-policy samples/petstore"),
        Example("Print the policy for apply and rollback", "reconciler iam-policy samples/petstore --mode apply"),
    ),
    exit_codes={
        ExitCode.OK: "printed",
        ExitCode.FAILED: "a manifest has errors, or an API was not found",
    },
)
@click.option(
    "--mode",
    type=click.Choice(("drift", "plan", "apply", "deploy")),
    default="plan",
    show_default=True,
    help="drift: reads only (drift, adopt, plan without --deploy); plan: reads only (also status and plan --deploy); "
    "apply: also apply and rollback; deploy: also deploy, and both with --deploy.",
)
@click.option(
    "--stage", "stages", multiple=True, metavar="NAME", help="A stage beside those that manifests name. Repeatable."
)
@reaching
@scoping(reading=False)
@printing
def command(common: CommonOptions, scope: SelectOptions, aws: AwsOptions, mode: str, stages: tuple[str, ...]) -> int:
    """Print what IAM has to allow for these manifests as a policy document, and nothing beyond it.

    AWS is asked only where a manifest addresses its API by name, or where the region is not written down.
    """
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.iam_policy import Mode, iam_policy  # noqa: PLC0415
    from reconciler.views.iam_policy import policy_notes, policy_text  # noqa: PLC0415
    from reconciler.views.problems import diagnostic_lines  # noqa: PLC0415

    with session(aws, request(common, scope)) as now:
        made = iam_policy(now.request, Mode(mode), stages, now.cloud, now.files, now.clock)
    # stdout is the policy and nothing else: it goes to a file, or straight to IAM
    for line in diagnostic_lines(made.diagnostics, common.style()):
        say(line)
    if made.policy is not None:
        for line in policy_notes(made.policy, made.roles, common.style()):
            say(line)
        write_stdout(policy_text(made.policy))
    return made.exit_code

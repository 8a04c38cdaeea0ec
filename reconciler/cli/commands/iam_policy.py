"""reconciler iam-policy."""

import click

from reconciler.cli.options.common import AwsOptions, CommonOptions, printing, reaching
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import say, write_stdout


@click.command("iam-policy", cls=Grouped, short_help="Print the IAM policy that runs need.")
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

    with session(aws, request(common, scope)) as now:
        made = iam_policy(now.request, Mode(mode), stages, now.cloud, now.files, now.clock)
    # stdout is the policy and nothing else: it goes to a file, or straight to IAM
    for line in policy_notes(made, common.style()):
        say(line)
    if made.policy is not None:
        write_stdout(policy_text(made.policy))
    return made.exit_code

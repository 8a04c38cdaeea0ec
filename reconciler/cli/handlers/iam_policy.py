"""reconciler iam-policy, when it runs."""

from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.output import say, write_stdout
from reconciler.engine.iam_policy import Mode, iam_policy
from reconciler.errors import ExitCode
from reconciler.views.iam_policy import policy_notes, policy_text


def run(  # noqa: PLR0913, PLR0917 - one for each option of the command
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    mode: str,
    stages: tuple[str, ...],
    test_live: bool,
    coverage: bool,
    blame: bool,
    following: HistoryOptions,
) -> ExitCode:
    """Print the policy on stdout and everything else on stderr, so that it can be redirected."""
    with session(aws, request(select)) as ports:
        result = iam_policy(
            ports.request,
            Mode(mode),
            stages,
            ports.cloud,
            ports.files,
            ports.clock,
            test_live=test_live,
            coverage=coverage,
            blame=blame,
            history=following.history,
            notify=following.notify,
        )
    for line in policy_notes(result, display.style()):
        say(line)
    if result.policy is not None:
        write_stdout(policy_text(result.policy))
    return result.exit_code

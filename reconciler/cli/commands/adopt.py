"""reconciler adopt."""

import sys
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.command_line import invocation
from reconciler.cli.options.common import AwsOptions, CommonOptions, given_paths, printing, reaching
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import Output, emit, nothing_written, show, write_stdout
from reconciler.cli.terminal.prompt import typed
from reconciler.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.engine.adopt.adopt import Decision
    from reconciler.engine.adopt.proposal import Proposal, TargetFinding
    from reconciler.replace_files import FileReplacement


@click.command("adopt", cls=Grouped, short_help="Write drift into the manifests.")
@click.option("--yes", is_flag=True, help="Take all that is live, and do not ask.")
@click.option("--accept-missing", is_flag=True, help="Take what is not in AWS any more out of the manifests.")
@click.option("--into-set", is_flag=True, help="Change a response set, if all that use it drifted alike.")
@reaching
@scoping()
@printing
def command(  # noqa: PLR0913 - click passes every option by name
    common: CommonOptions, scope: SelectOptions, aws: AwsOptions, *, yes: bool, accept_missing: bool, into_set: bool
) -> int:
    """Write what `drift` finds into the manifests, and leave all else in them as it is, byte for byte.

    On a terminal each finding is asked about; the changes are shown before they are written. Nothing is written to AWS.
    """
    from reconciler.cli.options.request import request  # noqa: PLC0415
    from reconciler.cli.session import session  # noqa: PLC0415
    from reconciler.engine.adopt.adopt import AdoptContext, adopt  # noqa: PLC0415
    from reconciler.engine.adopt.proposal import AdoptOptions  # noqa: PLC0415
    from reconciler.replace_files import replace_all  # noqa: PLC0415
    from reconciler.views.adopt import adopt_view  # noqa: PLC0415 - only what this command needs

    given_paths(common)
    if not yes and not sys.stdin.isatty():
        message = "cannot ask for confirmation without a terminal"
        raise UsageError(message, f"look at the drift first: {invocation().command('drift')}; then adopt with --yes")
    person = _Person(common, asked=not yes)
    options = AdoptOptions(accept_missing=accept_missing, into_set=into_set)
    with session(aws, request(common, scope)) as now:

        def write(rewrites: "Iterable[FileReplacement]") -> None:
            now.stop.begin_writes()
            replace_all(rewrites)

        desk = AdoptContext(now.cloud, now.files, now.clock, write)
        try:
            made = adopt(now.request, options, desk, None if yes else person.choose, person.approve)
        except (KeyboardInterrupt, Interrupted):
            raise Interrupted("interrupted: nothing was written") from None
        now.stop.report()
        files = [rewrite.file for rewrite in made.proposal.rewrites] if made.written else []
        changed = f"these files were changed: {', '.join(files)}; to see how: git diff" if files else ""
        return emit((Output("text", None),), adopt_view(made, common.style()), made.exit_code, changed)


class _Person:
    """Who chooses and approves; not `asked`, they see the changes and are taken to agree."""

    def __init__(self, common: CommonOptions, *, asked: bool) -> None:
        self._style = common.style()
        self._quiet = common.quiet
        self._asked = asked
        self._takes_rest = False

    def choose(self, found: "TargetFinding") -> "Decision":
        """What is to become of a finding."""
        from reconciler.engine.adopt.adopt import Decision  # noqa: PLC0415
        from reconciler.views.adopt import finding_text  # noqa: PLC0415 - only on a terminal

        if self._takes_rest:
            return Decision.TAKE
        with nothing_written():
            show(f"\n{finding_text(found.finding, self._style)}")
        words = {"t": Decision.TAKE, "k": Decision.KEEP, "s": Decision.SKIP, "a": Decision.TAKE}
        while True:
            answer = _answer("[t]ake what is live, [k]eep the manifest, [s]kip, take [a]ll from here: ")
            if answer[:1] in words and answer in {answer[:1], "take", "keep", "skip", "all"}:
                self._takes_rest = answer.startswith("a")
                return words[answer[0]]

    def approve(self, proposal: "Proposal") -> bool:
        """Whether the files are to be written."""
        from reconciler.views.adopt import preview  # noqa: PLC0415

        if self._asked or not self._quiet:
            with nothing_written():
                write_stdout(preview(proposal.rewrites, self._style))
        return not self._asked or _answer("\nWrite these changes? Enter 'yes' to continue: ") == "yes"


def _answer(question: str) -> str:
    """A line that somebody types; the end of the input is a wish to stop."""
    with nothing_written():
        show(question, end="")
    line = typed()
    if not line:
        raise click.Abort
    return line.strip().lower()

"""reconciler adopt, when it runs."""

import sys
from collections.abc import Iterable

import click

from reconciler.atomic_write import FileReplacement, replace_files
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import invocation, request
from reconciler.cli.session import session
from reconciler.cli.terminal.output import emit, show, write_stdout
from reconciler.cli.terminal.prompt import read_line
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.adopt.adopt import AdoptContext, Decision, adopt
from reconciler.engine.adopt.proposal import AdoptOptions, Proposal, TargetFinding
from reconciler.errors import ExitCode, Interrupted, UsageError, nothing_written
from reconciler.views.adopt import adopt_view, finding_text, preview


def run(  # noqa: PLR0913 - the options of the command
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    *,
    yes: bool,
    accept_missing: bool,
    into_set: bool,
) -> ExitCode:
    """Change the manifests and show the result."""
    select.check_paths()
    if not yes and not sys.stdin.isatty():
        message = "cannot ask for confirmation without a terminal"
        raise UsageError(message, f"review the drift first: {invocation().command('drift')}; then adopt with --yes")
    prompt = _AdoptPrompt(display, asks=not yes)
    options = AdoptOptions(accept_missing=accept_missing, into_set=into_set)
    with session(aws, request(select)) as ports, reading_shown(display, ports.clock):

        def write(rewrites: Iterable[FileReplacement]) -> None:
            ports.stop.begin_writes()
            replace_files(rewrites)

        context = AdoptContext(ports.cloud, ports.files, ports.clock, write)
        try:
            result = adopt(ports.request, options, context, None if yes else prompt.choose, prompt.approve)
        except (KeyboardInterrupt, Interrupted):
            with nothing_written():
                raise Interrupted("interrupted") from None
        ports.stop.report()
        files = [rewrite.file for rewrite in result.proposal.rewrites] if result.written else []
        changed = f"these files were changed: {', '.join(files)}; to see the changes: git diff" if files else ""
        return emit((Output("text", None),), adopt_view(result, display.style()), result.exit_code, changed)


class _AdoptPrompt:
    """The questions of `adopt`. Without `asks`, the changes are shown and approved."""

    def __init__(self, display: DisplayOptions, *, asks: bool) -> None:
        self._style = display.style()
        self._quiet = display.quiet
        self._asks = asks
        self._takes_rest = False

    def choose(self, finding: TargetFinding) -> Decision:
        """Ask what to do about a finding."""
        if self._takes_rest:
            return Decision.TAKE
        with nothing_written():
            show(f"\n{finding_text(finding.finding, self._style)}")
        decisions = {"t": Decision.TAKE, "k": Decision.KEEP, "s": Decision.SKIP, "a": Decision.TAKE}
        while True:
            answer = _answer("[t]ake the live value, [k]eep the manifest, [s]kip, take [a]ll remaining: ")
            if answer[:1] in decisions and answer in {answer[:1], "take", "keep", "skip", "all"}:
                self._takes_rest = answer.startswith("a")
                return decisions[answer[0]]

    def approve(self, proposal: Proposal) -> bool:
        """Show the changes and ask whether to write them."""
        if self._asks or not self._quiet:
            with nothing_written():
                write_stdout(preview(proposal.rewrites, self._style))
        return not self._asks or _answer("\nWrite these changes? Enter 'yes' to continue: ") == "yes"


def _answer(question: str) -> str:
    """Return the line that the user enters. Raises Abort at the end of the input."""
    with nothing_written():
        show(question, end="")
    line = read_line()
    if not line:
        raise click.Abort
    return line.strip().lower()

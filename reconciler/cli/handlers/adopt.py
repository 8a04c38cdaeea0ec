"""reconciler adopt, when it runs."""

import sys
from collections.abc import Iterable, Sequence

from reconciler.atomic_write import FileReplacement, replace_files
from reconciler.cli.adopt_memory import AdoptMemory
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import invocation, request
from reconciler.cli.runs_folder import journal_location
from reconciler.cli.session import session
from reconciler.cli.terminal.adopt_prompt import AdoptPrompt
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.adopt.adopt import AdoptContext, adopt
from reconciler.engine.adopt.choices import Choices, Preview, choose
from reconciler.engine.adopt.proposal import AdoptOptions, TargetFinding
from reconciler.errors import ExitCode, Interrupted, UsageError, nothing_written
from reconciler.views.adopt import adopt_view


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
    prompt = AdoptPrompt(display, asks=not yes)
    options = AdoptOptions(accept_missing=accept_missing, into_set=into_set)
    with session(aws, request(select)) as ports, reading_shown(display, ports.clock):
        memory = AdoptMemory(journal_location(ports.request, None).folder.parent)

        def ask(findings: Sequence[TargetFinding], shown: Preview) -> Choices:
            return choose(findings, shown, prompt.ask, memory.recall())

        def write(rewrites: Iterable[FileReplacement]) -> None:
            ports.stop.begin_writes()
            replace_files(rewrites)

        context = AdoptContext(ports.cloud, ports.files, ports.clock, write)
        try:
            result = adopt(ports.request, options, context, None if yes else ask, prompt.approve)
        except (KeyboardInterrupt, Interrupted):
            with nothing_written():
                raise Interrupted("interrupted") from None
        ports.stop.report()
        if not yes and not result.declined:
            memory.remember(result.choices.kept if result.choices.left else ())
        files = [rewrite.file for rewrite in result.proposal.rewrites] if result.written else []
        changed = f"these files were changed: {', '.join(files)}; to see the changes: git diff" if files else ""
        return emit(
            (Output("text", None),),
            adopt_view(result, display.style(), invocation().command("adopt", *_flags(into_set))),
            result.exit_code,
            changed,
        )


def _flags(into_set: bool) -> tuple[str, ...]:
    return ("--into-set",) if into_set else ()

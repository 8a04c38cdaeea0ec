"""From the command line to an exit code: failures become messages here, and nowhere else."""

import gc
import importlib
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from reconciler import __version__
from reconciler.cli.hints import command_hint, option_hint
from reconciler.cli.options.color import color_option, no_color_option
from reconciler.cli.options.format import debug_option, quiet_option, verbose_option
from reconciler.cli.options.leading import leading, words_for
from reconciler.cli.terminal.help import Documented, Example
from reconciler.cli.terminal.output import LOG, abandon, say, unwritable, write_stdout
from reconciler.errors import ExitCode, ReconcilerError, UsageError, worst_exit_code
from reconciler.invocation import command_line
from reconciler.render.style import printable
from reconciler.wording import did_you_mean, suggestion

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: Final[Mapping[str, str]] = {
    "validate": "Check manifests, offline.",
    "fmt": "Format manifests, offline.",
    "render": "Show what a client gets, offline.",
    "select": "Show which response is selected, offline.",
    "test": "Run response tests, offline.",
    "review": "Show what a branch changes, offline.",
    "plan": "Show what apply would do, read-only.",
    "apply": "Change AWS to match the manifests.",
    "deploy": "Deploy the drafts to their stages.",
    "status": "Compare manifests, drafts and stages, read-only.",
    "runs": "List earlier runs, or show one.",
    "rollback": "Restore the responses that a run changed.",
    "drift": "Show where AWS differs from the manifests, read-only.",
    "coverage": "List APIs that have no manifest, read-only.",
    "report": "Merge the reports of drift --shard, offline.",
    "adopt": "Write drift into the manifests.",
    "export": "Write live APIs to manifests.",
    "openapi": "Write responses into an OpenAPI document, offline.",
    "init": "Set up a folder of manifests.",
    "iam-policy": "Print the least-privilege IAM policy.",
    "explain": "Explain a rule, or list all rules.",
    "schema": "Print a JSON Schema.",
    "sandbox": "Run a local AWS to experiment with.",
    "demo": "Take the guided tour.",
    "completion": "Print a script for completion in a shell.",
    "help": "Show the help of a command.",
}
"""Command -> its line in `reconciler --help`, in the order of that list."""

_WIDEST_HELP: Final = 100
"""Columns of `--help` on a wider terminal."""

_GC_THRESHOLD: Final = 100_000

_COMPLETION: Final = "_RECONCILER_COMPLETE"
"""The variable by which a shell asks for completions, by click's protocol."""

_RANGE: Final = re.compile(r"is not in the range ([0-9.]+)<=x<=([0-9.]+)")

_TRUE: Final = frozenset(("1", "yes", "true", "on", "t", "y"))
"""The values of an environment variable that click takes for true."""


def _printing_help(option: click.Option | None) -> click.Option | None:
    """Let the option print like every result, as click does not report a stdout that cannot be written."""
    if option is not None:
        option.callback = lambda context, _, value: _print_and_exit(context.get_help(), context) if value else None
    return option


def _print_and_exit(text: str, context: click.Context) -> None:
    if not context.resilient_parsing:
        write_stdout(text)
        context.exit()


class _Commands(Documented, click.Group):
    """The commands; a command's module is imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is no command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"reconciler.cli.commands.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            return None
        if ctx.resilient_parsing:
            _attach_completion(command)
        nested = command.commands.values() if isinstance(command, click.Group) else ()
        for each in (command, *nested):
            _printing_help(each.get_help_option(ctx))
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """Return the commands, without importing them, and the options."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only completion needs it

        names = [CompletionItem(name, help=line) for name, line in COMMANDS.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's option, printing like every result."""
        return _printing_help(super().get_help_option(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises UsageError, with a close match, for an unknown one."""
        if args[0] in COMMANDS:
            name, command, rest = super().resolve_command(ctx, args)
            return name, command, words_for(ctx, command, rest)
        if ctx.resilient_parsing:
            return args[0], click.Command(args[0]), []  # whose words nothing completes
        if hint := command_hint(self, ctx, args[0], args[1:]):
            raise UsageError(f"there is no command {args[0]!r}", hint)
        remedy = did_you_mean(args[0], COMMANDS, f"to list them: {command_line('--help')}", shlex.quote)
        raise UsageError(f"there is no command {args[0]!r}", remedy)


def _attach_completion(command: click.Command) -> None:
    from reconciler.cli.completion.parameters import attach  # noqa: PLC0415 - only completion needs it

    for each in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
        attach(each)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST_HELP},
    examples=(
        Example("Check manifests, offline", "reconciler validate samples/petstore"),
        Example("Plan against a local AWS", "reconciler sandbox -- reconciler plan samples/petstore"),
    ),
    exit_codes={
        ExitCode.OK: "success",
        ExitCode.FAILED: "failed: bad input, or an AWS error",
        ExitCode.DIFFERENCES: "differences",
        ExitCode.STOPPED: "apply stopped part-way",
        ExitCode.REFUSED: "refused by a safety rule",
    },
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _print_and_exit(f"reconciler {__version__}", context) if value else None,
    help="Show the version and exit.",
)
@leading(color_option, no_color_option, quiet_option, verbose_option, debug_option)
def commands() -> None:
    """Manage the integration responses of AWS API Gateway with YAML manifests.

    A PATH is a manifest, a folder or a glob. Without one, the nearest reconciler.yaml says where the manifests are.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Never raises, never leaves output unflushed."""
    # Manifests are large trees without garbage: collecting at the default rate takes a quarter of the time
    gc.set_threshold(_GC_THRESHOLD)
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal cannot show must not stop a command half-way
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if _COMPLETION in os.environ:
        from reconciler.cli.completion.run import complete  # noqa: PLC0415 - only completion needs it

        return complete(commands)
    LOG.is_json = False  # until the command line says so
    code = _run(list(arguments))
    _note_slow_parser()
    if failure := _flush():
        code = _report(failure.message, failure.remedy, worst_exit_code((ExitCode(code), ExitCode.FAILED)), ())
    return int(code)


def _note_slow_parser() -> None:
    """Say that YAML is read slowly, and what to install. A command that reads none has not imported the parser."""
    events = sys.modules.get("reconciler.yamlio.events")
    if events is not None and events.is_slow():
        say(f"note: the C parser for YAML is not installed, so reading is slow; to install it: {events.INSTALL}")


def _open_streams() -> None:
    """Open closed streams (`>&-`) on /dev/null: Python has None there, and files would get their number."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - open until the process ends
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _run(arguments: list[str]) -> int:
    try:
        code = commands.main(arguments, prog_name="reconciler", standalone_mode=False)
    except ReconcilerError as failure:
        return _report(failure.message, failure.remedy, failure.exit_code, arguments)
    except click.ClickException as failure:
        return _report_misuse(failure, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _report("interrupted", "", ExitCode.INTERRUPTED, ())
    except BrokenPipeError:
        return ExitCode.OK
    except Exception as failure:  # noqa: BLE001 - the last line of defence; --debug shows where it came from
        what = f"{type(failure).__name__}: {failure}"
        remedy = "run it again with --debug, and report the traceback"
        return _report(f"internal error: {what}", remedy, ExitCode.FAILED, arguments)
    return code if isinstance(code, int) else ExitCode.OK


def _flush() -> ReconcilerError | None:
    """Flush stdout; return the error if it cannot be written. A closed pipe is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except (OSError, ValueError) as failure:
        abandon(sys.stdout)
        return unwritable("stdout", failure)
    return None


def _report_misuse(failure: click.ClickException, arguments: Sequence[str]) -> ExitCode:
    if isinstance(failure, click.exceptions.NoArgsIsHelpError):
        say(failure.format_message())
        return ExitCode.USAGE
    # click gives no context for an option that lacks its value
    name = next((argument for argument in arguments if argument in COMMANDS), None)
    names = failure.ctx.command_path.split()[1:] if isinstance(failure, click.UsageError) and failure.ctx else [name]
    remedy = f"see {command_line(*filter(None, names), '--help')}"
    if isinstance(failure, click.NoSuchOption):
        if hint := option_hint(commands, arguments):
            return _report(f"no such option {hint[0]!r}", hint[1], ExitCode.USAGE, arguments)
        remedy = f"{suggestion(sorted(failure.possibilities or ()))} {remedy}".lstrip()
        return _report(f"no such option {failure.option_name!r}", remedy, ExitCode.USAGE, arguments)
    return _report(_lower(failure.format_message()), remedy, ExitCode.USAGE, arguments)


def _lower(text: str) -> str:
    """Return click's sentence in the form of our messages: no capital letter, no full stop, no formula."""
    return _RANGE.sub(r"is not from \1 to \2", text[:1].lower() + text[1:]).rstrip(".")


def _report(message: str, remedy: str, code: ExitCode, arguments: Sequence[str]) -> ExitCode:
    import traceback  # noqa: PLC0415 - only failures need it

    if _is_debugging(arguments):
        say("\n".join(map(printable, traceback.format_exc().rstrip("\n").split("\n"))))
    tail = f"; {remedy}" if remedy else ""
    if code is ExitCode.INTERRUPTED and sys.stderr.isatty():
        say("")  # the terminal has echoed ^C on this line
    say(f"error: {printable(message + tail)}")
    return code


def _is_debugging(arguments: Sequence[str]) -> bool:
    """Return whether --debug or its variable is set. The parser cannot say so: it may be what failed."""
    exported = os.environ.get("RECONCILER_DEBUG", "").strip().lower()
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--debug" in own or exported in _TRUE

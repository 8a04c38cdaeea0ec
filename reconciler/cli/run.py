"""From arguments to an exit code: the one place where failures become messages."""

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from reconciler import __version__
from reconciler.errors import ExitCode, ReconcilerError, UsageError, gravest
from reconciler.invocation import command_line
from reconciler.suggest import close_matches

COMMANDS: Final = (
    "validate",
    "review",
    "plan",
    "apply",
    "deploy",
    "status",
    "runs",
    "rollback",
    "drift",
    "adopt",
    "export",
    "init",
    "iam-policy",
    "schema",
    "sandbox",
    "demo",
)

_OBJECTS_PER_SEARCH: Final = 100_000

_YES: Final = frozenset(("1", "yes", "true", "on", "t", "y"))
"""What click takes for yes in a variable."""

_LATER: Final = frozenset(
    (
        "render",
        "test",
        "select",
    )
)


def _own_help(option: click.Option | None) -> click.Option | None:
    """The option, which prints as results are printed: click has its own way with a stdout that cannot be written."""
    if option is not None:
        option.callback = lambda context, _, value: _shown(context.get_help(), context) if value else None
    return option


def _shown(text: str, context: click.Context) -> None:
    from reconciler.cli.output import write_stdout  # noqa: PLC0415 - not every command prints

    if not context.resilient_parsing:
        write_stdout(text)
        context.exit()


class _Commands(click.Group):
    """Finds a command's file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command object, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"reconciler.cli.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            return None
        _own_help(command.get_help_option(ctx))
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """As click does, printed as we print."""
        return _own_help(super().get_help_option(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but with our own words for what is not there."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        if args[0] in _LATER:
            message = f"the command {args[0]} is not available yet"
            raise UsageError(message)
        near = close_matches(args[0], COMMANDS)
        message = f"there is no command {args[0]!r}"
        raise UsageError(message, f"did you mean {near[0]!r}?" if near else f"to list them: {command_line('--help')}")


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _shown(f"reconciler {__version__}", context) if value else None,
    help="Show the version and exit.",
)
def commands() -> None:
    """Keep the integration responses of AWS API Gateway as YAML manifests declare them.

    A PATH is a manifest, a folder or a glob; without one, the nearest reconciler.yaml says where manifests are.

    Exit codes: 0 fine, 1 failed, 2 differences, 3 apply stopped part-way, 4 refused by a safety rule, 64 wrong usage,
    130 interrupted.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line; never raises, never leaves output unflushed."""
    # Manifests make large trees without garbage: searching them at the usual pace takes a quarter of the time.
    gc.set_threshold(_OBJECTS_PER_SEARCH)
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character is no reason to stop half-way.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _guarded(list(arguments))
    _note_slow_parser()
    if unwritten := _unwritten():
        code = _report(unwritten.message, unwritten.remedy, gravest((ExitCode(code), ExitCode.FAILED)), ())
    return int(code)


def _open_streams() -> None:
    """Give what was closed before we began (`>&-`) to /dev/null: Python has None there, other files its number."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as we run
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _guarded(arguments: list[str]) -> int:
    try:
        given = commands.main(arguments, prog_name="reconciler", standalone_mode=False)
    except ReconcilerError as failure:
        return _report(failure.message, failure.remedy, failure.exit_code, arguments)
    except click.ClickException as failure:
        return _misused(failure, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _report("interrupted", "", ExitCode.INTERRUPTED, ())
    except BrokenPipeError:
        return ExitCode.OK
    except Exception as failure:  # noqa: BLE001 - the last line of defence; --debug shows where it came from
        what = f"{type(failure).__name__}: {failure}"
        remedy = "run it again with --debug, which adds a traceback, and report both"
        return _report(f"internal error: {what}", remedy, ExitCode.FAILED, arguments)
    return given if isinstance(given, int) else ExitCode.OK


def _note_slow_parser() -> None:
    """Say that YAML is read slowly, and what to install. A command that reads none has not loaded the parser."""
    events = sys.modules.get("reconciler.manifest.events")
    if events is not None and events.is_slow():
        from reconciler.cli.output import say  # noqa: PLC0415 - what one installation in a thousand needs

        say(f"note: the C parser for YAML is not installed, so reading is slow; to install it: {events.INSTALL}")


def _unwritten() -> ReconcilerError | None:
    """What keeps the rest of stdout from being written, if anything; a reader that has gone away is nothing."""
    from reconciler.cli.output import abandon, unwritable  # noqa: PLC0415

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except (OSError, ValueError) as failure:
        abandon(sys.stdout)
        return unwritable("stdout", failure)
    return None


def _misused(failure: click.ClickException, arguments: Sequence[str]) -> ExitCode:
    if isinstance(failure, click.exceptions.NoArgsIsHelpError):
        from reconciler.cli.output import say  # noqa: PLC0415 - what only a failure needs does not slow down others

        say(failure.format_message())
        return ExitCode.USAGE
    named = next((one for one in arguments if one in COMMANDS), None)  # an option without its value has no context
    remedy = f"see {command_line(*filter(None, [named]), '--help')}"
    if isinstance(failure, click.NoSuchOption):
        near = " or ".join(sorted(failure.possibilities or ()))
        remedy = f"did you mean {near}? {remedy}" if near else remedy
        return _report(f"no such option {failure.option_name!r}", remedy, ExitCode.USAGE, arguments)
    return _report(_sentence(failure.format_message()), remedy, ExitCode.USAGE, arguments)


def _sentence(text: str) -> str:
    """As ours are: no capital, no full stop."""
    return (text[:1].lower() + text[1:]).rstrip(".")


def _report(message: str, remedy: str, code: ExitCode, arguments: Sequence[str]) -> ExitCode:
    import traceback  # noqa: PLC0415 - what only a failure needs does not slow down what goes well

    from reconciler.cli.output import say  # noqa: PLC0415
    from reconciler.render.style import printable  # noqa: PLC0415

    if _is_debugging(arguments):
        say("\n".join(map(printable, traceback.format_exc().rstrip("\n").split("\n"))))
    tail = f"; {remedy}" if remedy else ""
    if code is ExitCode.INTERRUPTED and sys.stderr.isatty():
        say("")  # the terminal has left ^C in the line, behind a question maybe
    say(f"error: {printable(message + tail)}")
    return code


def _is_debugging(arguments: Sequence[str]) -> bool:
    """Whether --debug is given, or its variable says so: what failed may be the reading of the command line itself."""
    exported = os.environ.get("RECONCILER_DEBUG", "").strip().lower()
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--debug" in own or exported in _YES

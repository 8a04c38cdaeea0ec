"""The lists of options that `--help` shows."""

import click
import pytest

from reconciler.cli.main import COMMANDS, commands
from reconciler.cli.terminal.help import Grouped

_CONTEXT = click.Context(commands, help_option_names=["-h", "--help"])
GROUPED = [name for name in COMMANDS if isinstance(commands.get_command(_CONTEXT, name), Grouped)]


def listed(name: str) -> list[str]:
    """How each line of a command's help begins that names an option or a heading."""
    command = commands.get_command(_CONTEXT, name)
    assert command is not None
    text = command.get_help(click.Context(command, _CONTEXT, name))
    lines = text.partition("\n\n")[2].splitlines()
    return [
        line.split()[0] if line.startswith("  -") else line
        for line in lines
        if line.startswith("  -") or line[-1:] == ":"
    ]


def test_commands_that_share_options_are_grouped() -> None:
    """All with more options than a screen has lines for; the others have a handful."""
    assert {"schema", "sandbox", "demo"} == set(COMMANDS) - set(GROUPED)


@pytest.mark.parametrize("name", GROUPED)
def test_no_option_is_lost(name: str) -> None:
    """Each is listed, once."""
    command = commands.get_command(_CONTEXT, name)
    assert command is not None
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    expected = sorted(option.opts[0] for option in options)

    assert sorted([*expected, "-h,"]) == sorted(
        one if one == "-h," else one.rstrip(",") for one in listed(name) if one.startswith("-")
    )


def test_own_options_come_first() -> None:
    """Then what the command is about, how AWS is reached, and what is printed."""
    assert [
        "Options:",
        "--stage",
        "--no-stages",
        "Which manifests:",
        "--config",
        "--env",
        "--var",
        "--selector",
        "--changed-since",
        "--only",
        "How to reach AWS:",
        "--region",
        "--profile",
        "--endpoint-url",
        "--parallelism",
        "--quota-share",
        "Output:",
        "--format",
        "--no-color",
        "-q,",
        "-v,",
        "--debug",
        "-h,",
    ] == listed("drift")

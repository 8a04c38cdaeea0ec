"""The layout of `--help`."""

import re
import shlex

import click
import pytest

from reconciler.cli.main import COMMANDS, commands
from reconciler.cli.terminal.help import Documented, Example
from reconciler.errors import ExitCode

_CONTEXT = click.Context(commands, help_option_names=["-h", "--help"])
NAMES = ("", *COMMANDS)
"""Each command, and "" for `reconciler --help`."""


def documented(name: str) -> Documented:
    """The command of this name."""
    command = commands.get_command(_CONTEXT, name) if name else commands
    assert isinstance(command, Documented)
    return command


def lines_of(name: str, width: int = 80) -> list[str]:
    """The lines of a command's help on a terminal of this width."""
    command = documented(name)
    parent = _CONTEXT if name else None
    context = click.Context(
        command, parent, name, terminal_width=width - 2, help_option_names=_CONTEXT.help_option_names
    )
    return command.get_help(context).splitlines()


def section(lines: list[str], heading: str) -> list[str]:
    """What follows a heading, up to the next one."""
    rest = lines[lines.index(f"{heading}:") + 1 :]
    end = next((number for number, line in enumerate(rest) if line and not line.startswith(" ")), len(rest))
    return [line.strip() for line in rest[:end] if line.strip()]


def listed(name: str) -> list[str]:
    """How each line of a command's help begins that names an option or a heading."""
    return [
        line.split()[0] if line.startswith("  -") else line
        for line in lines_of(name)
        if line.startswith("  -") or (line[:1].strip() and line[-1:] == ":")
    ]


def examples() -> list[Example]:
    """The examples of all commands."""
    return [example for name in NAMES for example in documented(name).examples]


@pytest.mark.parametrize("name", NAMES)
def test_help_shows_two_examples(name: str) -> None:
    """Each with its purpose, and on one line, so that it can be copied from a narrow terminal too."""
    expected = [line for purpose, command in documented(name).examples for line in (f"{purpose}:", command)]
    shown = section(lines_of(name, 60), "Examples")

    assert (4, expected) == (len(expected), shown)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.command)
def test_example_parses(example: Example) -> None:
    """The command exists, and takes the options and arguments that the example gives it."""
    program, name, *arguments = shlex.split(example.command)
    documented(name).make_context(name, arguments, parent=_CONTEXT)

    assert program == "reconciler"


@pytest.mark.parametrize("name", NAMES)
def test_help_ends_with_the_exit_codes(name: str) -> None:
    """In ascending order, wrong usage and interruption always among them."""
    lines = lines_of(name)
    codes = [int(line.split()[0]) for line in section(lines, "Exit codes")]

    assert codes == sorted(codes)
    assert {ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INTERRUPTED} <= set(codes)
    assert lines[-1].split()[0] == str(codes[-1])


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", NAMES)
def test_help_fits_the_terminal(name: str, width: int) -> None:
    """No line is wider."""
    assert [] == [line for line in lines_of(name, width) if len(line) > width]


@pytest.mark.parametrize("name", NAMES)
def test_help_shows_no_marks_of_the_layout(name: str) -> None:
    """Neither a backslash of click's markup nor a control character."""
    assert not [line for line in lines_of(name) if re.search(r"\\b|[\x00-\x1f]", line)]


@pytest.mark.parametrize("name", ["schema", "sandbox", "demo"])
def test_few_options_are_one_list(name: str) -> None:
    """Headings are for commands that share options."""
    assert ["Options:", "Examples:", "Exit codes:"] == [line for line in listed(name) if line.endswith(":")]


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_lost(name: str) -> None:
    """Each is listed, once."""
    command = documented(name)
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    expected = sorted(option.opts[0] for option in options)

    assert sorted([*expected, "-h,"]) == sorted(
        one if one == "-h," else one.rstrip(",") for one in listed(name) if one.startswith("-")
    )


def test_own_options_come_first() -> None:
    """Then what the command is about, how AWS is reached, and what is printed."""
    lines = listed("drift")
    shared = [lines.index(heading) for heading in ("Options:", "Selection:", "AWS:", "Output:", "Examples:")]

    assert shared == sorted(shared)
    assert ["--config", "--region", "--format"] == [lines[index + 1] for index in shared[1:4]]


@pytest.mark.parametrize(
    ("heading", "options"),
    [
        ("Fleet", {"--timeout", "--target-timeout", "--shard", "--log-format"}),
        ("History and notifications", {"--history", "--notify"}),
        ("Remediation", {"--remediate", "--expect-revision", "--max-age", "--journal"}),
    ],
)
def test_many_options_are_grouped(heading: str, options: set[str]) -> None:
    """Those of `drift` are more than one list can show."""
    assert options == {line.split()[0] for line in section(lines_of("drift", 100), heading) if line.startswith("--")}


@pytest.mark.parametrize("name", NAMES)
def test_help_has_no_formulas(name: str) -> None:
    """Ranges, defaults and metavars are words, as people say them."""
    text = "\n".join(lines_of(name, 120))
    metavars = [each.metavar or "" for each in documented(name).params if isinstance(each, click.Option)]

    assert not re.search(r"[<>]=|\[default|\[required", text)
    assert [] == [metavar for metavar in metavars if not re.fullmatch(r"([A-Z]+([=:][A-Z]+)?)?", metavar)]


def test_range_and_default_end_the_help() -> None:
    """As one sentence."""
    assert "Number of APIs to process in parallel, 1 to 64; default: 8." in " ".join(" ".join(lines_of("plan")).split())
    assert "Output directory; required." in " ".join(lines_of("export"))

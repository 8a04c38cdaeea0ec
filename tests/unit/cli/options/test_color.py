"""--color, --no-color, and what decides where neither is given."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reconciler.cli.options.color import chosen_color, color_option, is_coloured, no_color_option


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def chosen(*arguments: str, **process: str) -> str:
    """The choice of a command line."""
    choices: list[str] = []

    @click.command()
    @color_option
    @no_color_option
    def command(color: str | None, no_color: bool) -> None:
        choices.append(chosen_color(color, no_color=no_color))

    result = CliRunner(env=process).invoke(command, list(arguments), catch_exceptions=False)
    assert 0 == result.exit_code, result.output
    return choices[0]


@pytest.mark.parametrize(
    ("expected", "arguments", "process"),
    [
        ("auto", (), {}),
        ("always", ("--color", "always"), {}),
        ("never", ("--no-color",), {}),
        ("never", (), {"RECONCILER_NO_COLOR": "1"}),
        ("always", (), {"RECONCILER_COLOR": "always"}),
        ("never", ("--no-color",), {"RECONCILER_COLOR": "always"}),
        ("always", ("--color", "always"), {"RECONCILER_NO_COLOR": "1"}),
        ("auto", ("--no-color", "--color", "auto"), {}),
    ],
)
def test_what_is_typed_outweighs_the_environment(
    expected: str, arguments: tuple[str, ...], process: Mapping[str, str]
) -> None:
    """And --color outweighs --no-color where both are given in the same place."""
    assert expected == chosen(*arguments, **process)


@pytest.mark.parametrize(
    ("expected", "color", "environment"),
    [
        (True, "auto", {}),
        (False, "never", {"FORCE_COLOR": "1"}),
        (True, "always", {"NO_COLOR": "1", "TERM": "dumb"}),
        (False, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
        (True, "auto", {"NO_COLOR": ""}),
        (False, "auto", {"TERM": "dumb"}),
        (True, "auto", {"TERM": "dumb", "FORCE_COLOR": "1"}),
        (False, "auto", {"FORCE_COLOR": "0"}),
    ],
)
def test_order_of_the_reasons(expected: bool, color: str, environment: Mapping[str, str]) -> None:
    """On a terminal: the option, NO_COLOR, FORCE_COLOR, TERM=dumb."""
    assert expected is is_coloured(color, Terminal(), environment)


@pytest.mark.parametrize(
    ("expected", "environment"),
    [
        (False, {}),
        (True, {"GITHUB_ACTIONS": "true"}),
        (True, {"GITLAB_CI": "true"}),
        (True, {"FORCE_COLOR": "1"}),
        (False, {"GITLAB_CI": "true", "NO_COLOR": "1"}),
        (False, {"GITLAB_CI": "true", "TERM": "dumb"}),
        (False, {"CI": "true"}),
    ],
)
def test_pipe(expected: bool, environment: Mapping[str, str]) -> None:
    """A pipe is coloured where it is the log of GitHub or GitLab, or on request."""
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing, "w") as pipe:
        assert expected is is_coloured("auto", pipe, environment)


def test_file_in_ci_is_plain(tmp_path: Path) -> None:
    """A report that a job redirects to a file becomes a comment, not a log."""
    with (tmp_path / "report").open("w") as file:
        assert not is_coloured("auto", file, {"GITHUB_ACTIONS": "true"})


def test_stream_without_a_file_is_plain() -> None:
    """What a library reads is not a log."""
    assert not is_coloured("auto", io.StringIO(), {"GITHUB_ACTIONS": "true"})

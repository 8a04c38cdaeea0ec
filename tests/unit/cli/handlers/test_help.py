"""`reconciler help`."""

import pytest

from reconciler.cli.main import run


@pytest.mark.parametrize(
    ("names", "arguments"),
    [
        (["plan"], ["plan", "--help"]),
        (["report", "merge"], ["report", "merge", "--help"]),
        (["help"], ["help", "-h"]),
        ([], ["--help"]),
    ],
)
def test_help_of_a_command(names: list[str], arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is what the command's --help shows."""
    run(arguments)
    expected = capsys.readouterr().out
    code = run(["help", *names])

    assert (0, expected) == (code, capsys.readouterr().out)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["plna"], "error: there is no command 'plna'; did you mean `plan`?\n"),
        (["report", "x"], "error: report has no command 'x'; to list them: reconciler help report\n"),
        (["plan", "x"], "error: plan has no commands of its own; for its help: reconciler help plan\n"),
    ],
)
def test_unknown_command(names: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage, with what to type instead."""
    code = run(["help", *names])

    assert (64, message) == (code, capsys.readouterr().err)

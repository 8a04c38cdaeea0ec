"""Results to stdout and files, messages to stderr."""

import json
from pathlib import Path

import pytest

from reconciler.cli.main import run
from reconciler.cli.options.format import Output
from reconciler.cli.terminal.output import LOG, emit, say, show
from reconciler.errors import ExitCode
from reconciler.render.style import Style


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        ("warning: the file is old", "warning", "the file is old"),
        ("error: no such file", "error", "no such file"),
        ("a.yaml:1:1: warning: odd [rule]", "warning", "a.yaml:1:1: warning: odd [rule]"),
        ("event: PutIntegrationResponse", "info", "event: PutIntegrationResponse"),
        ("two\nlines", "info", "two\nlines"),
    ],
)
def test_message_as_a_json_line(
    text: str, level: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its level, on one line."""
    monkeypatch.setattr(LOG, "is_json", True)
    say(text)
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)

    assert ("message", level, message) == (entry["event"], entry["level"], entry["message"])


def test_log_is_json_on_request_only(capsys: pytest.CaptureFixture[str]) -> None:
    """And for one command only."""
    run(["drift", "--log-format", "json", "--env", "x", ""])
    entry = json.loads(capsys.readouterr().err)
    run(["drift", "--env", "x", ""])

    assert ("error", "a PATH is empty; use . for the current folder") == (entry["level"], entry["message"])
    assert "error: a PATH is empty; use . for the current folder\n" == capsys.readouterr().err


def test_text_is_coloured_on_stdout_and_plain_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is a log for one is a comment for the other."""
    file = tmp_path / "report.txt"
    text = Style(colour=True).paint("Valid", "good")
    emit((Output("text", None), Output("text", str(file))), {"text": lambda: text}, ExitCode.OK)

    assert ("\x1b[32mValid\x1b[0m\n", "Valid\n") == (capsys.readouterr().out, file.read_text())


def test_question_keeps_its_colours(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever chose them knows what stderr is."""
    show(Style(colour=True).paint("Apply?", "strong"))

    assert "\x1b[1mApply?\x1b[0m\n" == capsys.readouterr().err

"""explain, as it is typed."""

import json

import pytest

from reconciler.cli.main import run


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    code = run(["explain", *arguments])
    output = capsys.readouterr()
    return code, output.out, output.err


def test_a_rule_is_explained_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 0, and nothing on stderr."""
    code, out, err = output_of(capsys, "guard/protect")

    assert (0, "", True) == (code, err, out.startswith("protect (guard rule, needs AWS)\n"))


def test_several_rules_are_explained_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON in one document."""
    _, out, _ = output_of(capsys, "not-json", "protect", "--format", "json")

    assert ["not-json", "guard/protect"] == [rule["id"] for rule in json.loads(out)["rules"]]


def test_an_unknown_rule_exits_with_64(capsys: pytest.CaptureFixture[str]) -> None:
    """And explains nothing, not even the known ones."""
    code, out, err = output_of(capsys, "not-json", "not-jsom")

    assert (64, "", "error: there is no rule 'not-jsom'; did you mean `not-json` or `not-compared`?\n") == (
        code,
        out,
        err,
    )


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("20", 40), ("300", 100)])
def test_text_is_as_wide_as_the_terminal(
    columns: str, widest: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within limits: neither a column of words nor lines that nobody can follow."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    _, out, _ = output_of(capsys, "--no-color")
    longest = max(len(line) for line in out.splitlines() if "`" not in line)

    assert widest - 10 < longest <= widest


def test_without_a_terminal_text_has_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a log does not depend on the machine."""
    monkeypatch.setenv("COLUMNS", "200")
    _, out, _ = output_of(capsys)

    assert max(len(line) for line in out.splitlines() if "`" not in line) in range(70, 81)

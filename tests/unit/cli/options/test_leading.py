"""Options before the command."""

import json
from pathlib import Path

import pytest

from reconciler.cli.main import run

BROKEN = "kind: RestApi\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("-q", "validate"), ("validate", "-q")),
        (("--color", "always", "validate"), ("validate", "--color", "always")),
        (("--color=always", "-v", "validate"), ("validate", "-v", "--color=always")),
        (("--no-color", "validate"), ("validate", "--no-color")),
    ],
)
def test_is_as_after_it(
    before: tuple[str, ...], after: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output is the same."""
    manifest = tmp_path / "m.yaml"
    manifest.write_text(BROKEN)
    run([*after, str(manifest)])
    expected = capsys.readouterr()
    run([*before, str(manifest)])

    assert expected == capsys.readouterr()


def test_reaches_a_command_of_a_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`reconciler --debug report merge` shows a traceback."""
    run(["--debug", "report", "merge", str(tmp_path / "none.json")])

    assert "Traceback" in capsys.readouterr().err


def test_is_dropped_where_the_command_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    """-v means nothing to `schema`, and does no harm."""
    code = run(["-v", "schema", "config"])

    assert (0, dict) == (code, type(json.loads(capsys.readouterr().out)))


def test_typed_before_outweighs_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an option after the command does."""
    monkeypatch.setenv("RECONCILER_COLOR", "always")
    (tmp_path / "m.yaml").write_text(BROKEN)
    run(["--no-color", "validate", str(tmp_path)])

    assert "\033" not in "".join(capsys.readouterr())

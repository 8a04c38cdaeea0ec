"""The file of metrics that a run replaces."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.options.format import Output
from reconciler.cli.terminal import earlier_metrics as module
from reconciler.cli.terminal.earlier_metrics import earlier_metrics
from reconciler.render.prometheus import SeriesKey
from reconciler.views.run_metrics import EarlierMetrics, read_earlier

CALLS = 'reconciler_aws_calls_total{command="drift",run=""} 7.0\n'
ONE_SERIES = {("reconciler_aws_calls_total", frozenset({("command", "drift"), ("run", "")})): 7.0}


def read(text: str) -> EarlierMetrics:
    """What every command reads."""
    return read_earlier(text, ())


def found(file: Path | None, format_: str = "prometheus") -> Mapping[SeriesKey, float]:
    """The series that are read for an output in this format to this file."""
    return earlier_metrics([Output("text", None), Output(format_, str(file) if file else None)], read).series


def test_the_file_is_read(tmp_path: Path) -> None:
    """What it says goes on."""
    file = tmp_path / "a.prom"
    file.write_text(CALLS, encoding="utf-8")

    assert ONE_SERIES == found(file)


def test_files_of_other_formats_are_not(tmp_path: Path) -> None:
    """Whatever they contain."""
    file = tmp_path / "a.json"
    file.write_text(CALLS, encoding="utf-8")

    assert ({}, {}) == (found(file, "json"), found(None))


def test_a_missing_file_is_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first run has none."""
    assert ({}, "") == (found(tmp_path / "a.prom"), capsys.readouterr().err)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write to it."""
    os.mkfifo(tmp_path / "pipe")

    assert {} == found(tmp_path / "pipe")


@pytest.mark.parametrize(
    "content", [b"reconciler_aws_calls_total x\n", b"\xff\xfe", b"reconciler_aws_calls_total 7.0\n" * 100]
)
def test_what_cannot_be_read_is_a_warning(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No metrics, not text, too large: the run replaces it all the same."""
    monkeypatch.setattr(module, "_MOST_BYTES", 1_000)
    file = tmp_path / "a.prom"
    file.write_bytes(content)

    assert {} == found(file)
    assert capsys.readouterr().err.startswith(f"warning: the metrics of the run before cannot be read from {file}: ")

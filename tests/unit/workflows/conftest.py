"""A folder, an AWS and the workflows."""

from pathlib import Path

import pytest

from support.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An empty folder, which is the current one, and an AWS without APIs."""
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path)

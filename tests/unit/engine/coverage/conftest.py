"""A folder that is the current one, and AWS with several accounts."""

from pathlib import Path

import pytest

from support.landscape import Landscape


@pytest.fixture
def landscape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Landscape:
    """Without APIs, with a configuration that has no environments."""
    monkeypatch.chdir(tmp_path)
    made = Landscape(tmp_path)
    made.configure()
    return made

"""A folder with manifests to test."""

from pathlib import Path

import pytest

from support.response_tests import CHAT, PETS, Shelf


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A folder with two manifests and no test, which is the current one."""
    monkeypatch.chdir(tmp_path)
    made = Shelf(tmp_path)
    made.write("pets.yaml", PETS)
    made.write("chat.yaml", CHAT)
    return made

"""Manifests to try things on."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Write: TypeAlias = Callable[[str, str | bytes], str]

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /carts:
      GET:
        responses:
          200: {}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Put a file into a folder that is the current one; gives its relative name."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, content: str | bytes) -> str:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write


@pytest.fixture
def manifest() -> str:
    """A sound manifest."""
    return MANIFEST

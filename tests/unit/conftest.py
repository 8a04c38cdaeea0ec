"""Manifests to try things on, documents out of YAML text, and a folder with an AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

from reconciler.diagnostics import Diagnostic
from reconciler.manifest.schema.documents import ManifestDocument, SetDocument
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.validation import validated
from reconciler.models.desired import Desired
from reconciler.resolve import resolve
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read
from support.response_tests import CHAT, PETS, Shelf
from support.stage import Stage

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


@pytest.fixture
def tree() -> Callable[[str], SourceMap]:
    """The tree of a YAML text."""

    def tree(text: str) -> SourceMap:
        (places,) = read(dedent(text).encode(), "m.yaml").documents
        return places

    return tree


@dataclass(frozen=True)
class _Outcome:
    desired: Desired
    problems: tuple[Diagnostic, ...]


def _resolve(text: str, environment: str | None = None, templates: Mapping[str, str] | None = None) -> _Outcome:
    """The one manifest among the documents of a text, with the sets among them."""
    sets: dict[str, SetDocument] = {}
    manifests: list[ManifestDocument] = []
    for places in read(text.encode(), "m.yaml").documents:
        found = validated(places)
        assert not isinstance(found, tuple), found
        if isinstance(found, ResponseSet):
            sets[found.metadata.name] = SetDocument(found, places, templates or {})
        else:
            manifests.append(ManifestDocument(found, places, templates or {}))
    (manifest,) = manifests
    return _Outcome(*resolve(manifest, sets, environment))


@pytest.fixture
def resolved() -> Callable[..., Desired]:
    """What the one manifest of a text wants."""

    def resolved(text: str, environment: str | None = None, templates: Mapping[str, str] | None = None) -> Desired:
        outcome = _resolve(text, environment, templates)
        assert () == outcome.problems
        return outcome.desired

    return resolved


@pytest.fixture
def problems() -> Callable[..., list[str]]:
    """What is wrong with the use of sets, overlays and `own` in the one manifest of a text."""

    def problems(text: str, environment: str | None = None) -> list[str]:
        return [str(problem) for problem in _resolve(text, environment).problems]

    return problems


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An empty folder, which is the current one, and an AWS without APIs."""
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A folder with two manifests and no response test, which is the current one."""
    monkeypatch.chdir(tmp_path)
    made = Shelf(tmp_path)
    made.write("pets.yaml", PETS)
    made.write("chat.yaml", CHAT)
    return made

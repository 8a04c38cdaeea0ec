"""Documents out of YAML text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import dedent

import pytest

from reconciler.diagnostics import Diagnostic
from reconciler.manifest.reader import read
from reconciler.models.desired import Desired
from reconciler.resolve.documents import Document, SetDocument
from reconciler.resolve.nodes import Places
from reconciler.resolve.resolving import resolve
from reconciler.resolve.response_set import ResponseSet
from reconciler.resolve.validation import validated


@pytest.fixture
def tree() -> Callable[[str], Places]:
    """The tree of a YAML text."""

    def tree(text: str) -> Places:
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
    manifests: list[Document] = []
    for places in read(text.encode(), "m.yaml").documents:
        found = validated(places)
        assert not isinstance(found, tuple), found
        if isinstance(found, ResponseSet):
            sets[found.metadata.name] = SetDocument(found, places, templates or {})
        else:
            manifests.append(Document(found, places, templates or {}))
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
        return [str(one) for one in _resolve(text, environment).problems]

    return problems

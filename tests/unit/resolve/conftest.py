"""Documents out of YAML text."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from reconciler.manifest.reader import read
from reconciler.resolve.nodes import Places


@pytest.fixture
def tree() -> Callable[[str], Places]:
    """The tree of a YAML text."""

    def tree(text: str) -> Places:
        (places,) = read(dedent(text).encode(), "m.yaml").documents
        return places

    return tree

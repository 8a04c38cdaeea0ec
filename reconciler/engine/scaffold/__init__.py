"""The files that `init` begins with, as they are written.

The recipes for continuous integration, in folders of their own, are those of `samples/ci`, byte for byte.
"""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

CONFIGURATION = "reconciler.yaml"
EXAMPLE = "example.yaml"
EXAMPLE_TEST = "example.test.yaml"
EDITOR = "settings.json"


def text(name: str) -> str:
    """One of them, by its name here."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def recipe(ci: str) -> dict[str, str]:
    """The files of a recipe, by their names relative to the top of a repository, in order."""
    return dict(sorted(_below(resources.files(__name__).joinpath(ci), "")))


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")

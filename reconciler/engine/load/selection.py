"""Which manifests a run is about: those for its environment, with the labels and changes that are asked for.

Promise: pure but for the real names of files. A manifest is touched by a change of its own file, of its templates, of
a response set that it uses, directly or not, with that set's templates, and of its configuration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.config.configuration import Configuration
from reconciler.engine.load.request import Request
from reconciler.manifest.schema.documents import ManifestDocument, SetDocument
from reconciler.ports import Files
from reconciler.yamlio.nodes import YamlList, YamlMap


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a request that chooses manifests."""

    request: Request
    files: Files

    def is_for(self, document: ManifestDocument, environment: str | None) -> bool:
        """Whether it is for this environment, and has the labels of one of the selectors."""
        labels = document.manifest.metadata.labels
        selectors = self.request.selectors
        return (not document.environments or environment in document.environments) and (
            not selectors or any(selector.items() <= labels.items() for selector in selectors)
        )

    def is_touched(
        self, document: ManifestDocument, sets: Mapping[str, SetDocument], configuration: Configuration | None
    ) -> bool:
        """Whether one of the files that make it counts as changed."""
        touched = self.request.touched
        if touched is None:
            return True
        made_of = [*_files(document), *([configuration.file] if configuration else ())]
        made_of += [file for one in _used(document, sets) for file in _files(one)]
        return any(str(folder) in touched for file in made_of for folder in _with_folders(self.files.real(file)))


def _with_folders(file: str) -> Iterator[PurePath]:
    """A file, and every folder that it is in."""
    path = PurePath(file)
    yield path
    yield from path.parents


def _files(document: ManifestDocument | SetDocument) -> Iterator[str]:
    file = document.places.file
    yield file
    yield from (str(PurePath(file).parent / template) for template in document.templates)


def _used(document: ManifestDocument, sets: Mapping[str, SetDocument]) -> list[SetDocument]:
    """The sets that a manifest uses, and those that they use."""
    found: dict[str, SetDocument] = {}
    open_ = list(_named(document.places.root))
    while open_:
        name = open_.pop()
        if name in sets and name not in found:
            found[name] = sets[name]
            open_ += _named(sets[name].places.root)
    return list(found.values())


def _named(node: object) -> Iterator[str]:
    """The names in every `use` of a tree."""
    if isinstance(node, YamlMap):
        for key, value in node.items():
            yield from _uses(value) if key == "use" else _named(value)
    elif isinstance(node, YamlList):
        for one in node:
            yield from _named(one)


def _uses(value: object) -> Iterator[str]:
    for one in value if isinstance(value, YamlList) else ():
        yield str(one.get("set") if isinstance(one, YamlMap) else one)

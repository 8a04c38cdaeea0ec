"""Select the manifests of a run by environment, label and changed files.

Pure, except that real file names are looked up. A manifest counts as touched when its own file changes, one of its
templates, a response set that it uses directly or indirectly, a template of such a set, or its configuration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.config.configuration import Configuration
from reconciler.engine.load.project import NO_TESTS, ProjectTests
from reconciler.engine.load.request import Request
from reconciler.manifest.body_files import file_names
from reconciler.manifest.schema.documents import ManifestDocument, ResponseTestDocument, SetDocument
from reconciler.ports import Files
from reconciler.yamlio.nodes import YamlList, YamlMap


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a request that selects manifests."""

    request: Request
    files: Files
    tests: ProjectTests = NO_TESTS

    def is_for(self, document: ManifestDocument, environment: str | None) -> bool:
        """Return whether a manifest belongs to this environment and has the labels of one of the selectors."""
        labels = document.manifest.metadata.labels
        selectors = self.request.selectors
        return (not document.environments or environment in document.environments) and (
            not selectors or any(selector.items() <= labels.items() for selector in selectors)
        )

    def is_touched(
        self, document: ManifestDocument, sets: Mapping[str, SetDocument], configuration: Configuration | None
    ) -> bool:
        """Return whether one of the files that a manifest and its tests are made of counts as changed."""
        touched = self.request.touched
        if touched is None:
            return True
        sources = [*_files(document), *([configuration.file] if configuration else ())]
        sources += [file for used in used_sets(document, sets) for file in _files(used)]
        sources += [file for tests in self.tests.of(document.manifest.metadata.name) for file in _test_files(tests)]
        return any(str(folder) in touched for file in sources for folder in _with_folders(self.files.real(file)))


def _with_folders(file: str) -> Iterator[PurePath]:
    """Return a file and every folder that contains it."""
    path = PurePath(file)
    yield path
    yield from path.parents


def _files(document: ManifestDocument | SetDocument) -> Iterator[str]:
    file = document.places.file
    yield file
    yield from (str(PurePath(file).parent / template) for template in document.templates)


def _test_files(tests: ResponseTestDocument) -> Iterator[str]:
    file = tests.places.file
    yield file
    yield from (str(PurePath(file).parent / name) for name in file_names(tests))


def used_sets(document: ManifestDocument, sets: Mapping[str, SetDocument]) -> list[SetDocument]:
    """Return the sets that a manifest uses, directly or through other sets."""
    used: dict[str, SetDocument] = {}
    pending = list(_set_names(document.places.root))
    while pending:
        name = pending.pop()
        if name in sets and name not in used:
            used[name] = sets[name]
            pending += _set_names(sets[name].places.root)
    return list(used.values())


def _set_names(node: object) -> Iterator[str]:
    """Return the names in every `use` of a tree."""
    if isinstance(node, YamlMap):
        for key, value in node.items():
            yield from _names_in_use(value) if key == "use" else _set_names(value)
    elif isinstance(node, YamlList):
        for item in node:
            yield from _set_names(item)


def _names_in_use(value: object) -> Iterator[str]:
    for item in value if isinstance(value, YamlList) else ():
        yield str(item.get("set") if isinstance(item, YamlMap) else item)

"""Find the manifests that response tests name, and what is known of them."""

import enum
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import PurePath

from reconciler.config.configuration import Configuration
from reconciler.config.projects import Project
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.load.project import ProjectTests
from reconciler.engine.load.selection import used_sets
from reconciler.manifest import DocumentCache, LoadedManifests, containment
from reconciler.manifest.paths import Match, is_linked, refused_links
from reconciler.manifest.schema.documents import ManifestDocument
from reconciler.manifest.schema.entries import body, overlay
from reconciler.models.keys import Scope
from reconciler.ports import Files


class ResponseTestScope(enum.Enum):
    """Which response tests a run loads with its manifests.

    `GUARDED`: those of configurations that refuse breaking changes. `OWN`: those of the requested files. `NAMED`: the
    manifests that they name are loaded, too.
    """

    __test__ = False  # for pytest, which takes classes of such names for tests

    NONE = "none"
    GUARDED = "guarded"
    OWN = "own"
    NAMED = "named"

    def of(self, configuration: Configuration | None) -> bool:
        """Whether the tests of a project are loaded."""
        if self is ResponseTestScope.GUARDED:
            return configuration is not None and configuration.guard.breaking == "refuse"
        return self is not ResponseTestScope.NONE


_SUFFIXES = (".yaml", ".yml")


def read_tested_manifests(project: Project, cache: DocumentCache, files: Files) -> None:
    """Read the manifests that tests name and the PATHs leave out.

    They are found in the files of the configuration, or else in the folder of the tests.
    """
    if missing := _missing(cache):
        cache.read_manifests(project.all_files, missing)
    if missing := _missing(cache):
        cache.read_manifests(_neighbours(project, cache, files), missing)


def _missing(cache: DocumentCache) -> frozenset[str]:
    return cache.tests.manifest_names() - cache.manifest_names()


def _neighbours(project: Project, cache: DocumentCache, files: Files) -> list[str]:
    """Return the files in the folders of the tests whose manifest is not known, but for links that lead elsewhere."""
    missing = _missing(cache)
    documents = (document for document in cache.tests.documents if document.tested_manifest in missing)
    folders = dict.fromkeys(PurePath(document.places.file).parent for document in documents)
    matches = [
        Match(str(folder), str(folder / name), files.real(str(folder / name)), str(folder))
        for folder in folders
        for name in files.names(str(folder))
        if name.endswith(_SUFFIXES) and not containment.is_hidden(name)
    ]
    roots = () if project.root is None else (files.real(project.root),)
    refused = refused_links([(match, roots) for match in matches if is_linked(match, files)], files)
    return [match.name for match in matches if match.real not in refused]


def with_manifests(
    tests: ProjectTests,
    loaded: LoadedManifests,
    resolved: Iterable[tuple[ManifestDocument, Collection[Diagnostic]]],
) -> ProjectTests:
    """Return the tests with what is known of the manifests; `resolved` are these with their problems."""
    faulty = {
        document.manifest.metadata.name
        for document, problems in resolved
        if any_error(problems) or not loaded.faulty.isdisjoint(_names(document, loaded))
    }
    documents = (*loaded.documents, *loaded.salvaged)
    return replace(
        tests,
        listed={document.manifest.metadata.name: frozenset(_listed(document)) for document in documents},
        faulty=frozenset(faulty).union(
            loaded.broken_sets, (document.manifest.metadata.name for document in loaded.salvaged)
        ),
    )


def _names(document: ManifestDocument, loaded: LoadedManifests) -> Iterator[str]:
    """Yield the name of a manifest and those of the sets that it uses."""
    yield document.manifest.metadata.name
    yield from (used.manifest.metadata.name for used in used_sets(document, loaded.sets))


def _listed(document: ManifestDocument) -> Iterator[Scope]:
    """Yield the methods that a manifest lists in any environment."""
    overlays = (overlay(document.manifest, environment) for environment in document.overlays)
    return (entry.scope for entry in chain(body(document.manifest), *overlays))

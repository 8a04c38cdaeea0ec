"""Documents as they are written in files, before their variables are known."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.placeholders import variables_in
from reconciler.models.targets import Kind
from reconciler.rules import InputRule
from reconciler.yamlio.nodes import Path, SourceMap


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document as written in a file, valid or not, and the paths of its placeholders."""

    places: SourceMap
    placeholders: tuple[Path, ...]

    @property
    def name(self) -> str:
        """Its name as written."""
        return str(self._at(("metadata", "name")))

    @property
    def tested_manifest(self) -> str:
        """The name of the manifest that its response tests are about."""
        return str(self._at(("spec", "manifest")))

    def is_manifest_of(self, names: Collection[str]) -> bool:
        """Whether it is a manifest with one of these names."""
        return any(has_kind(self.places, kind) for kind in Kind) and self.name in names

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that it is limited to; empty if it is for all."""
        listed = self._at(("metadata", "environments"))
        return tuple(map(str, listed)) if isinstance(listed, list) else ()

    def named_environments(self) -> Iterator[tuple[str, Location]]:
        """Yield every environment that it names, with the place."""
        for number, name in enumerate(self.environments):
            yield name, self.places.of_value(("metadata", "environments", number))
        overlays = self._at(("spec", "overlays"))
        for name in overlays if isinstance(overlays, dict) else ():
            yield name, self.places.of_key(("spec", "overlays", name))

    def is_for(self, environment: str | None) -> bool:
        """Whether it applies to an environment; without environments, every document does."""
        return environment is None or not self.environments or environment in self.environments

    def _at(self, path: Path) -> object:
        return self.places.node(path) if self.places.has(path) else None


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """What is still known of a document whose tree is gone: the names in it.

    `environments` are those that it names, with their places, `variables` those that it reads.
    """

    name: str
    environments: tuple[tuple[str, Location], ...]
    variables: frozenset[str]


def names_in(document: ParsedDocument) -> DocumentNames:
    """Return the names in a document."""
    variables = variables_in(document.places, document.placeholders)
    return DocumentNames(document.name, tuple(document.named_environments()), frozenset(variables))


def has_kind(places: SourceMap, kind: str) -> bool:
    """Whether a document is of a kind."""
    return isinstance(places.root, dict) and places.root.get("kind") == kind


def name_location(places: SourceMap) -> Location:
    """Return where the name of a document is written."""
    return places.of_value(("metadata", "name"))


def duplicate_names(what: str, named: Iterable[tuple[str, Location]]) -> Iterator[Diagnostic]:
    """Yield an error for every repeated name: manifests and sets are referred to by name, in all environments."""
    first: dict[str, Location] = {}
    for name, at in named:
        if name in first:
            message = f"`{name}` is already the name of another {what}, at {first[name]}"
            yield error(InputRule.DUPLICATE_NAME, message, f"give each {what} a unique name", at)
        first.setdefault(name, at)

"""An API to write as a manifest: its state, or what it has in common in several environments and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveScope
from reconciler.models.targets import ApiRef
from reconciler.yamlio.emit import PlaceholderText

ABSENT: Final = PlaceholderText(ABSENT_WORD)

Difference: TypeAlias = Mapping[str, str | Mapping[str, str]] | PlaceholderText
"""What an overlay says of a response: the fields that differ, or ABSENT. A field or an entry may be ABSENT, too."""

Overlay: TypeAlias = Mapping[Scope, Mapping[str, Difference]]


@dataclass(frozen=True, slots=True)
class Variants:
    """How an API differs between environments.

    `words` name its APIs for people, `origins` are comments on them. `environments`: the only ones that the manifest is
    for; empty for all. `overlays` have what differs, by environment.
    """

    words: str
    origins: Sequence[str] = ()
    environments: Sequence[str] = ()
    overlays: Mapping[str, Overlay] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """An API to write: the name of its manifest and file, its reference in the manifest, and its state.

    `origin` says in the first comment where the state comes from, if it is not the draft. With `variants`, `live` is
    what its environments have in common: a `PlaceholderText` there has placeholders.
    """

    name: str
    ref: ApiRef
    live: LiveApi
    origin: str = ""
    variants: Variants | None = None

    @property
    def words(self) -> str:
        """Its kind, name and id, for people."""
        if self.variants:
            return self.variants.words
        target = self.live.target
        return f"{target.kind.words} {target.api_name or ''} ({target.api_id})"

    def contents(self) -> dict[Scope, LiveScope]:
        """Return the methods that have responses, in order."""
        return {
            scope: method for scope, method in sorted(self.live.methods.items(), key=_scope_order) if method.responses
        }


def _scope_order(item: tuple[Scope, LiveScope]) -> tuple[str, str]:
    scope = item[0]
    return (scope.path, scope.method) if isinstance(scope, MethodKey) else (scope.route, scope.id)

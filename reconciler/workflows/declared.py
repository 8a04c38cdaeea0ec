"""PATHs -> desired state: load, resolve, lint.

Promise: every problem of every manifest in one go; a manifest that does not parse gives diagnostics and no desired
state. Nothing is asked of AWS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error, error, in_order
from reconciler.lint import lint
from reconciler.manifest import load
from reconciler.models.desired import ABSENT, Desired
from reconciler.ports import Files
from reconciler.resolve import resolve


@dataclass(frozen=True, slots=True)
class Declared:
    """Every manifest found, resolved. `broken`: what is wrong with the text. `lint`: what is wrong with the content."""

    manifests: tuple[Desired, ...]
    broken: tuple[Diagnostic, ...]
    lint: tuple[Diagnostic, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a manifest could not be read: then nothing further makes sense."""
        return any_error(self.broken)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything, in the order of the files."""
        return in_order((*self.broken, *self.lint))

    @property
    def responses(self) -> int:
        """How many responses are wanted."""
        return sum(1 for one in self.manifests for wanted in one.responses.values() if wanted is not ABSENT)


def declare(paths: Sequence[str], files: Files) -> Declared:
    """Load, resolve and lint what the PATHs name."""
    loaded = load(paths, files)
    manifests = tuple(resolve(document) for document in loaded.documents)
    return Declared(manifests, loaded.diagnostics, tuple(found for one in manifests for found in lint(one)))


def nothing_found(paths: Sequence[str]) -> Diagnostic:
    """Said where an empty set of manifests is more likely a wrong path than a wish."""
    return error("empty-set", f"no manifest was found in {', '.join(paths)}", "check the path: *.yaml and *.yml count")

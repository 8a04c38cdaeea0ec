"""Find the lint rules that live APIs break.

They become warnings in a configuration that is written for the APIs, as lines to be removed once these are fixed.
"""

from collections.abc import Iterable, Iterator

from reconciler.lint import lint
from reconciler.manifest.writer import Subject
from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import ResponseKey


def broken_rules(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Return the rules that the responses of these APIs break, in order."""
    return tuple(sorted({rule for subject in subjects for rule in _rules(subject)}))


def _rules(subject: Subject) -> Iterator[str]:
    contents = subject.contents()
    desired = Desired(
        manifests=(ManifestRef(subject.name, subject.ref, subject.live.target.kind),),
        owns={scope: Ownership(subject.name) for scope in contents},
        responses={
            ResponseKey(scope, code): response
            for scope, method in contents.items()
            for code, response in method.responses.items()
        },
    )
    return (diagnostic.rule for diagnostic in lint(desired) if diagnostic.is_error)

"""The result of loading: every selected manifest, resolved, and the problems found on the way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.diagnostics import Diagnostic, any_error, in_order, limited
from reconciler.engine.load.project import ResolvedProject
from reconciler.models.desired import ABSENT, Desired


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Every selected manifest, resolved, with the problems found on the way.

    `broken` are problems of the text, `lint` problems of the content, `expired` the ignore rules that have expired.
    `is_untouched`: no manifest is left because none of their files changed. `has_sets`: the requested files contain
    response sets. `files_read` are the manifests, response sets and templates.
    """

    projects: tuple[ResolvedProject, ...]
    broken: tuple[Diagnostic, ...]
    lint: tuple[Diagnostic, ...]
    expired: tuple[Diagnostic, ...] = ()
    is_untouched: bool = False
    has_sets: bool = False
    files_read: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether a manifest could not be loaded, so that the run cannot go on."""
        return any_error(self.broken)

    @property
    def is_empty(self) -> bool:
        """Whether no manifest was found."""
        return not any(project.manifests for project in self.projects)

    @property
    def has_tests(self) -> bool:
        """Whether documents with response tests were loaded."""
        return any(project.tests.documents for project in self.projects)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All problems, in the order of the files."""
        return limited(in_order((*self.broken, *self.lint, *self.expired)))

    @property
    def manifests(self) -> int:
        """The number of manifests, each counted once however many environments it has."""
        return len(
            {
                (project.file, ref.name)
                for project in self.projects
                for desired in project.manifests
                for ref in desired.manifests
            }
        )

    @property
    def responses(self) -> int:
        """The number of desired responses, each counted once however many environments it has."""
        return len(
            {
                (project.file, desired.manifests[0].name, key)
                for project in self.projects
                for desired in project.manifests
                for key, wanted in desired.responses.items()
                if wanted is not ABSENT
            }
        )


def joined(parts: Iterable[LoadResult], files: Sequence[str]) -> Iterator[LoadResult]:
    """Join the parts of each environment, with the manifests in the order of their files."""
    order = {file: number for number, file in enumerate(files)}
    by_environment: dict[str | None, list[LoadResult]] = {}
    for part in parts:
        by_environment.setdefault(part.projects[0].name, []).append(part)
    for first, *others in by_environment.values():
        manifests = [desired for part in (first, *others) for desired in part.projects[0].manifests]
        manifests.sort(key=lambda desired: _written(desired, order))
        yield replace(
            first,
            projects=(replace(first.projects[0], manifests=tuple(manifests)),),
            broken=tuple(problem for part in (first, *others) for problem in part.broken),
            is_untouched=any(part.is_untouched for part in (first, *others)) and not manifests,
            has_sets=any(part.has_sets for part in (first, *others)),
            files_read=tuple(dict.fromkeys(file for part in (first, *others) for file in part.files_read)),
        )


def _written(desired: Desired, order: Mapping[str, int]) -> tuple[int, int]:
    """Return a number for the file and the line of a manifest, for sorting."""
    at = desired.manifests[0].location
    return (order.get(at.file, 0), at.line) if at else (0, 0)

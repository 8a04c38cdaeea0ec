"""Tests, where they are written, and what keeps them from running."""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.response_test import ResponseTestEntry
from reconciler.rules import Rule
from reconciler.yamlio.nodes import Path


class NotRunnable(Exception):  # noqa: N818 - becomes a diagnostic
    """A test cannot run: why, what to do, and the path in the test that it is about."""

    def __init__(self, rule: Rule, message: str, remedy: str, path: Path = ()) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy
        self.path = path


@dataclass(frozen=True, slots=True)
class SourcedTest:
    """A test with its defaults, and where it is written. `number` is its position in the document, from 0."""

    document: ResponseTestDocument
    number: int
    test: ResponseTestEntry

    @property
    def title(self) -> str:
        """The document and the test, as in `petstore-errors: no such pet`."""
        return f"{self.document.name}: {self.test.name}"

    @property
    def location(self) -> Location:
        """Where the test begins."""
        return self.document.places.of_value(("spec", "tests", self.number))

    def diagnostic(self, problem: NotRunnable) -> Diagnostic:
        """Return a problem of the test, with its position."""
        return error(problem.rule, problem.message, problem.remedy, self.locate(problem.path))

    def locate(self, path: Path) -> Location:
        """Return where a part of the test is written, in the test itself, the defaults or `spec`."""
        places = self.document.places
        for around in (("spec", "tests", self.number), ("spec", "defaults"), ("spec",)):
            if path and places.has((*around, *path)):
                return places.of_value((*around, *path))
        return self.location

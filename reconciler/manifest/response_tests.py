"""Load documents with response tests, once for each environment.

Their files are read separately (`body_files`). A problem in one test leaves the others of the document to run.
"""

from dataclasses import dataclass, replace

from reconciler.diagnostics import Diagnostic, Location
from reconciler.manifest.parsed_documents import ParsedDocument, duplicate_names, name_location
from reconciler.manifest.placeholders import substitute
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.validation import ValidatedTests, validate_tests
from reconciler.manifest.variables import Variables
from reconciler.yamlio.nodes import Path, SourceMap


@dataclass(frozen=True, slots=True)
class LoadedTests:
    """The documents with response tests of one environment, the problems of these and of others."""

    documents: tuple[ResponseTestDocument, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class ParsedTests:
    """The documents with response tests of some files, parsed once."""

    def __init__(self) -> None:
        self.documents: list[ParsedDocument] = []
        self._unvarying: dict[int, ValidatedTests] = {}

    def manifest_names(self) -> frozenset[str]:
        """Return the names of the manifests that are tested, as written."""
        return frozenset(document.tested_manifest for document in self.documents)

    def load(self, variables: Variables, *, leave_unset: bool = False) -> LoadedTests:
        """Load every document for the environment of the variables; `leave_unset`: see `substitute`."""
        documents: list[ResponseTestDocument] = []
        problems: list[Diagnostic] = []
        for parsed in self.documents:
            places, validated = self._validate(parsed, variables, leave_unset=leave_unset)
            problems += validated.diagnostics
            if validated.tests is not None:
                documents.append(ResponseTestDocument(validated.tests, places, validated.unsound))
        named = [(document.name, name_location(document.places)) for document in documents]
        return LoadedTests(tuple(documents), (*problems, *duplicate_names("document with response tests", named)))

    def _validate(
        self, parsed: ParsedDocument, variables: Variables, *, leave_unset: bool
    ) -> tuple[SourceMap, ValidatedTests]:
        if not parsed.placeholders:
            if id(parsed) not in self._unvarying:
                self._unvarying[id(parsed)] = validate_tests(parsed.places)
            return parsed.places, self._unvarying[id(parsed)]
        result = substitute(parsed.places, parsed.placeholders, variables, leave_unset=leave_unset)
        validated = validate_tests(result.places)
        problems = (problem for problem in validated.diagnostics if problem.location not in result.symbolic)
        validated = replace(validated, diagnostics=(*result.diagnostics, *problems))
        errors = {problem.location for problem in result.diagnostics if problem.is_error}
        undefined = [path for path in parsed.placeholders if not errors.isdisjoint(_locations(result.places, path))]
        positions = [_test_of(path) for path in undefined]
        unsound = {position for position in positions if position is not None}
        if None in positions:
            return result.places, replace(validated, tests=None)
        return result.places, replace(validated, unsound=validated.unsound | unsound)


def _test_of(path: Path) -> int | None:
    """Return the position of the test that a path is in."""
    match path:
        case ("spec", "tests", int(position), *_):
            return position
        case _:
            return None


def _locations(places: SourceMap, path: Path) -> tuple[Location, Location]:
    return places.of_key(path), places.of_value(path)

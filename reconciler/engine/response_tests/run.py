"""Run response tests in each environment.

`collect` finds the tests that can run, with the problems of the others; `run_tests` runs them. A test runs in every
environment in which its manifest lists the method.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from reconciler.diagnostics import Diagnostic, any_error, error, in_order, limited
from reconciler.engine.load.load import LoadResult, load_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.compare import Comparison, compare
from reconciler.engine.response_tests.defaults import with_defaults
from reconciler.engine.response_tests.prepare import NotRunnable, PreparedTest, SourcedTest, prepare, scope_of
from reconciler.errors import ExitCode
from reconciler.manifest.body_files import BodyFiles
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.responses import Response, RestResponse
from reconciler.models.targets import Kind
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import code, did_you_mean


@dataclass(frozen=True, slots=True)
class ReadyTest:
    """A test in one environment, with the responses of its method."""

    test: PreparedTest
    environment: str | None
    desired: Desired
    responses: Mapping[str, Response]

    @property
    def source(self) -> SourcedTest:
        """The test, and where it is written."""
        return self.test.source


@dataclass(frozen=True, slots=True)
class ResponseTestResult:
    """What a client gets in one environment, and how it compares."""

    ready: ReadyTest
    answer: Answer
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ResponseTestRun:
    """The results, in the order of the documents, and the problems. `not_run`: tests that could not run."""

    results: tuple[ResponseTestResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    not_run: int = 0

    @property
    def exit_code(self) -> ExitCode:
        """0 if all tests have passed, else 1."""
        is_fine = all(result.comparison.result == "passed" for result in self.results)
        return ExitCode.OK if is_fine and not any_error(self.diagnostics) else ExitCode.FAILED


def run_tests(request: Request, files: Files) -> ResponseTestRun:
    """Run the tests of the requested manifests, those of manifests with lint errors too. Raises UsageError."""
    loaded = load_manifests(request, files, with_tests=True)
    collection = Collection(loaded, files)
    ready = collection.ready()
    results: list[ResponseTestResult] = []
    for test in ready:
        try:
            results.append(result_of(test))
        except ImpossibleBackend as impossible:
            problem = NotRunnable(
                InputRule.BACKEND, impossible.why, "change `backend` or `integrationType`", ("backend",)
            )
            collection.report(test.source, problem)
    diagnostics = limited(in_order((*loaded.broken, *collection.diagnostics)))
    return ResponseTestRun(tuple(results), diagnostics, collection.not_run)


def result_of(ready: ReadyTest) -> ResponseTestResult:
    """Work out what a client gets, and compare it. Raises ImpossibleBackend."""
    test = ready.test
    # All responses of a method are of one kind
    answer = respond(cast("Mapping[str, RestResponse]", ready.responses), test.exchange)
    comparison = compare(test.expected, answer, is_json_value=test.returns_json and answer.template is None)
    return ResponseTestResult(ready, answer, comparison)


class Collection:
    """The tests of a run: those that can run (`ready`), and the problems of the others."""

    def __init__(self, loaded: LoadResult, files: Files) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.not_run = 0
        self._projects = [project for project in loaded.projects if project.tests.documents]
        self._files = {
            root: BodyFiles(self._documents(root), files, root)
            for root in dict.fromkeys(project.tests.root for project in self._projects)
        }

    def _documents(self, root: str | None) -> Iterator[ResponseTestDocument]:
        return (
            document for project in self._projects if project.tests.root == root for document in project.tests.documents
        )

    def ready(self) -> list[ReadyTest]:
        """Return the tests that can run, in the order in which they are written, environment by environment."""
        ready = [test for project in self._projects for test in self._of_project(project)]
        order = {
            _identity(document): number
            for number, document in enumerate(
                document for project in self._projects for document in project.tests.documents
            )
        }
        return sorted(ready, key=lambda test: (order[_identity(test.source.document)], test.source.number))

    def report(self, source: SourcedTest, problem: NotRunnable) -> None:
        """Note that a test does not run."""
        self.not_run += 1
        self.diagnostics.append(source.diagnostic(problem))

    def _of_project(self, project: ResolvedProject) -> Iterator[ReadyTest]:
        by_name = {desired.manifests[0].name: desired for desired in project.manifests}
        methods: dict[str, dict[Scope, dict[str, Response]]] = {}
        for document in project.tests.documents:
            name = document.tests.spec.manifest
            if problem := _manifest_problem(document, project):
                self.diagnostics.append(problem)
                self.not_run += len(document.tests.spec.tests)
            elif name in by_name:
                if name not in methods:
                    methods[name] = _responses_by_scope(by_name[name])
                yield from self._of_document(document, project, by_name[name], methods[name])

    def _of_document(
        self,
        document: ResponseTestDocument,
        project: ResolvedProject,
        desired: Desired,
        methods: Mapping[Scope, Mapping[str, Response]],
    ) -> Iterator[ReadyTest]:
        listed = project.tests.listed[document.tests.spec.manifest]
        for source in self._sources(document):
            try:
                scope = scope_of(source.test)
                _check_scope(scope, listed, desired)
                test = prepare(source, scope, self._files[project.tests.root])
            except NotRunnable as problem:
                self.report(source, problem)
                continue
            if scope in desired.owns:
                yield ReadyTest(test, project.name, desired, methods.get(scope, {}))

    def _sources(self, document: ResponseTestDocument) -> Iterator[SourcedTest]:
        """Yield the sound tests of a document, with their defaults; a repeated name is reported."""
        spec = document.tests.spec
        first: dict[str, SourcedTest] = {}
        self.not_run += len(document.unsound)
        for number, test in enumerate(spec.tests):
            if number in document.unsound:
                continue
            source = SourcedTest(document, number, with_defaults(test, spec.defaults))
            if test.name in first:
                message = f"{code(test.name)} is already the name of another test, at {first[test.name].location}"
                problem = NotRunnable(
                    InputRule.DUPLICATE_TEST, message, "give each test of a document a unique name", ("name",)
                )
                self.report(source, problem)
                continue
            first[test.name] = source
            yield source


def _identity(document: ResponseTestDocument) -> tuple[str, int]:
    return document.places.file, document.places.start


def _responses_by_scope(desired: Desired) -> dict[Scope, dict[str, Response]]:
    methods: dict[Scope, dict[str, Response]] = {scope: {} for scope in desired.owns}
    for key, wanted in desired.responses.items():
        if wanted is not ABSENT:
            methods[key.scope][key.code] = wanted
    return methods


def _manifest_problem(document: ResponseTestDocument, project: ResolvedProject) -> Diagnostic | None:
    """Return why the manifest of a document cannot be tested."""
    name = document.tests.spec.manifest
    at = document.places.of_value(("spec", "manifest"))
    if name in project.tests.faulty:
        message = f"the manifest {code(name)} has errors, so its tests do not run"
        return error(InputRule.FAULTY_MANIFEST, message, "fix the errors of the manifest", at)
    if name not in project.tests.known:
        remedy = did_you_mean(name, project.tests.known, "pass the PATH of its file too, or check the name")
        return error(InputRule.UNKNOWN_MANIFEST, f"there is no manifest {code(name)}", remedy, at)
    return None


def _check_scope(scope: Scope, listed: frozenset[Scope], desired: Desired) -> None:
    """Raise NotRunnable unless the manifest lists a method in some environment."""
    if scope in listed:
        return
    manifest = desired.manifests[0]
    is_rest = manifest.kind is Kind.REST_API
    key = "method" if isinstance(scope, MethodKey) else "route" if scope.route else "integration"
    if is_rest != isinstance(scope, MethodKey):
        remedy = "name a method, as in `method: GET /pets/{petId}`" if is_rest else "name a `route` or an `integration`"
        message = f"{code(manifest.name)} is a {manifest.kind}, which has no `{key}`"
        raise NotRunnable(InputRule.TESTED_METHOD, message, remedy, (key,))
    known = sorted(map(str, listed))
    message = f"the manifest {code(manifest.name)} does not list {code(str(scope))}"
    remedy = did_you_mean(str(scope), known, "list it in the manifest, or test a method that it lists")
    raise NotRunnable(InputRule.TESTED_METHOD, message, remedy, (key,))

"""Find the tests of a run that can run, and the problems of the others."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.load.load import LoadResult
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.response_tests.defaults import with_defaults
from reconciler.engine.response_tests.prepare import BodyReader, NotRunnable, ReadyTest, SourcedTest, prepare, scope_of
from reconciler.errors import UsageError
from reconciler.globs import text_fits
from reconciler.manifest.body_files import BodyFiles, input_names
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.models.desired import Desired
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.models.views import responses_by_scope
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import code, did_you_mean, shown


class CollectedTests:
    """The tests of a run: those that can run (`ready`), and the problems of the others.

    `creates`: a missing file with an expected body is no problem. `update_command` creates it. `only`: globs of the
    names of tests, or of `document: name`; none means all. Problems of other tests are not reported.
    """

    def __init__(
        self,
        loaded: LoadResult,
        files: Files,
        update_command: str,
        *,
        creates: bool = False,
        only: Sequence[str] = (),
    ) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.names: dict[str, None] = {}
        self.not_run = 0
        self._update_command = update_command
        self._creates = creates
        self._only = only
        self._loaded_files = loaded.files_read
        self._projects = [project for project in loaded.projects if project.tests.documents]
        self._files = {
            root: BodyFiles(self._documents(root), files, root)
            for root in dict.fromkeys(project.tests.root for project in self._projects)
        }

    @property
    def has_tests(self) -> bool:
        """Whether any document with tests was found."""
        return bool(self._projects)

    def inputs(self, files: Files) -> frozenset[str]:
        """Return the real names of the files that a run reads, other than those with expected bodies."""
        names = [*self._loaded_files, *(project.file for project in self._projects if project.file)]
        for project in self._projects:
            for document in project.tests.documents:
                names.append(document.places.file)
                bodies = self._files[project.tests.root]
                names += (bodies.path(document, name) for name in input_names(document))
        return frozenset(map(files.real, dict.fromkeys(names)))

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

    def check_only(self) -> None:
        """Raise UsageError for a glob that matches no test."""
        for glob in self._only:
            if not any(text_fits(glob, name) for name in self.names):
                remedy = did_you_mean(glob, self.names, "copy the name of a test", shlex.quote, most=3)
                raise UsageError(f"--only {shown(glob)!r} matches no test", remedy)

    def _selected(self, document: ResponseTestDocument) -> list[int]:
        """Return the positions of the tests that are to run, sound or not."""
        return [number for number in range(len(document.tests.spec.tests)) if self._is_selected(document, number)]

    def _is_selected(self, document: ResponseTestDocument, number: int) -> bool:
        places, path = document.places, ("spec", "tests", number, "name")
        name = str(places.node(path)) if places.has(path) else ""
        names = (name, f"{document.name}: {name}")
        self.names.update(dict.fromkeys(names))
        return not self._only or any(glob == each or text_fits(glob, each) for glob in self._only for each in names)

    def _of_project(self, project: ResolvedProject) -> Iterator[ReadyTest]:
        by_name = {desired.manifests[0].name: desired for desired in project.manifests}
        methods: dict[str, dict[Scope, dict[str, Response]]] = {}
        for document in project.tests.documents:
            name = document.tests.spec.manifest
            selected = [
                number for number in range(len(document.tests.spec.tests)) if self._is_selected(document, number)
            ]
            if not selected:
                continue
            if problem := _manifest_problem(document, project):
                self.diagnostics.append(problem)
                self.not_run += len(selected)
            elif name in by_name:
                if name not in methods:
                    methods[name] = responses_by_scope(by_name[name])
                self.not_run += len(document.unsound.intersection(selected))
                sources = self._sources(document, [number for number in selected if number not in document.unsound])
                yield from self._of_document(document, sources, project, by_name[name], methods[name])

    def _of_document(
        self,
        document: ResponseTestDocument,
        sources: Iterable[SourcedTest],
        project: ResolvedProject,
        desired: Desired,
        methods: Mapping[Scope, Mapping[str, Response]],
    ) -> Iterator[ReadyTest]:
        listed, files = project.tests.listed[document.tests.spec.manifest], self._files[project.tests.root]
        reader = BodyReader(document, files, self._creates, self._update_command)
        for source in sources:
            try:
                scope = scope_of(source.test)
                _check_scope(scope, listed, desired)
                test = prepare(source, scope, reader)
            except NotRunnable as problem:
                self.report(source, problem)
                continue
            if scope in desired.owns:
                golden = files.writable(document, test.golden) if test.golden else None
                yield ReadyTest(test, project.name, desired, methods[scope], golden, project.file)

    def _sources(self, document: ResponseTestDocument, numbers: Iterable[int]) -> Iterator[SourcedTest]:
        """Yield tests of a document, with their defaults; a repeated name is reported."""
        spec = document.tests.spec
        first: dict[str, SourcedTest] = {}
        for number in numbers:
            test = spec.tests[number]
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
    known = sorted(filter(None, (_value(key, each) for each in listed)))
    message = f"the manifest {code(manifest.name)} does not list {code(str(scope))}"
    remedy = did_you_mean(_value(key, scope), known, f"list it in the manifest, or test a {key} that it lists")
    raise NotRunnable(InputRule.TESTED_METHOD, message, remedy, (key,))


def _value(key: str, scope: Scope) -> str:
    """Return what a test writes for a method, route or integration."""
    if isinstance(scope, MethodKey):
        return str(scope)
    return scope.route if key == "route" else scope.id

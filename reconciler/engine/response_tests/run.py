"""Run response tests in each environment.

`collect` finds the tests that can run, with the problems of the others; `run_tests` runs them. A test runs in every
environment in which its manifest lists the method.
"""

from dataclasses import dataclass
from typing import Final

from reconciler.diagnostics import Diagnostic, any_error, error, in_order, limited
from reconciler.engine.load.load import load_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.load.tested import ResponseTestScope
from reconciler.engine.response_tests.collect import CollectedTests
from reconciler.engine.response_tests.coverage import NO_COVERAGE, Coverage, coverage_of
from reconciler.engine.response_tests.goldens import Update, update
from reconciler.engine.response_tests.prepare import NotRunnable
from reconciler.engine.response_tests.processes import run_all
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.errors import ExitCode
from reconciler.models.project_file import FILE_NAME
from reconciler.ports import Files
from reconciler.rules import InputRule


@dataclass(frozen=True, slots=True)
class ResponseTestOptions:
    """How to run tests.

    `only`: globs of the names of tests, or of `document: name`; none means all. `update`: expected bodies in files are
    written. `processes`: how many to run the tests in. `allows_no_tests`: it is no error if no test is found.
    """

    only: tuple[str, ...] = ()
    update: bool = False
    processes: int = 1
    allows_no_tests: bool = False


_DEFAULT_OPTIONS: Final = ResponseTestOptions()


@dataclass(frozen=True, slots=True)
class ResponseTestRun:
    """The results, in the order of the documents, and the problems.

    `not_run`: how many tests could not run. `written`: the files that an update has written. `coverage`: what the
    tests have and have not reached. `projects`: those whose manifests are tested.
    """

    results: tuple[ResponseTestResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    options: ResponseTestOptions = _DEFAULT_OPTIONS
    not_run: int = 0
    written: tuple[str, ...] = ()
    coverage: Coverage = NO_COVERAGE
    projects: tuple[ResolvedProject, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """0 if all tests have passed, else 1."""
        is_fine = all(result.outcome == "passed" for result in self.results)
        return ExitCode.OK if is_fine and not any_error(self.diagnostics) else ExitCode.FAILED


def run_tests(request: Request, files: Files, options: ResponseTestOptions = _DEFAULT_OPTIONS) -> ResponseTestRun:
    """Run the tests of the requested manifests, those of manifests with lint errors too.

    Raises UsageError, and ReconcilerError for a file that cannot be written.
    """
    loaded = load_manifests(request, files, tests=ResponseTestScope.NAMED, with_lint=False)
    update_command = request.invocation.command("test", "--update")
    collection = CollectedTests(loaded, files, update_command, creates=options.update, only=options.only)
    ready = collection.ready()
    if not any_error(loaded.broken):
        collection.check_only()
    results: list[ResponseTestResult] = []
    for test, outcome in zip(ready, run_all(ready, options.processes), strict=True):
        if isinstance(outcome, ResponseTestResult):
            results.append(outcome)
        else:
            remedy = "change `backend` or `integrationType`"
            collection.report(test.source, NotRunnable(InputRule.BACKEND, outcome.why, remedy, ("backend",)))
    updated = update(results) if options.update else Update(tuple(results))
    diagnostics = (*loaded.broken, *collection.diagnostics, *updated.diagnostics)
    if not collection.has_tests and not options.allows_no_tests and not any_error(diagnostics):
        diagnostics = (*diagnostics, _no_tests(request))
    return ResponseTestRun(
        updated.results,
        limited(in_order(diagnostics)),
        options,
        collection.not_run,
        updated.written,
        coverage_of(updated.results),
        loaded.projects,
    )


def _no_tests(request: Request) -> Diagnostic:
    place = ", ".join(request.paths) or request.config or FILE_NAME
    remedy = "check the path, write a document of `kind: ResponseTest`, or use --allow-no-tests"
    return error(InputRule.NO_TESTS, f"no response test was found in {place}", remedy)

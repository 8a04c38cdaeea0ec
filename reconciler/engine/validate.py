"""validate: every problem of the manifests at once, in every environment, offline."""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error, in_order, limited
from reconciler.engine.load.load import LoadResult, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.load.tested import ResponseTestScope
from reconciler.errors import ExitCode
from reconciler.ports import Files
from reconciler.rules import InputRule


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read, and its problems. A manifest, response or test of several environments counts once."""

    manifests: int
    responses: int
    diagnostics: tuple[Diagnostic, ...]
    tests: int = 0

    @property
    def exit_code(self) -> ExitCode:
        """1 with an error, else 0, whatever the warnings."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def validate(request: Request, files: Files) -> Validation:
    """Load, resolve and lint, response tests included; finding no manifest at all is an error too.

    Raises UsageError as `load_manifests`.
    """
    loaded = load_manifests(request, files, tests=ResponseTestScope.NAMED)
    tests, problems = _check_tests(loaded, request, files) if loaded.has_tests else (0, ())
    diagnostics = limited(in_order((*loaded.diagnostics, *problems)))
    is_usable = loaded.is_untouched or loaded.has_tests or (loaded.has_sets and not request.selectors)
    if loaded.is_empty and not is_usable and not any_error(diagnostics):
        diagnostics = (*diagnostics, no_manifests(request))
    return Validation(loaded.manifests, loaded.responses, diagnostics, tests)


def _check_tests(loaded: LoadResult, request: Request, files: Files) -> tuple[int, tuple[Diagnostic, ...]]:
    """Return how many response tests can run, the problems of the others, and what the tests show of templates."""
    from reconciler.engine.response_tests.collect import CollectedTests  # noqa: PLC0415 - most manifests have none
    from reconciler.engine.response_tests.json_bodies import not_json  # noqa: PLC0415

    tests = CollectedTests(loaded, files, request.invocation.command("test", "--update"))
    ready = tests.ready()
    locations = {test.source.location for test in ready}
    # What is wrong with a manifest is reported already
    problems = (problem for problem in tests.diagnostics if problem.rule is not InputRule.FAULTY_MANIFEST)
    return len(locations), (*problems, *not_json(loaded, ready))

"""Find templates that should give JSON and do not, for the inputs of response tests.

`lint` finds those that give JSON for no input; a test shows those that fail for one.
"""

from collections.abc import Iterable, Iterator

from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.load import LoadResult
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.engine.response_tests.results import answer_of
from reconciler.lint.violations import Violation, diagnose
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.rules import LintRule
from reconciler.strict_json import is_strict_json
from reconciler.wording import shown

_JSON = "application/json"
_CONTENT_TYPE = "content-type"


def not_json(loaded: LoadResult, tests: Iterable[ReadyTest]) -> Iterator[Diagnostic]:
    """Yield a problem for each template whose output is not JSON in a test; those that `loaded` has are left out."""
    reported = {problem.address for problem in loaded.lint if problem.rule is LintRule.NOT_JSON}
    severities = {(project.file, project.name): project.settings.severities for project in loaded.projects}
    for test in tests:
        for key in _broken(test):
            address = test.desired.address(key)
            if address not in reported:
                reported.add(address)
                grades = severities[test.project_file, test.environment]
                yield from diagnose(test.desired, [_violation(test, key)], grades)


def _violation(test: ReadyTest, key: ResponseKey) -> Violation:
    message = f"the output for the test {shown(test.source.test.name)!r} is not JSON"
    return Violation(LintRule.NOT_JSON, key, message, f"responseTemplates.{_JSON}")


def _broken(test: ReadyTest) -> Iterator[ResponseKey]:
    """Yield the response whose template gives no JSON in a test; nothing for templates that are fine."""
    scope = test.test.scope
    if not isinstance(scope, MethodKey):
        return  # the templates of WebSocket APIs have no content types
    try:
        answer = answer_of(test, test.responses)
    except ImpossibleBackend:
        return
    if isinstance(answer.selected, str) and answer.error is None and _claims_json(answer) and not _is_json(answer.body):
        yield ResponseKey(scope, answer.selected)


def _claims_json(answer: Answer) -> bool:
    """Whether a template for JSON was rendered, and no header says that the body is something else."""
    types = [value for name, value in answer.headers.items() if name.lower() == _CONTENT_TYPE]
    return answer.template == _JSON and all(isinstance(value, str) and "json" in value.lower() for value in types)


def _is_json(body: object) -> bool:
    """Whether a body is JSON; one that is empty, binary or unknown passes."""
    return not isinstance(body, str) or not body.strip() or is_strict_json(body)

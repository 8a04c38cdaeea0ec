"""The backends of a sandbox, played by response tests: they answer what the tests say that they answer."""

from collections.abc import Iterator

from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.engine.response_tests.run import ResponseTestRun
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Coordinates
from reconciler.sandbox.model.plane import REGION
from reconciler.sandbox.model.state import BackendAnswer, BackendAnswers


def sandbox_backends(run: ResponseTestRun) -> BackendAnswers:
    """Return the backends of the tests of REST APIs, by the id or name of the API in each of its regions."""
    answers: dict[tuple[str, MethodKey], list[BackendAnswer]] = {}
    for result in run.results:
        scope, exchange = result.ready.test.scope, result.ready.test.exchange
        if isinstance(scope, MethodKey):
            for api in dict.fromkeys(_apis(result, run.projects)):
                answers.setdefault((api, scope), []).append(BackendAnswer(exchange.backend, exchange.request))
    return answers


def _apis(result: ResponseTestResult, projects: tuple[ResolvedProject, ...]) -> Iterator[str]:
    ready = result.ready
    for project in projects:
        if (project.file, project.name) == (ready.project_file, ready.environment):
            for coordinates in project.coordinates(Coordinates()):
                ref = project.ref(ready.desired, coordinates.region or REGION)
                yield ref.api.id or ref.api.name or ""

"""An API with a function behind it, its manifest and its response tests, called live in memory."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.live import call_live, prepare_live
from reconciler.engine.response_tests.live_result import LiveResult
from reconciler.engine.response_tests.run import ResponseTestRun, run_tests
from reconciler.manifest import Disk
from reconciler.mapping.exchange import Backend, LambdaResult
from reconciler.models.keys import MethodKey
from reconciler.ports import Cloud
from reconciler.sandbox.building import ApiBuilder, Fields
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane, SimulatedAws
from reconciler.sandbox.model.state import BackendAnswer
from support.backends import LAMBDA

PET: Final = MethodKey("/pets/{petId}", "GET")
API_ID: Final = "pets000001"
NO_PET: Final = LambdaResult('{"errorMessage":"[NotFound] no pet 7"}', failed=True)
FOUND: Final = LambdaResult('{"id":7}')

RESPONSES: Final = """\
200: {responseParameters: {method.response.header.X-Id: context.requestId}}
404: {selectionPattern: '\\[NotFound\\].*'}
"""
_DRAFT: Final[Mapping[str, Fields]] = {
    "200": {"responseParameters": {"method.response.header.X-Id": "context.requestId"}},
    "404": {"selectionPattern": r"\[NotFound\].*"},
}
NOT_FOUND_TEST: Final = """\
- name: no such pet
  method: GET /pets/{petId}
  request: {path: {petId: "7"}}
  backend: {lambda: {errorMessage: "[NotFound] no pet 7"}}
  expect: {status: 404, selected: "404", body: {contains: {errorMessage: "[NotFound] no pet 7"}}}
"""


@dataclass
class LiveWorld:
    """A folder with a manifest and tests, and AWS, whose function answers `backend`.

    `draft`: the responses of the draft, without those that are None.
    """

    folder: Path
    tests: str = NOT_FOUND_TEST
    backend: Backend | None = NO_PET
    responses: str = RESPONSES
    integration: Fields = field(default_factory=lambda: dict(LAMBDA))
    draft: Mapping[str, Fields | None] = field(default_factory=dict)
    cloud: InMemoryCloud = field(init=False)

    def __post_init__(self) -> None:
        """Set up AWS and write the files."""
        answers = {(API_ID, PET): (BackendAnswer(self.backend),)} if self.backend else {}
        self.cloud = InMemoryCloud(SimulatedAws(backends=answers))
        build(self.plane, self.integration, self.draft)
        self.write("pets.yaml", manifest(self.responses))
        self.write("tests.yaml", document(self.tests))

    @property
    def plane(self) -> ControlPlane:
        """The control plane of the default region."""
        return self.cloud.plane()

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, cloud: Cloud | None = None) -> ResponseTestRun:
        """Run the tests offline and live."""
        request = Request((str(self.folder),))
        plan = prepare_live(run_tests(request, Disk()), request, cloud or self.cloud)
        return call_live(plan, parallelism=2)

    def live(self) -> Sequence[LiveResult]:
        """Return the live results of the one test."""
        run = self.run()
        assert 1 == len(run.results), run.diagnostics
        return run.results[0].live

    def one(self) -> LiveResult:
        """Return the one live result of the one test."""
        (result,) = self.live()
        return result


def build(plane: ControlPlane, integration: Fields = LAMBDA, draft: Mapping[str, Fields | None] | None = None) -> None:
    """Create the API on a plane."""
    api = ApiBuilder(plane, "pets", API_ID)
    api.method(PET.path, PET.method, integration, {"200": ("X-Id",), "404": ()})
    for status, fields in {**_DRAFT, **(draft or {})}.items():
        if fields is not None:
            api.response(PET.path, PET.method, status, fields)
    plane.calls.clear()


def resource_id(plane: ControlPlane) -> str:
    """Return the id of the resource of the method."""
    resources = plane.call("GetResources", restApiId=API_ID)["items"]
    return next(str(item["id"]) for item in resources if item["path"] == PET.path)


def answer_differently(world: LiveWorld, backend: Backend | None = None, **changes: object) -> None:
    """Let AWS answer the next call with another status, body or log than the pipeline gives, perhaps by a backend."""
    plane = world.plane
    if backend:
        plane = ControlPlane(backends={(API_ID, PET): (BackendAnswer(backend),)})
        build(plane)
    address = {"restApiId": API_ID, "resourceId": resource_id(plane), "httpMethod": "GET"}
    real = plane.call("TestInvokeMethod", **address, pathWithQueryString="/pets/7")
    world.plane.faults.add(faults.FixedAnswer({**real, **changes}), "TestInvokeMethod")


def causes(result: LiveResult) -> dict[str, str]:
    """Return the cause of each difference."""
    return {difference.path: difference.cause for difference in result.differences}


def manifest(responses: str, method: str = "GET", path: str = PET.path, **spec: Any) -> str:  # noqa: ANN401 - YAML
    """Return a manifest with one method."""
    extra = "".join(f"  {key}: {value}\n" for key, value in spec.items())
    return (
        "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: pets}\nspec:\n"
        f"  api: {{id: {API_ID}}}\n{extra}  resources:\n    {path}:\n      {method}:\n        responses:\n"
        f"{textwrap.indent(responses, ' ' * 10)}"
    )


def document(entries: str, name: str = "pets") -> str:
    """Return a document with response tests."""
    return (
        f"apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {{name: {name}-tests}}\nspec:\n"
        f"  manifest: {name}\n  tests:\n{textwrap.indent(entries, ' ' * 4)}"
    )

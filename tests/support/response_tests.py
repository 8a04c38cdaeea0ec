"""Manifests with response tests in a folder, and runs of them."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.run import ResponseTestOptions, ResponseTestRun, run_tests
from reconciler.manifest import Disk

PETS = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets, labels: {team: pets}}
spec:
  api: {name: pets}
  resources:
    /pets/{petId}:
      GET:
        responses:
          200: {}
          404:
            selectionPattern: '\\[NotFound\\].*'
            responseParameters: {method.response.header.X-Error: "'NotFound'"}
"""

CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  routes: {sendMessage: {responses: {$default: {}, '/5\\d\\d/': {}}}}
  integrations: [{id: abc123, responses: {$default: {}}}]
"""

MISSING = "{lambda: {errorMessage: '[NotFound] no pet 7'}}"
"""What the function for a pet that does not exist returns."""

METHOD = "method: 'GET /pets/{petId}'"
PASSES = f"{{name: passes, {METHOD}, backend: {MISSING}, expect: {{status: 404}}}}"
FAILS = f"{{name: fails, {METHOD}, backend: {MISSING}, expect: {{status: 200}}}}"


def document(*tests: str, name: str = "errors", manifest: str = "pets", more: str = "") -> str:
    """A document with response tests, each of them in flow style or as lines of a map."""
    head = f"apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {{name: {name}}}\nspec:\n  manifest: {manifest}\n"
    lines = [indent(dedent(more), "  ").rstrip("\n") + "\n"] if more else []
    entries = (f"  - {indent(dedent(test).strip(), '    ').strip()}\n" for test in tests)
    return "".join([head, *lines, "  tests:\n", *entries])


@dataclass
class Shelf:
    """A folder, which is the current one, with a manifest of a REST API and one of a WebSocket API."""

    folder: Path

    def write(self, file: str, content: str | bytes) -> Path:
        """Write a file."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def test(self, *tests: str, **settings: str) -> None:
        """Write the document with response tests."""
        self.write("pets.test.yaml", document(*tests, **settings))

    def read(self, file: str) -> bytes:
        """The content of a file."""
        return (self.folder / file).read_bytes()

    def run(
        self,
        *paths: str,
        only: tuple[str, ...] = (),
        update: bool = False,
        processes: int = 1,
        allows_no_tests: bool = False,
        **asked: Any,  # noqa: ANN401
    ) -> ResponseTestRun:
        """Run the tests of PATHs, by default of the folder."""
        request = Request(paths or (".",), **asked)
        return run_tests(request, Disk(), ResponseTestOptions(only, update, processes, allows_no_tests))

    def outcome(self, test: str, **settings: str) -> str:
        """The result of one test."""
        self.test(test, **settings)
        run = self.run()
        assert () == run.diagnostics
        (result,) = run.results
        return result.comparison.result

    def problems(self, *tests: str, **settings: str) -> list[str]:
        """What is wrong with tests, without the name of their file."""
        self.test(*tests, **settings)
        return [str(diagnostic).removeprefix("pets.test.yaml:") for diagnostic in self.run().diagnostics]


def results(run: ResponseTestRun) -> list[tuple[str, str]]:
    """The name and the result of each test."""
    return [(result.ready.source.test.name, result.comparison.result) for result in run.results]


def differences(run: ResponseTestRun) -> list[tuple[str, object, object]]:
    """Every difference of every test: path, expected and actual value."""
    return [
        (difference.path, difference.expected, difference.actual)
        for result in run.results
        for difference in result.comparison.differences
    ]

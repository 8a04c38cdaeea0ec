"""Templates whose output is not JSON in a response test."""

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk
from reconciler.rules import LintRule
from support.stage import Stage, manifest

TEMPLATE = """'{"name": "$input.path(''$.name'')"}'"""
QUOTED = """{name: 'Bo "the dog"'}"""


def document_with(*values: str) -> str:
    """A document with a test for each value that the function returns."""
    entries = [
        f"    - {{name: test {number}, method: GET /pets, backend: {{lambda: {value}}}, expect: {{status: 200}}}}\n"
        for number, value in enumerate(values)
    ]
    head = "apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {name: t}\nspec:\n  manifest: petstore\n  tests:\n"
    return head + "".join(entries)


def found(stage: Stage, *values: str, template: str = TEMPLATE, more: str = "") -> list[str]:
    """The problems that `validate` finds of this rule, with the tests' values."""
    stage.write(manifest(f"{{200: {{responseTemplates: {{application/json: {template}}}{more}}}}}"))
    stage.write(document_with(*values), "t.yaml")
    problems = validate(Request((".",)), Disk()).diagnostics
    return [f"{problem.location}: {problem.message}" for problem in problems if problem.rule is LintRule.NOT_JSON]


def test_not_json_in_a_test(stage: Stage) -> None:
    """A value with a quote breaks the JSON around it: reported once, at the template."""
    [problem] = found(stage, "{name: Bo}", QUOTED, QUOTED)

    assert problem.startswith("petstore.yaml:9:")
    assert problem.endswith("the output for the test 'test 1' is not JSON")


@pytest.mark.parametrize(
    "values",
    [("{name: Bo}",), ("{errorMessage: it failed}",)],
)
def test_json(stage: Stage, values: tuple[str, ...]) -> None:
    """A template that gives JSON in every test is fine."""
    assert [] == found(stage, *values)


def test_other_content_type(stage: Stage) -> None:
    """A response that says that its body is something else may give anything."""
    html = ", responseParameters: {method.response.header.Content-Type: \"'text/html'\"}"

    assert [] == found(stage, QUOTED, more=html)


def test_silenced(stage: Stage) -> None:
    """`allow` silences it, as it does other rules."""
    assert [] == found(stage, QUOTED, more=", allow: [not-json]")


def test_reported_once(stage: Stage) -> None:
    """A template that gives JSON for no input is reported without tests, and not again."""
    [problem] = found(stage, QUOTED, template="'{\"a\": }'")

    assert "whatever the input" in problem


def test_empty(stage: Stage) -> None:
    """A template without output has no body, which is fine."""
    assert [] == found(stage, QUOTED, template="'## nothing'")


def test_impossible_backend(stage: Stage) -> None:
    """A test that cannot run says nothing about templates."""
    stage.write(manifest(f"{{200: {{responseTemplates: {{application/json: {TEMPLATE}}}}}}}"))
    stage.write(document_with(QUOTED).replace("expect:", "api: {integrationType: HTTP}, expect:"), "t.yaml")

    assert LintRule.NOT_JSON not in {problem.rule for problem in validate(Request((".",)), Disk()).diagnostics}


def test_websocket(stage: Stage) -> None:
    """The templates of WebSocket APIs have no content types, so nothing is said of them."""
    stage.write(
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: petstore}\nspec:\n  api: {name: petstore}\n"
        "  routes:\n    ping:\n      responses:\n        $default:\n          templateSelectionExpression: t\n"
        "          responseTemplates: {t: pong}\n"
    )
    stage.write(
        document_with("{}").replace("method: GET /pets", "route: ping").replace("status: 200", "body: pong"), "t.yaml"
    )

    assert LintRule.NOT_JSON not in {problem.rule for problem in validate(Request((".",)), Disk()).diagnostics}


def test_constant_of_python(stage: Stage) -> None:
    """A body that only Python's reader takes for JSON is reported."""
    [problem] = found(stage, "{n: 0, name: NaN}", template="'{\"n\": $input.path(''$.name'')}'")

    assert problem.endswith("is not JSON")

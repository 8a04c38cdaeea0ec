"""The results of response tests in every format."""

import json
import xml.etree.ElementTree as ET

from reconciler.render.style import Style
from reconciler.views.test import response_tests_text, response_tests_view
from support.response_tests import FAILS, METHOD, PASSES, PETS, Shelf, document

UNKNOWN = f"{{name: two patterns, {METHOD}, backend: {{lambdaText: a, failed: true}}, expect: {{status: 404}}}}"


def lines(shelf: Shelf, *, update: bool = False, only: tuple[str, ...] = (), style: Style | None = None) -> list[str]:
    """The lines of the text."""
    return response_tests_text(shelf.run(update=update, only=only), style or Style()).splitlines()


def rendered(shelf: Shelf, name: str) -> str:
    """The results in a format."""
    return response_tests_view(shelf.run(), "", Style())[name]()


def two_environments(shelf: Shelf, *tests: str) -> None:
    """Configure two environments whose tests differ in one variable."""
    shelf.write(
        "reconciler.yaml",
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [pets.yaml, pets.test.yaml]\n"
        "environments: {dev: {vars: {status: 404}}, prod: {vars: {status: 410}}}\n",
    )
    (shelf.folder / "chat.yaml").unlink()
    shelf.test(*tests)


def test_all_pass(shelf: Shelf) -> None:
    """Passed tests are counted."""
    shelf.write("pets.yaml", PETS.replace("          200: {}\n", ""))
    shelf.test(PASSES)

    assert ["errors (pets.test.yaml): 1 passed", "Passed: 1 test. Coverage: 100%."] == lines(shelf)


def test_verbose(shelf: Shelf) -> None:
    """Each passed test is a line with -v."""
    shelf.write("pets.yaml", PETS.replace("          200: {}\n", ""))
    shelf.test(PASSES)

    assert "    passed  passes  pets.test.yaml:7" in lines(shelf, style=Style(full=True))


def test_failed(shelf: Shelf) -> None:
    """A failed test shows its line, what differs and why the response is selected; the summary is last."""
    shelf.test(FAILS, PASSES)

    assert [
        "Coverage: 1 of 2 responses",
        "",
        "  Responses that no test selects",
        "    pets: GET /pets/{petId} 200  pets.yaml:10",
        "",
        "errors (pets.test.yaml): 1 passed, 1 failed",
        "",
        "  GET /pets/{petId}",
        "    failed  fails  pets.test.yaml:7",
        "        status: expected 200, got 404",
    ] == lines(shelf)[:10]
    assert lines(shelf)[10].startswith("        404 is selected: it ")
    assert ["", "Failed: 1 passed, 1 failed. Coverage: 50%."] == lines(shelf)[11:]


def test_unknown(shelf: Shelf) -> None:
    """What is unknown is shown with its reason."""
    patterns = "400: {selectionPattern: 'a'}\n          404: {selectionPattern: '[ab]'}\n"
    shelf.write("pets.yaml", PETS.partition("          200")[0] + f"          {patterns}")
    shelf.test(UNKNOWN)
    shown = lines(shelf)

    assert "    unknown  two patterns  pets.test.yaml:7" in shown
    assert any(line.startswith("        status is unknown: ") for line in shown)
    assert shown[-1].startswith("Failed: 1 unknown.")


def test_error_of_api_gateway(shelf: Shelf) -> None:
    """A test that fails because API Gateway answers for itself says why."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseTemplates: {application/json: 'a #if('}}"))
    shelf.test(f"{{name: t, {METHOD}, backend: {{status: 200}}, expect: {{status: 200}}}}")
    shown = lines(shelf)

    assert any(line.startswith("        API Gateway answers with its own error: ") for line in shown)
    assert any(" (pets.yaml:10:" in line for line in shown)


def test_environments_that_are_alike(shelf: Shelf) -> None:
    """Equal results of several environments are shown once, with their names."""
    two_environments(shelf, FAILS)

    assert ["    failed  fails [dev, prod]  pets.test.yaml:7"] == [line for line in lines(shelf) if "failed  " in line]


def test_environments_that_differ(shelf: Shelf) -> None:
    """Different results are shown separately."""
    two_environments(shelf, PASSES.replace("404", "'${{ vars.status }}'"))

    assert ["    failed  passes [prod]  pets.test.yaml:7"] == [line for line in lines(shelf) if "failed  " in line]
    assert "errors (pets.test.yaml): 1 passed, 1 failed" in lines(shelf)


def test_not_run(shelf: Shelf) -> None:
    """Problems are lines before the summary, which counts the tests that did not run."""
    shelf.test(PASSES, "{name: t}")

    assert [
        (
            "pets.test.yaml:8:5: error: the test has no `method` [tested-method]; "
            "add `method: GET /path`; in WebSocket APIs `route: KEY` or `integration: ID`"
        ),
        "Failed: 1 passed, 1 not run, 1 error. Coverage: 50%.",
    ] == lines(shelf)[-2:]


def test_nothing_run(shelf: Shelf) -> None:
    """Without any test, only the problem counts."""
    assert "Failed: 1 error." == lines(shelf)[-1]


def test_only(shelf: Shelf) -> None:
    """Some of the tests cover little, which is not shown."""
    shelf.test(PASSES, FAILS)

    assert ["errors (pets.test.yaml): 1 passed", "Passed: 1 test."] == lines(shelf, only=("passes",))


def test_update(shelf: Shelf) -> None:
    """Written files are listed; a second update says that there is nothing to do."""
    shelf.test(PASSES.replace("status: 404", "body: {file: a.json}"))

    assert "Wrote a.json." == lines(shelf, update=True)[-2]
    assert "No file changed." == lines(shelf, update=True)[-2]


def test_quiet(shelf: Shelf) -> None:
    """When quiet, nothing is shown if all pass, else errors and the summary."""
    shelf.test(PASSES)
    assert [] == lines(shelf, style=Style(quiet=True))

    shelf.test(FAILS, "{name: t}")
    assert ["pets.test.yaml:8:5", "Failed"] == [
        line.partition(": ")[0] for line in lines(shelf, style=Style(quiet=True))
    ]


def test_junit(shelf: Shelf) -> None:
    """A suite for each document and environment, a case for each test."""
    two_environments(shelf, PASSES, FAILS)
    suites = ET.fromstring(rendered(shelf, "junit"))  # noqa: S314 - our own

    assert [("errors (dev)", "2", "1"), ("errors (prod)", "2", "1"), ("manifests", "1", "0")] == [
        (suite.attrib["name"], suite.attrib["tests"], suite.attrib["failures"]) for suite in suites
    ]
    failure = suites[0][1][0]
    assert ("8", "test/failed") == (suites[0][1].attrib["line"], failure.attrib["type"])
    assert failure.attrib["message"].startswith("status: expected 200, got 404")


def test_junit_of_an_unknown_result(shelf: Shelf) -> None:
    """An unknown result is no pass."""
    patterns = "400: {selectionPattern: 'a'}\n          404: {selectionPattern: '[ab]'}\n"
    shelf.write("pets.yaml", PETS.partition("          200")[0] + f"          {patterns}")
    shelf.test(UNKNOWN)
    suites = ET.fromstring(rendered(shelf, "junit"))  # noqa: S314 - our own

    assert "test/unknown" == suites[0][0][0].attrib["type"]


def test_annotations(shelf: Shelf) -> None:
    """A failed test is annotated at its line, once for the environments in which it is alike."""
    two_environments(shelf, PASSES, FAILS)
    first, *_ = rendered(shelf, "github").splitlines()

    assert first.startswith(
        "::error file=pets.test.yaml,line=8,col=5,title=reconciler%3A test/failed::errors: fails [dev, prod]: "
    )


def test_markdown(shelf: Shelf) -> None:
    """Documents are counted, and failed tests are shown as a diff."""
    shelf.test(PASSES, FAILS)
    text = rendered(shelf, "markdown")

    assert "- **errors** `(pets.test.yaml)`: **1 passed**, **1 failed**" in text
    assert "! failed  fails  pets.test.yaml:8" in text


def test_html(shelf: Shelf) -> None:
    """A page has the same."""
    shelf.test(PASSES, FAILS)

    assert "reconciler test: failed" in rendered(shelf, "html")


def test_sarif(shelf: Shelf) -> None:
    """A failed test is a result with the name of the test as its identity."""
    shelf.test(PASSES, FAILS)
    (result,) = json.loads(rendered(shelf, "sarif"))["runs"][0]["results"]

    assert "test/failed" == result["ruleId"]


def test_names_from_tests_are_printable(shelf: Shelf) -> None:
    """No name of a test reaches the terminal as a control sequence."""
    shelf.write("a.test.yaml", document(FAILS.replace("name: fails", 'name: "\\e[2J"'), name="a"))

    assert all(line.isprintable() for line in lines(shelf))


def test_json(shelf: Shelf) -> None:
    """The document has a row for each test."""
    shelf.test(PASSES, FAILS)

    assert ["passed", "failed"] == [row["result"] for row in json.loads(rendered(shelf, "json"))["tests"]]

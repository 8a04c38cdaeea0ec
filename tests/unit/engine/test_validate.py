"""Validating: every problem in one run."""

from reconciler.engine.drift.drift import drift
from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk
from support.response_tests import FAILS, METHOD, PASSES, PETS, Shelf
from support.stage import Stage, manifest

FLAWED = manifest("{200: {selectionPattern: '[', responseTemplates: {application/json: {file: nothere.vtl}}}}")


def rules(stage: Stage, text: str) -> list[str]:
    """The rules that a manifest breaks."""
    stage.write(text)
    return [diagnostic.rule for diagnostic in validate(Request(("petstore.yaml",)), Disk()).diagnostics]


def test_a_missing_template_hides_nothing(stage: Stage) -> None:
    """The file that is not there and the pattern that does not compile are told together."""
    assert {"template-file", "broken-pattern"} == set(rules(stage, FLAWED))


def test_an_unknown_key_hides_nothing(stage: Stage) -> None:
    """Nor does a misspelt key elsewhere."""
    text = FLAWED.replace("spec:\n", "spec:\n  prun: true\n")

    assert {"unknown-key", "template-file", "broken-pattern"} == set(rules(stage, text))


def test_paths_that_aws_cannot_hold(stage: Stage) -> None:
    """A slash at the end is no path of a resource."""
    assert ["path"] == rules(stage, manifest(path="/pets/"))


def test_broken_manifests_count_as_errors_of_drift(stage: Stage) -> None:
    """A cron job that reads the summary sees that nothing was compared."""
    stage.write(FLAWED)
    found = drift(Request(("petstore.yaml",)), stage.cloud, Disk(), stage.clock)

    assert 1 == found.summary.errors


def test_response_tests_are_checked(shelf: Shelf) -> None:
    """What keeps a test from running is found without running it."""
    shelf.test(
        PASSES,
        "{name: a, method: GET /nothing, backend: {mock: 200}, expect: {status: 200}}",
        f"{{name: b, {METHOD}, backend: {{mock: 200}}, expect: {{body: {{file: nothing.json}}}}}}",
        "{name: c, expct: {}}",
    )
    checked = validate(Request((".",)), Disk())

    assert (["tested-method", "test-file", "unknown-key"], 1) == (
        [diagnostic.rule.id for diagnostic in checked.diagnostics],
        checked.tests,
    )


def test_failing_response_tests_are_valid(shelf: Shelf) -> None:
    """Validating does not run tests."""
    shelf.test(FAILS)
    checked = validate(Request(("pets.test.yaml",)), Disk())

    assert ((), 1, 1) == (checked.diagnostics, checked.manifests, checked.tests)


def test_response_tests_of_a_broken_manifest(shelf: Shelf) -> None:
    """The errors of a manifest are reported, and not that its tests do not run."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {selectionPattern: 5}"))
    shelf.test(PASSES)

    assert ["wrong-type"] == [diagnostic.rule.id for diagnostic in validate(Request((".",)), Disk()).diagnostics]


def test_every_command_accepts_response_tests(shelf: Shelf, stage: Stage) -> None:
    """A document with tests, broken or not, is none of the other commands' business."""
    shelf.test("{name: t}", "{nonsense: 1}")
    found = drift(Request(("pets.yaml", "pets.test.yaml")), stage.cloud, Disk(), stage.clock)

    assert all("pets.test.yaml" not in str(diagnostic) for diagnostic in found.all_diagnostics)

"""Validating: every problem in one run."""

from reconciler.engine.drift import drift
from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk
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

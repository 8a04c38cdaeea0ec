"""Reading: a report is read back as the drift that it reports."""

import json
from dataclasses import replace

from hypothesis import given, settings

from reconciler.diagnostics import Diagnostic, Location
from reconciler.documents.drift import DriftDocument
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.merge import merge
from reconciler.engine.drift.parts import ShardReport
from reconciler.engine.drift.reading import drift_of
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import EarlierFailure
from reconciler.findings import Finding, StageDrift, TargetDrift, Type
from reconciler.fleet.ages import Ages, Resolved
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import LeftAlone, Remediation
from reconciler.fleet.shard import Shard
from reconciler.models.desired import ManifestRef
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.render.style import Style
from reconciler.rules import RunRule, Severity
from reconciler.views.drift import drift_view
from support.drifts import drifts

SOCKET = Target("1" * 12, "eu-west-1", "a1", Kind.WEBSOCKET_API, "chat", "prod")
KEY = ResponseKey(IntegrationKey("sendMessage", "i1"), "$default")
FINDING = Finding(Type.CHANGED, f"chat: {KEY}", KEY, (), "chat", resource_id="i1")
ALL_KINDS = Drift(
    (TargetDrift(SOCKET, (ManifestRef("chat", ApiRef(name="chat"), Kind.WEBSOCKET_API),), (FINDING,)),),
    (ReadFailure(("orders", "users"), EarlierFailure(RunRule.ACCESS_DENIED, "denied", "ask"), region="eu-west-1"),),
    (Diagnostic(Severity.ERROR, RunRule.FAILED, "broken", location=Location("a.yaml", 1, 2)),),
    "2026-01-31T06:00:00Z",
)
LOOSE = Style(full=True)


@given(drifts())
def test_the_report_of_what_was_read_is_the_same(drift: Drift) -> None:
    """Whatever a run finds, and whatever is known besides."""
    document = document_of_drift(drift)
    read = DriftDocument.model_validate(json.loads(document.model_dump_json(by_alias=True)), strict=True)

    assert document_of_drift(drift_of(read)) == document


@settings(max_examples=20)
@given(drifts())
def test_every_format_but_junit_is_the_same(drift: Drift) -> None:
    """Text, Markdown, SARIF and the others say the same of what was read; JUnit has no names of what is in sync."""
    views = drift_view(drift, "prod", LOOSE), drift_view(drift_of(document_of_drift(drift)), "prod", LOOSE)

    for name in views[0].keys() - {"junit"}:
        assert views[0][name]() == views[1][name]()


EVERYTHING = replace(
    ALL_KINDS,
    stages=(StageDrift("live", ALL_KINDS.targets[0], "it lags"),),
    lost=(StageFailure("beta", ReadFailure(("orders",), EarlierFailure(RunRule.UNKNOWN_STAGE, "no stage"))),),
    facts=FleetFacts(
        ignored=(IgnoredResponses("a: *", (), "known", None, "prod", "eu-west-1", ("a: GET / 200",)),),
        ages=Ages({}, (Resolved("f1", "changed", "a", None, "1" * 12, "eu-west-1", "2026-01-31"),), "2026-01-31"),
        blames={fingerprint(SOCKET, FINDING): Blame((AwsChange("2026-01-31", "someone", "DeleteApi"),), "")},
        coverage=CoverageCount(3, 2, 1),
        remediation=Remediation("run", "undo", 1, (SOCKET,), (LeftAlone(SOCKET, ("chat",), "too old"),), ("no",)),
    ),
)


def test_everything_that_a_run_knows_is_read_back() -> None:
    """Findings of routes, stages that lag or are lost, and all that later steps add."""
    document = document_of_drift(EVERYTHING)

    assert document_of_drift(drift_of(document)) == document


def test_a_merge_keeps_everything_that_a_part_knows() -> None:
    """A run in one shard is the run."""
    facts = replace(EVERYTHING.facts, shard=Shard(1, 1), configuration="sha256:1", ages=None)
    merged = merge([ShardReport("1.json", replace(EVERYTHING, facts=facts))])
    expected = replace(EVERYTHING, facts=replace(facts, shard=None))

    assert document_of_drift(merged) == document_of_drift(expected)

"""The findings of a run by fingerprint, and which earlier ones a run settles."""

from dataclasses import replace

import pytest

from reconciler.diagnostics import Location, error, warning
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.open_findings import Reach, open_findings
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.findings import StageDrift
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.history import OpenFinding
from reconciler.fleet.run_facts import RunFacts
from reconciler.rules import InputRule, RunRule
from support.histories import FIRST, drift_at, target_drift, unread
from support.live import TARGET

BROKEN = error(InputRule.SYNTAX, "it is broken", "fix it", Location("orders.yaml", 1, 1))
UNKNOWN_STAGE = warning(RunRule.DEPLOYED_UNKNOWN, "what it serves is unknown", "deploy")


def finding(
    manifest: str = "petstore", *, stage: str | None = None, region: str = TARGET.region, environment: str | None = None
) -> OpenFinding:
    """A finding of an earlier run."""
    return OpenFinding(
        "a" * 24, "missing", f"{manifest}: GET /pets 404", manifest, environment, "1" * 12, region, stage, FIRST
    )


def settles(drift: Drift, *findings: OpenFinding, is_partial: bool = False) -> list[bool]:
    """Whether a run that lacks these findings shows that they are resolved."""
    reach = Reach.of(drift, is_partial=is_partial)
    return [reach.settles(each) for each in findings]


def test_fingerprints_are_those_of_the_document() -> None:
    """Of drafts, of stages, of what lags, and of everything that could not be compared."""
    drift = Drift(
        (target_drift("404", "500"),),
        (unread("orders"),),
        (BROKEN,),
        FIRST,
        (StageDrift("live", target_drift("404"), lag="it lags"),),
        (StageFailure("test", unread("chat")),),
    )
    document = document_of_drift(drift).findings
    found = open_findings(drift)

    assert [each.fingerprint for each in document] == list(found)
    assert [(each.type, each.address, each.stage, each.region or "") for each in document] == [
        (each.type, each.address, each.stage, each.region) for each in found.values()
    ]


def test_what_was_compared_is_settled() -> None:
    """Its API was read, and it is not among the findings."""
    assert [True] == settles(drift_at(FIRST, target_drift()), finding())


def test_what_is_unread_stays_open() -> None:
    """Nobody knows, in that region, or in all if the region is unknown; in another environment nothing was lost."""
    found = settles(
        drift_at(FIRST, target_drift(environment="dev"), unread=[unread(environment="prod")]),
        finding(environment="prod"),
        finding(environment="prod", region=""),
        finding(environment="prod", region="us-east-1"),
        finding(environment="dev"),
    )

    assert [False, False, True, True] == found


def test_an_unknown_region_is_every_region() -> None:
    """Credentials that fail before the region is known."""
    assert [False] == settles(drift_at(FIRST, unread=[unread(region="")]), finding())


def test_what_nothing_asks_for_is_settled() -> None:
    """Its manifest was removed: no run will look at it again."""
    assert [True] == settles(drift_at(FIRST, target_drift(name="orders")), finding())


@pytest.mark.parametrize(
    "drift",
    [
        drift_at(FIRST, target_drift(name="orders"), problems=[BROKEN]),
        replace(drift_at(FIRST, target_drift(name="orders")), facts=FleetFacts(run=RunFacts(stopped="SIGTERM"))),
    ],
    ids=["broken", "stopped"],
)
def test_an_incomplete_run_settles_what_it_read(drift: Drift) -> None:
    """Manifests that could not be loaded, or that it did not come to, keep their findings."""
    assert [False, True] == settles(drift, finding(), finding("orders"))


def test_a_partial_run_settles_what_it_read() -> None:
    """It was not to read the others."""
    drift = drift_at(FIRST, target_drift(name="orders"))

    assert [False, True] == settles(drift, finding(), finding("orders"), is_partial=True)


def test_problems_of_files_are_settled_by_every_run() -> None:
    """Whatever is wrong with files is found at once."""
    assert [True] == settles(drift_at(FIRST, unread=[unread()]), finding(""))


def test_a_lost_stage_stays_open() -> None:
    """The draft was read, that stage was not."""
    drift = replace(drift_at(FIRST, target_drift()), lost=(StageFailure("live", unread()),))

    assert [False, True, True] == settles(drift, finding(stage="live"), finding(stage="test"), finding())


def test_a_stage_that_serves_something_unknown_stays_open() -> None:
    """AWS does not show what stages of WebSocket APIs serve; a stage that was compared is settled."""
    drift = replace(
        drift_at(FIRST, target_drift(), problems=[UNKNOWN_STAGE]), stages=(StageDrift("test", target_drift()),)
    )

    assert [False, True] == settles(drift, finding(stage="live"), finding(stage="test"))

"""Random results of drift runs for hypothesis, with all that reports can have."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from reconciler.diagnostics import Diagnostic, Location
from reconciler.diff import FieldChange
from reconciler.documents.drift import DriftDocument
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.order import in_report_order
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import EarlierFailure, ExitCode
from reconciler.findings import Finding, InSync, StageDrift, Subject, TargetDrift, Type
from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import LeftAlone, Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import Shard
from reconciler.models.desired import ManifestRef
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.ports import Usage
from reconciler.rules import InputRule, RunRule, Severity

WORDS: Final = st.sampled_from(("", "a", "b\nc", "é", "#set($x = 1)", "<b>"))
NAMES: Final = st.sampled_from(("orders", "petstore", "users"))
ENVIRONMENTS: Final = st.sampled_from((None, "dev", "prod"))
REGIONS: Final = st.sampled_from(("eu-west-1", "us-east-1"))
MOMENTS: Final = st.sampled_from(("2026-01-30T06:00:00Z", "2026-01-31T06:00:00Z"))
COUNTS: Final = st.integers(0, 3)
LOCATIONS: Final = st.none() | st.builds(Location, NAMES, COUNTS, COUNTS)
TARGETS: Final = st.builds(
    Target,
    account_id=st.sampled_from(("1" * 12, "2" * 12)),
    region=REGIONS,
    api_id=st.sampled_from(("a1", "b2", "c3")),
    kind=st.sampled_from(Kind),
    api_name=st.none() | NAMES,
    environment=ENVIRONMENTS,
)
CHANGES: Final = st.lists(st.builds(FieldChange, WORDS, st.none() | WORDS, st.none() | WORDS), max_size=2)
SECONDS: Final = st.integers(0, 100_000).map(lambda number: number / 1000)
"""As reports have them: to the millisecond."""
USAGES: Final = st.builds(Usage, COUNTS, COUNTS)
RULES: Final = st.sampled_from((*RunRule, *InputRule))
REST_SCOPES: Final = st.builds(MethodKey, st.sampled_from(("/pets", "/orders")), st.sampled_from(("GET", "POST")))
ROUTE_SCOPES: Final = st.sampled_from(
    (IntegrationKey("sendMessage", "i1"), IntegrationKey("sendMessage", ""), IntegrationKey("", "i2"))
)
"""A route, one that is gone, and an integration without a route."""


@st.composite
def findings(draw: st.DrawFn, target: Target, names: Sequence[str]) -> Finding:
    """One difference of an API."""
    scope: Scope = draw(REST_SCOPES) if target.kind is Kind.REST_API else draw(ROUTE_SCOPES)
    parent = draw(st.none() | st.just("r1")) if isinstance(scope, MethodKey) else scope.id or None
    key = ResponseKey(scope, draw(st.sampled_from(("200", "404"))))
    manifest = draw(st.sampled_from(names))
    subject: Subject = draw(st.sampled_from(("response", "methodResponse", "method")))
    key = ResponseKey(scope, "") if subject == "method" else key
    return Finding(
        draw(st.sampled_from((Type.CHANGED, Type.MISSING, Type.UNEXPECTED))),
        f"{manifest}: {key}",
        key,
        tuple(draw(CHANGES)),
        manifest,
        subject,
        draw(WORDS),
        draw(LOCATIONS),
        parent,
    )


def _findings(target: Target, names: Sequence[str]) -> st.SearchStrategy[list[Finding]]:
    return st.lists(findings(target, names), max_size=3, unique_by=lambda finding: (finding.key, finding.subject))


@st.composite
def target_drifts(draw: st.DrawFn, target: Target) -> TargetDrift:
    """An API that was compared."""
    names = draw(st.lists(NAMES, unique=True, min_size=1, max_size=2))
    refs = [ManifestRef(name, ApiRef(id=target.api_id), target.kind, location=draw(LOCATIONS)) for name in names]
    scope = draw(REST_SCOPES)
    return TargetDrift(
        target,
        tuple(refs),
        tuple(draw(_findings(target, names))),
        tuple(InSync(ResponseKey(scope, str(code))) for code in range(draw(COUNTS))),
        unmanaged=draw(COUNTS),
        unmanaged_methods=draw(COUNTS),
        ignored=draw(COUNTS),
        unselected=draw(COUNTS),
        desired_digest=draw(WORDS),
        live_digest=draw(WORDS),
        seconds=draw(SECONDS),
        usage=draw(USAGES),
    )


@st.composite
def stage_drifts(draw: st.DrawFn, draft: TargetDrift) -> list[StageDrift]:
    """The stages of an API."""
    names = [manifest.name for manifest in draft.manifests]
    return [
        StageDrift(
            name,
            replace(draft, findings=tuple(draw(_findings(draft.target, names)))),
            draw(st.sampled_from(("", "it lags"))),
        )
        for name in draw(st.lists(st.sampled_from(("live", "beta")), unique=True))
    ]


@st.composite
def failures(draw: st.DrawFn) -> ReadFailure:
    """Manifests that could not be read."""
    return ReadFailure(
        tuple(draw(st.lists(NAMES, unique=True, min_size=1, max_size=2))),
        EarlierFailure(draw(RULES), draw(WORDS), draw(WORDS)),
        draw(LOCATIONS),
        draw(ENVIRONMENTS),
        draw(st.just("") | REGIONS),
        draw(st.sampled_from(("", "1" * 12))),
    )


DIAGNOSTICS: Final = st.builds(
    Diagnostic, st.sampled_from(Severity), RULES, WORDS, WORDS, LOCATIONS, WORDS, st.just(()) | st.tuples(NAMES)
)
IGNORED: Final = st.builds(
    IgnoredResponses,
    WORDS,
    st.lists(NAMES, max_size=2).map(tuple),
    WORDS,
    st.none() | st.just("2026-02-01"),
    ENVIRONMENTS,
    REGIONS,
    st.lists(NAMES, max_size=2, unique=True).map(tuple),
    LOCATIONS,
)
RESOLVED: Final = st.builds(
    Resolved,
    st.just("f1"),
    st.sampled_from([str(kind) for kind in Type]),
    WORDS,
    ENVIRONMENTS,
    st.just("1" * 12),
    REGIONS,
    MOMENTS,
    st.none() | st.just("live"),
)
AWS_CHANGES: Final = st.builds(AwsChange, MOMENTS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS)


REMEDIATIONS: Final = st.builds(
    Remediation,
    WORDS,
    WORDS,
    COUNTS,
    left=st.lists(st.builds(LeftAlone, TARGETS, st.lists(NAMES).map(tuple), WORDS), max_size=2).map(tuple),
    refusals=st.lists(WORDS, max_size=2).map(tuple),
    exit_code=st.sampled_from(ExitCode),
)


@st.composite
def facts(draw: st.DrawFn, names: Sequence[str]) -> FleetFacts:
    """What is known of a run, and of its findings (by fingerprint)."""
    chosen = st.frozensets(st.sampled_from(names)).map(lambda some: [name for name in names if name in some])
    chosen = chosen if names else st.just([])
    ages = {name: Age(draw(st.sampled_from(("new", "known"))), draw(MOMENTS)) for name in draw(chosen)}
    blames = {name: Blame(tuple(draw(st.lists(AWS_CHANGES, max_size=2))), draw(WORDS)) for name in draw(chosen)}
    return FleetFacts(
        RunFacts(draw(SECONDS), draw(USAGES), draw(WORDS)),
        tuple(draw(st.lists(IGNORED, max_size=2))),
        draw(st.none() | st.builds(Ages, st.just(ages), st.lists(RESOLVED, max_size=2).map(tuple), MOMENTS)),
        draw(st.none() | st.just(blames)),
        draw(st.none() | st.builds(CoverageCount, COUNTS, COUNTS)),
        draw(st.none() | st.just(Shard(1, 1))),
        configuration=draw(WORDS),
        scope=draw(WORDS),
        skipped=draw(WORDS),
        remediation=draw(st.none() | REMEDIATIONS),
    )


@st.composite
def drifts(draw: st.DrawFn) -> Drift:
    """A run's result, in the order of reports."""
    targets = [draw(target_drifts(target)) for target in draw(st.lists(TARGETS, max_size=3, unique_by=_api))]
    drift = in_report_order(
        Drift(
            tuple(targets),
            tuple(draw(st.lists(failures(), max_size=3))),
            tuple(draw(st.lists(DIAGNOSTICS, max_size=3))),
            draw(MOMENTS),
            tuple(stage for target in targets for stage in draw(stage_drifts(target))),
            tuple(draw(st.lists(st.builds(StageFailure, st.sampled_from(("live", "beta")), failures()), max_size=2))),
        )
    )
    return replace(
        drift, facts=draw(facts([*dict.fromkeys(finding.fingerprint for finding in document(drift).findings)]))
    )


def _api(target: Target) -> object:
    return target.account_id, target.region, target.api_id


def document(drift: Drift) -> DriftDocument:
    """The report of a drift."""
    return document_of_drift(drift)

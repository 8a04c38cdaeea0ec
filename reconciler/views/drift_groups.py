"""The findings of a drift report, each as what differs and where: what is equal in several places is shown once."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.findings import DECLARED_ABSENT, Finding, StageDrift, TargetDrift, Type, by_target, essence
from reconciler.fleet.ages import Age
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import error_fingerprint, fingerprint, lag_fingerprint
from reconciler.models.targets import Target
from reconciler.render.grouping import Repeated, repeated
from reconciler.views.drift_lines import IN_AWS, ON_STAGE


@dataclass(frozen=True, slots=True)
class DriftContent:
    """What differs, regardless of where. `is_served`: on a stage, not in the draft.

    `changes` are as in a finding; () if a path or method is gone as a whole, which `note` says. `rule` and `remedy` are
    of an error.
    """

    type: Type
    subject: str
    note: str = ""
    changes: tuple[FieldChange, ...] = ()
    is_served: bool = False
    rule: str = ""
    remedy: str = ""

    @property
    def kind(self) -> str:
        """What kind of difference it is, in words."""
        return (ON_STAGE if self.is_served else IN_AWS)[self.type]

    @property
    def title(self) -> str:
        """What differs, in words."""
        says_kind = self.subject == "response" and self.note != DECLARED_ABSENT
        return ": ".join(filter(None, (self.kind if says_kind else "", self.note)))


@dataclass(frozen=True, slots=True)
class Site:
    """An account and region as an environment reaches it; "" and None as far as they are unknown."""

    environment: str | None
    region: str
    account_id: str
    is_protected: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.environment, self.region)))


@dataclass(frozen=True, slots=True)
class DriftPlace:
    """Where something differs: `name` is a response in its manifest, as in `GET /pets 404`, "" for the whole manifest.

    `stage` is "" for the draft, and `also_on` names the stages with the same difference.
    """

    site: Site
    manifest: str
    name: str
    stage: str = ""
    also_on: tuple[str, ...] = ()
    location: Location | None = None
    age: Age | None = None
    blame: Blame | None = None

    @property
    def address(self) -> str:
        """The response with its manifest, as in `petstore: GET /pets 404`."""
        return f"{self.manifest}: {self.name}" if self.name else self.manifest


Placed: TypeAlias = tuple[DriftContent, DriftPlace]
DriftGroup: TypeAlias = Repeated[DriftContent, DriftPlace]


def drift_groups(placed: Iterable[Placed]) -> list[DriftGroup]:
    """Group equal findings: what could not be compared first, then what differs in the most places."""
    return sorted(repeated(placed), key=lambda group: group.content.type is not Type.ERROR)


def placed_findings(drift: Drift) -> Iterator[Placed]:
    """Yield everything that was found, with what could not be compared, and with what is known of it."""
    known = _Known(drift.facts)
    served = _served(drift.stages)
    for target in drift.targets:
        yield from (_of_draft(target, finding, known, served) for finding in target.findings)
    drafts = by_target(drift.targets)
    for stage in drift.stages:
        yield from _of_stage(stage, drafts[stage.drift.target], known)
    for failure in drift.unread:
        yield from _of_failure(failure, "", known)
    for lost in drift.lost:
        yield from _of_failure(lost.unread, lost.stage, known)
    for problem in drift.problems:
        file = problem.location.file if problem.location else problem.rule.id
        place = DriftPlace(
            Site(None, "", ""), file, "", location=problem.location, age=known.age_of_error(None, "", file)
        )
        yield DriftContent(Type.ERROR, "target", problem.message, rule=problem.rule.id, remedy=problem.remedy), place


@dataclass(frozen=True, slots=True)
class _Known:
    """What the facts of a run say about its findings."""

    facts: FleetFacts

    def of(self, name: str) -> tuple[Age | None, Blame | None]:
        """Return age and blame of a finding by its fingerprint."""
        ages, blames = self.facts.ages, self.facts.blames
        return ages.by_fingerprint.get(name) if ages else None, blames.get(name) if blames else None

    def of_finding(self, target: Target, finding: Finding, stage: str) -> tuple[Age | None, Blame | None]:
        """Return age and blame of a difference."""
        is_known = self.facts.ages or self.facts.blames
        return self.of(fingerprint(target, finding, stage)) if is_known else (None, None)

    def age_of_error(self, environment: str | None, region: str, address: str, stage: str = "") -> Age | None:
        """Return the age of what could not be compared."""
        return self.of(error_fingerprint(environment, region, address, stage))[0] if self.facts.ages else None


def writes(places: Iterable[DriftPlace]) -> list[tuple[AwsChange, Site]]:
    """Return every write that may have caused one of the findings once, the latest first, with where it was."""
    sites: dict[AwsChange, Site] = {}
    for place in places:
        for change in place.blame.changes if place.blame else ():
            sites.setdefault(change, place.site)
    return sorted(sites.items(), key=lambda item: item[0].at, reverse=True)


def site_of(target: Target) -> Site:
    """Return where an API is."""
    return Site(target.environment, target.region, target.account_id, target.is_protected)


def _served(stages: Iterable[StageDrift]) -> Mapping[Target, Mapping[Hashable, list[str]]]:
    """The stages that have each difference, API by API."""
    served: dict[Target, dict[Hashable, list[str]]] = {}
    for stage in stages:
        of_target = served.setdefault(stage.drift.target, {})
        for finding in stage.drift.findings:
            of_target.setdefault(essence(finding), []).append(stage.name)
    return served


def _of_draft(
    target: TargetDrift, finding: Finding, known: _Known, served: Mapping[Target, Mapping[Hashable, list[str]]]
) -> Placed:
    stages = served.get(target.target)
    also_on = tuple(stages.get(essence(finding), ())) if stages else ()
    return content_of(finding), _place(target.target, finding, "", also_on, known)


def _of_stage(stage: StageDrift, drafts: Sequence[TargetDrift], known: _Known) -> Iterator[Placed]:
    target = stage.drift.target
    for finding in stage.beyond(drafts):
        yield content_of(finding, is_served=True), _place(target, finding, stage.name, (), known)
    if stage.lag:
        manifest = stage.drift.manifests[0]
        age, blame = known.of(lag_fingerprint(target, stage.name))
        place = DriftPlace(
            site_of(target), manifest.name, "listed responses", stage.name, (), manifest.location, age, blame
        )
        yield DriftContent(Type.CHANGED, "stage", stage.lag, is_served=True), place


def _place(target: Target, finding: Finding, stage: str, also_on: tuple[str, ...], known: _Known) -> DriftPlace:
    age, blame = known.of_finding(target, finding, stage)
    return DriftPlace(site_of(target), finding.manifest, finding.name, stage, also_on, finding.source, age, blame)


def content_of(finding: Finding, *, is_served: bool = False) -> DriftContent:
    """Return what a finding says, without its place; a path that is gone takes all its responses with it."""
    is_gone = finding.type is Type.MISSING and finding.note and finding.subject == "response"
    changes = () if is_gone else finding.changes
    return DriftContent(finding.type, finding.subject, finding.note, changes, is_served)


def _of_failure(unread: ReadFailure, stage: str, known: _Known) -> Iterator[Placed]:
    site = Site(unread.environment, unread.region, unread.account_id)
    failure = unread.failure
    content = DriftContent(
        Type.ERROR, "stage" if stage else "target", failure.message, rule=failure.rule.id, remedy=failure.remedy
    )
    for manifest in unread.manifests:
        age = known.age_of_error(unread.environment, unread.region, manifest, stage)
        yield content, DriftPlace(site, manifest, "", stage, (), unread.location, age)

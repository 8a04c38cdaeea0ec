"""Text that wants to be more than text, and everything that a command may tell, made of it."""

from dataclasses import replace
from functools import cache
from typing import Final

from hypothesis import strategies as st

from reconciler.apply import ActionResult, Outcome, Published
from reconciler.deployments import Item, StagePlan
from reconciler.diagnostics import Location, error, warning
from reconciler.diff import FieldChange
from reconciler.engine.apply import Applied
from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.result import Drift
from reconciler.engine.plan import Planned
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.review.review import ReviewResult
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.engine.validate import Validation
from reconciler.errors import AwsError
from reconciler.findings import StageDrift, find_drift
from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.coverage import (
    ApiCoverage,
    CoverageFailure,
    Exemption,
    MethodCoverage,
    RegionCoverage,
    UnlistedMethod,
)
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.trend import TrendPoint
from reconciler.guard import Refusal, Verdict
from reconciler.invocation import Invocation
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired, ManifestRef, Origin, Ownership
from reconciler.models.keys import MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Stage
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.plan import Plan, make_plan
from reconciler.plan.causes import Cause
from reconciler.ports import Usage
from reconciler.render.logs import without_commands
from reconciler.review import ApiLocation, ConfigurationChange, PlacedReview, Review, State, compare_desired
from reconciler.rules import GuardRule, InputRule, LintRule, RunRule
from reconciler.views.apply import ApplyFollowUp, apply_parts
from reconciler.views.coverage import coverage_parts
from reconciler.views.drift import drift_parts
from reconciler.views.plan import plan_parts
from reconciler.views.review import review_parts
from reconciler.views.validate import validate_parts
from reconciler.views.view import ReportParts, renderings
from support.live import live_of

TEXTS: Final = (
    "```\n</details>\n# out",
    "````````",
    "~~~",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></summary></code></pre>",
    "::error::hacked",
    "\n::error file=x,line=1::hacked",
    "  ::add-mask::a",
    "##[error]hacked",
    "##vso[task.complete result=Succeeded]",
    "@someone",
    "#123",
    "/close",
    "]]>",
    "-->",
    "<!--",
    "\x1b[31mred\x1b]8;;http://x\x07",
    "\u202egnihsif\u2066",
    "nul\0",
    "\r\n",
    "\u2028",
    "\ud800",
    "\ufffe",
    "%0A%25",
    "a:b,c",
    "{0} [a](http://b) ![c](d)",
    "https://example.com",
    "| --- |",
    "&lt;",
    "\\",
    "* _ ~~",
    "@@ -1 +1 @@",
    "\x02create\x03x\x04",
)
"""What has a meaning in one of the formats, or in the log of a job."""

COMMANDS: Final = ("validate", "review", "plan", "drift", "apply", "coverage")


LONGEST: Final = 80
"""Characters: a comment leaves out lines where it would be too long."""


def texts() -> st.SearchStrategy[str]:
    """Some of them, in a row; anything else now and then."""
    parts = st.one_of(st.sampled_from(TEXTS), st.sampled_from(("`", " ", "\n", ":", "#", "a")), st.text(max_size=5))
    joined = st.lists(parts, min_size=1, max_size=4).map("".join)
    return joined.map(lambda text: text[:LONGEST]).filter(str.strip)


def parts_of(command: str, text: str) -> ReportParts:
    """What a command tells of a world in which everything that comes from outside holds this text."""
    scope = MethodKey(f"/{text}", "GET")
    target = Target("123456789012", "eu-west-1", text, api_name=text, environment=text)
    desired = _desired(text, scope)
    live = LiveApi(target, frozenset({scope.path}), live_of({scope: _live(text)}).methods)
    planned = _planned(text, desired, live)
    unread = ReadFailure((text,), AwsError(text, text), Location(text, 3), text)
    match command:
        case "validate":
            return validate_parts(Validation(1, 2, planned.diagnostics), text)
        case "review":
            return review_parts(ReviewResult(_review(text, scope), planned.diagnostics), text)
        case "plan":
            return plan_parts(planned, text)
        case "drift":
            return drift_parts(_drift(text, desired, live, (unread,)), text)
        case "apply":
            applied = _applied(text, planned, unread)
            return apply_parts(applied, text, _follow_up(text, applied))
        case "coverage":
            return coverage_parts(_coverage(text, scope), text, Invocation(profile=text))
        case _:
            raise ValueError(command)


def _coverage(text: str, scope: MethodKey) -> ManifestCoverage:
    rule = Exemption(text, text, text)
    methods = (UnlistedMethod(scope, text, text), UnlistedMethod(MethodKey(f"/{text}2", "GET"), text, text, rule))
    apis = (
        ApiCoverage(Kind.REST_API, text, text, text),
        ApiCoverage(Kind.REST_API, f"{text}2", text, exemption=rule),
        ApiCoverage(Kind.REST_API, f"{text}3", text, "", (text,), (text,), methods=MethodCoverage(1, methods)),
    )
    failure = CoverageFailure(AwsError(text, text), (text,), text, text, Kind.REST_API)
    region = RegionCoverage(text, text, (text,), apis)
    return ManifestCoverage((region, region), (failure,), (), text, has_methods=True)


def _drift(text: str, desired: Desired, live: LiveApi, unread: tuple[ReadFailure, ...]) -> Drift:
    draft = find_drift(desired, live)
    name = fingerprint(draft.target, draft.findings[0])
    blame = Blame((AwsChange(text, text, text, text, text, text, text),), text)
    resolved = Resolved("", "changed", text, text, text, text, text, text)
    facts = FleetFacts(
        RunFacts(1.0, Usage(1, 1), text),
        (IgnoredResponses(text, (text,), text, text, text, text, (text,), Location(text, 7, 3)),),
        Ages({name: Age("known", text)}, (resolved,), text),
        {name: blame},
        configuration=text,
        skipped=text,
        trend=(TrendPoint(text, 1, 2, 3, 4),),
    )
    problems = _planned(text, desired, live).diagnostics
    served = find_drift(desired, replace(live, methods={}))
    return Drift(
        (draft,), unread, problems, text, (StageDrift(text, served, text),), (StageFailure(text, unread[0]),), facts
    )


def _desired(text: str, scope: MethodKey) -> Desired:
    wanted = {"200": _response(text, "a"), "404": _response(text, "b")}
    place = Location(text, 7, 3)
    return Desired(
        (ManifestRef(text, ApiRef(name=text), location=place, stages=(text,)),),
        {scope: Ownership(text, location=place, method_responses="ensure")},
        {ResponseKey(scope, code): response for code, response in wanted.items()},
        origins={
            (ResponseKey(scope, code), path): Origin(place, text)
            for code in wanted
            for path in ("", "selectionPattern", f"responseTemplates.{text}")
        },
    )


def _live(text: str) -> dict[str, RestResponse]:
    return {"200": _response(text, "c"), "500": _response(text, "d")}


def _response(text: str, sign: str) -> RestResponse:
    return RestResponse(
        f"{text}{sign}",
        text,
        {f"method.response.header.{text}": f"'{text}{sign}'"},
        {text: f"{text}\n{sign}\n{text}", f"{text}2": f"{text}{sign}"},
    )


def _planned(text: str, desired: Desired, live: LiveApi) -> Planned:
    place = Location(text, 7, 3)
    found = (
        error(InputRule.SYNTAX, text, text, place, text),
        warning(LintRule.REMAPPED_HEADER, text, text, place),
        warning(RunRule.AWS, text, text),
    )
    one = make_plan(desired, live)
    refusals = (Refusal(GuardRule.EMPTY_METHOD, f"{text}, {one.target}", text),)
    waivers = (Refusal(GuardRule.MAX_DELETE, text, text),)
    late = Deferred(ResponseKey(MethodKey(f"/{text}3", "GET"), "200"), text, _response(text, "f"), text, place)
    made = replace(one, causes={action.key: Cause.BOTH for action in one.actions}, deferred=(late,))
    return Planned(Plan((made,)), Verdict(refusals, waivers), found, text, stages=(_stage(text, live),))


def _stage(text: str, live: LiveApi) -> StagePlan:
    (scope,) = live.methods
    change = FieldChange(f"responseTemplates.{text}", f"{text}a", f"{text}b")
    items = (
        Item("response", "update", f"{text}: {scope} 200", scope, "200", (change,), text),
        Item("api", "update", f"{text}: {text}", None, "", (change,), text),
    )
    return StagePlan(live.target, (text,), text, Stage(text, text, message=text), items)


def _review(text: str, scope: MethodKey) -> Review:
    desired = _desired(text, scope)
    other = MethodKey(f"/{text}2", "GET")
    was = {ResponseKey(scope, code): one for code, one in _live(text).items()}
    owns: dict[Scope, Ownership] = {scope: Ownership(text, prune=False, own=(text,)), other: Ownership(text)}
    before = replace(desired, owns=owns, responses={**was, ResponseKey(other, "200"): _response(text, "e")}, origins={})
    apis = (
        PlacedReview(ApiLocation(text, text, Kind.REST_API, text), compare_desired(before, desired), instead_of=text),
        PlacedReview(ApiLocation(text, f"{text}2", Kind.REST_API, text), compare_desired(None, desired), is_new=True),
    )
    changes = (ConfigurationChange(text, text, "regions", text, f"{text}2"),)
    return Review(State(text, "0" * 40, is_fork=True), State(text, "1" * 40), (text, f"{text}2"), apis, changes)


def _applied(text: str, planned: Planned, unread: ReadFailure) -> Applied:
    results = (
        ActionResult.APPLIED,
        ActionResult.FAILED,
        ActionResult.UNKNOWN,
        ActionResult.NOT_RUN,
        ActionResult.SKIPPED,
    )
    actions = [(number, action) for number, _, action in planned.plan.numbered()]
    outcomes = tuple(
        Outcome(number, action, results[at % len(results)], text) for at, (number, action) in enumerate(actions)
    )
    stages = tuple(
        Published(planned.stages[0], text, text, result, text) for result in (*results, ActionResult.APPLIED)
    )
    undone = replace(stages[0], is_verified=False)
    return Applied(planned, outcomes, planned.plan.targets, (unread,), published=(*stages, undone))


def _follow_up(text: str, applied: Applied) -> ApplyFollowUp:
    return ApplyFollowUp(text, RolledBack(text, applied=applied))


@cache
def shown(text: str, command: str, format_: str) -> str:
    """What is printed of it."""
    parts = parts_of(command, text)
    return without_commands(renderings(_unused, _unused, lambda: parts)[format_](), format_)


def _unused() -> str:
    raise NotImplementedError

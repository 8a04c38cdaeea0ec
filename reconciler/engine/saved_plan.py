"""A saved plan: what was reviewed is what runs.

Promise: a saved plan is never run. Its request is asked again, of the manifests and of AWS as they are now, and the
plan that this gives is run only if it is the same work: the same targets, wishes, live state of the listed methods, and
actions. What is not the same is said, and nothing is written. An API that is as the plan wants it already is the same:
a plan that was carried out leaves nothing to do, and one that stopped between two APIs goes on.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Final

from reconciler.deployments import StagePlan
from reconciler.documents import PlanDocument, RequestDocument
from reconciler.documents.canonical import TargetForm, TargetId, canonical, target_id
from reconciler.documents.parts import ResponseTarget
from reconciler.documents.plan import DeferredDocument, plan_document
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan_again, with_causes
from reconciler.engine.read.baseline import path_exists
from reconciler.engine.read.read import TargetState, target_state
from reconciler.errors import Refused, UsageError
from reconciler.invocation import Invocation
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.targets import Coordinates
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.actions import Action
from reconciler.plan.causes import Cause
from reconciler.ports import Clock, Cloud, Files

_ELSEWHERE: Final = "apply it in the folder in which it was made, or make another plan"
_DRIFTED: Final = "AWS does not hold any more what the plan was made from"


def saved(planned: Planned, request: Request, files: Files) -> PlanDocument:
    """The plan as it is saved: with its request."""
    document = plan_document(planned.plan, planned.created_at, planned.verdict, planned.diagnostics, planned.stages)
    return document.model_copy(update={"request": _request_document(request, files)})


def _request_document(request: Request, files: Files) -> RequestDocument:
    here = files.real(".")
    touched = request.touched
    return RequestDocument(
        paths=[_from(here, path) for path in request.paths],
        config=None if request.config is None else _from(here, request.config),
        environments=list(request.environments),
        variables=dict(request.variables),
        selectors=[dict(selector) for selector in request.selectors],
        only=list(request.only),
        touched=None if touched is None else sorted(os.path.relpath(one, here) for one in touched),
        force=sorted(request.forced),
        region=request.coordinates.region,
        profile=request.coordinates.profile,
        allow_missing=request.allow_missing,
        deploy=request.deploys,
        stages=list(request.stages),
        publish_all=request.publish_all,
        writes=request.writes,
    )


def _from(here: str, path: str) -> str:
    """A PATH as it is found from another checkout of the same repository, too."""
    return os.path.relpath(path, here) if PurePath(path).is_absolute() and PurePath(path).is_relative_to(here) else path


def asked_again(document: RequestDocument, given: Request, files: Files) -> Request:
    """The request of a saved plan; of what is `given` now, only how to reach AWS counts, and wins.

    No endpoint is taken from a file: it says where credentials are used.
    """
    here = PurePath(files.real("."))
    now = given.coordinates
    coordinates = Coordinates(now.region or document.region, now.profile or document.profile, now.endpoint_url)
    touched = document.touched
    return Request(
        tuple(document.paths),
        coordinates,
        forced=tuple(document.force),
        parallelism=given.parallelism,
        config=document.config,
        environments=tuple(document.environments),
        variables=document.variables,
        selectors=tuple(document.selectors),
        only=tuple(document.only),
        touched=None if touched is None else frozenset(files.real(str(here / one)) for one in touched),
        process=given.process,
        allow_missing=document.allow_missing,
        deploys=document.deploy,
        stages=tuple(document.stages),
        publish_all=document.publish_all,
        writes=document.writes,
        invocation=_invocation(document, given.invocation),
    )


def _invocation(document: RequestDocument, now: Invocation) -> Invocation:
    """The command line that asks for the same again; how to reach AWS is as it is `now`."""
    return replace(
        now,
        paths=tuple(document.paths),
        config=document.config,
        environments=tuple(document.environments),
        variables=tuple(map(_pair, document.variables.items())),
        selectors=tuple(",".join(map(_pair, selector.items())) for selector in document.selectors),
        only=tuple(document.only),
        region=now.region or document.region,
        profile=now.profile or document.profile,
    )


def _pair(item: tuple[str, str]) -> str:
    return "=".join(item)


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """A saved plan, and how old it may be; None: however old it is."""

    document: PlanDocument
    max_age: timedelta | None = None


def plan_saved(reviewed: ApprovedPlan, request: Request, cloud: Cloud, files: Files, clock: Clock) -> Planned:
    """Plan again what a saved plan was made for; `request` is what `asked_again` returns.

    `stale_reasons` of the result say why it is not the same work; such a plan is not carried out. Raises Refused where
    credentials or region lead to another place than the plan's, and where its manifests are not found.
    """
    places = frozenset((target.account_id, target.region) for target in reviewed.document.targets)
    _check_found(request, files)
    again = replace(request, places=places, awaited=_awaited(reviewed.document))
    try:
        fresh = plan_again(again, cloud, files, clock)
    except UsageError as failure:  # the options are the plan's: nobody typed them now
        raise Refused(f"the plan cannot be made again: {failure.message}", _ELSEWHERE) from failure
    planned = with_causes(fresh, _told(reviewed.document), request)
    return planned if planned.has_errors else replace(planned, stale_reasons=tuple(_stale_reasons(reviewed, planned)))


def _stale_reasons(reviewed: ApprovedPlan, planned: Planned) -> Iterator[str]:
    then = tuple(map(_as_then, planned.reads))
    stages = tuple(map(_stage_then, planned.stages))
    before = canonical(reviewed.document)
    after = canonical(plan_document(_planned(then), planned.created_at, stages=stages))
    if planned.is_empty and _wishes(before) == _wishes(after):
        return  # it is carried out already, however old it is and whatever it still waits for
    yield from _reasons(reviewed, planned, then)
    yield from differences(before, after)


def _check_found(request: Request, files: Files) -> None:
    asked = [*request.paths, *([request.config] if request.config else [])]
    if lost := [path for path in asked if not path_exists(path, files)]:
        raise Refused(f"the plan was made of {', '.join(lost)}: not there, or not in this folder", _ELSEWHERE)


def _planned(reads: Sequence[TargetState]) -> Plan:
    return Plan(tuple(make_plan(read.desired, read.live, read.deferred) for read in reads))


def _told(document: PlanDocument) -> Callable[[TargetPlan, Action], Cause | None]:
    """The causes that the saved plan told: without its base nobody can tell them again."""
    known = {(target_id(one.target), one.address): Cause(one.cause) for one in document.actions if one.cause}
    return lambda one, action: known.get((target_id(one.target), action.address))


def _wishes(forms: Mapping[TargetId, TargetForm]) -> Mapping[TargetId, object]:
    """What is wanted, whatever is live."""
    return {target: _wish(form) for target, form in forms.items()}


def _wish(form: TargetForm) -> object:
    return form.manifests, form.desired_digest, form.deferred


def _reasons(reviewed: ApprovedPlan, planned: Planned, then: Sequence[TargetState]) -> Iterator[str]:
    """What speaks against a plan beside that it is not the same any more."""
    document = reviewed.document
    yield from _age(reviewed, planned.created_at)
    if document.refusals:
        rules = ", ".join(sorted({refusal.rule for refusal in document.refusals}))
        yield f"the plan was refused when it was made ({rules}); make it again, with --force if this is intended"
    for now, before in zip(planned.reads, then, strict=True):
        yield from _unknown(now, before)


def _awaited(document: PlanDocument) -> Mapping[TargetId, Collection[str]]:
    """What each API is said to lack: the names of methods, routes and integrations."""
    awaited: dict[TargetId, set[str]] = {}
    for one in document.deferred:
        awaited.setdefault(target_id(one.target), set()).add(_scope(one))
    return awaited


def _stage_then(one: StagePlan) -> StagePlan:
    """What would be published but for the methods that came meanwhile."""
    return replace(one, items=tuple(item for item in one.items if not item.is_awaited))


def _as_then(read: TargetState) -> TargetState:
    """The API as far as it can be compared with the plan: as if what the plan waited for were not there."""
    waited = read.request.awaited
    if not waited:
        return read
    live = read.live
    methods = {scope: method for scope, method in live.methods.items() if not _names(scope) & set(waited)}
    routes = {route: target for route, target in live.routes.items() if route not in waited}
    ids = {f"integration {target}" for target in routes.values()} - set(waited)
    kept = {scope: method for scope, method in live.methods.items() if _names(scope) & ids}
    return target_state(read.request, replace(live, methods={**methods, **kept}, routes=routes))


def _names(scope: Scope) -> set[str]:
    """What a manifest may call a method or an integration."""
    return {str(scope), *({f"integration {scope.id}"} if isinstance(scope, IntegrationKey) else ())}


def _age(reviewed: ApprovedPlan, now: str) -> Iterator[str]:
    if reviewed.max_age is None:
        return
    made = _moment(reviewed.document.created_at)
    if made is None:
        yield f"nobody knows when the plan was made, and it may be {_duration(reviewed.max_age)} old at most"
        return
    age = datetime.fromisoformat(now) - made
    if -age > reviewed.max_age:
        yield f"the plan was made {_duration(-age)} from now: the clock here is wrong, or was where it was made"
    if age > reviewed.max_age:
        yield f"the plan was made {_duration(age)} ago, and may be {_duration(reviewed.max_age)} old at most"


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _duration(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for unit, word in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {word}"
    return f"{seconds} s"


def differences(before: Mapping[TargetId, TargetForm], after: Mapping[TargetId, TargetForm]) -> Iterator[str]:
    """In what two canonical forms differ, a sentence for each target and cause."""
    for target in sorted(before.keys() - after.keys()):
        yield f"{target} was planned for, and is not reached any more"
    for target in sorted(after.keys() - before.keys()):
        yield f"{target} is reached now, and was not planned for"
    for target, was in before.items():
        if target in after:
            yield from _of_target(target, was, after[target])


def _is_done(was: TargetForm, now: TargetForm) -> bool:
    """Whether all is written there already, by an earlier apply of the same plan as a rule.

    What is to be published may still be due, if it is what was reviewed.
    """
    is_published = not any(stage["due"] for stage in now.stages)
    return not now.actions and _wish(was) == _wish(now) and (is_published or was.stages == now.stages)


def _of_target(target: TargetId, was: TargetForm, now: TargetForm) -> Iterator[str]:
    if _is_done(was, now):
        return
    names = ", ".join(now.manifests)
    changed = False
    if _wish(was) != _wish(now):
        changed = True
        yield f"{names}, {target}: the manifests do not say any more what the plan was made from"
    if was.live_digest != now.live_digest:
        changed = True
        yield f"{names}, {target}: {_DRIFTED}"
    if was.stages != now.stages:
        changed = True
        yield f"{names}, {target}: a deployment would not publish what the plan shows"
    if not changed and was.actions != now.actions:
        yield f"{names}, {target}: the same would be done otherwise: ids in AWS are others, or this version is"


def _scope(one: DeferredDocument) -> str:
    """A method as `Scope.__str__` writes it."""
    if isinstance(one.target, ResponseTarget):
        return f"{one.target.method} {one.target.path}"
    return one.target.route_key or f"integration {one.target.integration_id}"


def _unknown(now: TargetState, then: TargetState) -> Iterator[str]:
    """What the methods that came meanwhile hold or are, and the plan knows nothing of."""
    arrived = sorted(now.desired.owns.keys() - then.desired.owns.keys())
    for scope in arrived:
        wanted = {key.code: response for key, response in now.desired.responses.items() if key.scope == scope}
        address, found = now.desired.method_address(scope), now.live.methods[scope]
        if found.is_proxy:
            yield f"{address} is there now with a proxy integration, which the plan does not know"
        for code, response in found.responses.items():
            if wanted.get(code) != response:
                yield f"{address} is there now and holds a {code} that the plan does not know"

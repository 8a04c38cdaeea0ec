"""A saved plan: what was reviewed is what runs.

A saved plan is never executed. Its request is made again, of the manifests and of AWS as they are now, and the new plan
is executed only if it is the same work: the same targets, desired state, live state of the listed methods, and actions.
Otherwise the differences are reported and nothing is written. An API that is already as the plan wants it counts as the
same: a plan that was carried out leaves nothing to do, and one that stopped between two APIs goes on.
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

_ELSEWHERE: Final = "apply it in the folder where it was made, or make a new plan"
_DRIFTED: Final = "AWS has changed since the plan was made"


def saved_document(planned: Planned, request: Request, files: Files) -> PlanDocument:
    """Return the plan as it is saved: with its request."""
    document = plan_document(
        planned.plan, planned.created_at, planned.verdict, planned.diagnostics, planned.stages, effects=planned.effects
    )
    return document.model_copy(update={"request": _request_document(request, files)})


def _request_document(request: Request, files: Files) -> RequestDocument:
    folder = files.real(".")
    touched = request.touched
    return RequestDocument(
        paths=[_from(folder, path) for path in request.paths],
        config=None if request.config is None else _from(folder, request.config),
        environments=list(request.environments),
        variables=dict(request.variables),
        selectors=[dict(selector) for selector in request.selectors],
        only=list(request.only),
        touched=None if touched is None else sorted(os.path.relpath(file, folder) for file in touched),
        force=sorted(request.forced),
        region=request.coordinates.region,
        profile=request.coordinates.profile,
        allow_missing=request.allow_missing,
        deploy=request.deploys,
        stages=list(request.stages),
        publish_all=request.publish_all,
        writes=request.writes,
    )


def _from(folder: str, path: str) -> str:
    """Return a PATH so that it is found in another checkout of the same repository, too."""
    return (
        os.path.relpath(path, folder)
        if PurePath(path).is_absolute() and PurePath(path).is_relative_to(folder)
        else path
    )


def saved_request(document: RequestDocument, base_request: Request, files: Files) -> Request:
    """Return the request of a saved plan. Of `base_request`, only the AWS settings count, and they win.

    An endpoint is never taken from a file: credentials are sent there.
    """
    folder = PurePath(files.real("."))
    override = base_request.coordinates
    coordinates = Coordinates(
        override.region or document.region, override.profile or document.profile, override.endpoint_url
    )
    touched = document.touched
    return Request(
        tuple(document.paths),
        coordinates,
        forced=tuple(document.force),
        parallelism=base_request.parallelism,
        config=document.config,
        environments=tuple(document.environments),
        variables=document.variables,
        selectors=tuple(document.selectors),
        only=tuple(document.only),
        touched=None if touched is None else frozenset(files.real(str(folder / file)) for file in touched),
        process=base_request.process,
        allow_missing=document.allow_missing,
        deploys=document.deploy,
        stages=tuple(document.stages),
        publish_all=document.publish_all,
        writes=document.writes,
        invocation=_invocation(document, base_request.invocation),
    )


def _invocation(document: RequestDocument, current: Invocation) -> Invocation:
    """Return the command line that asks for the same again; how to reach AWS is taken from `current`."""
    return replace(
        current,
        paths=tuple(document.paths),
        config=document.config,
        environments=tuple(document.environments),
        variables=tuple(map(_pair, document.variables.items())),
        selectors=tuple(",".join(map(_pair, selector.items())) for selector in document.selectors),
        only=tuple(document.only),
        region=current.region or document.region,
        profile=current.profile or document.profile,
    )


def _pair(item: tuple[str, str]) -> str:
    return "=".join(item)


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """A saved plan, and how old it may be; None for any age."""

    document: PlanDocument
    max_age: timedelta | None = None


def plan_saved(reviewed: ApprovedPlan, request: Request, cloud: Cloud, files: Files, clock: Clock) -> Planned:
    """Plan again what a saved plan was made for; `request` is what `saved_request` returns.

    `stale_reasons` of the result say why it is not the same work; such a plan is not carried out. Raises Refused where
    credentials or region lead to another account or region than the plan's, and where its manifests are not found.
    """
    places = frozenset((target.account_id, target.region) for target in reviewed.document.targets)
    _check_found(request, files)
    replanned = replace(request, places=places, awaited=_awaited(reviewed.document))
    try:
        fresh = plan_again(replanned, cloud, files, clock)
    except UsageError as failure:  # the options are the plan's: nobody typed them now
        raise Refused(f"the plan cannot be made again: {failure.message}", _ELSEWHERE) from failure
    planned = with_causes(fresh, _causes(reviewed.document), request)
    planned = replace(planned, protected_names=reviewed.document.protected_names)
    return planned if planned.has_errors else replace(planned, stale_reasons=tuple(_stale_reasons(reviewed, planned)))


def _stale_reasons(reviewed: ApprovedPlan, planned: Planned) -> Iterator[str]:
    approved_states = tuple(map(_as_then, planned.reads))
    stages = tuple(map(_stage_then, planned.stages))
    before = canonical(reviewed.document)
    after = canonical(plan_document(_planned(approved_states), planned.created_at, stages=stages))
    if planned.is_empty and _desired_states(before) == _desired_states(after):
        return  # it is carried out already, however old it is and whatever it still waits for
    yield from _reasons(reviewed, planned, approved_states)
    yield from differences(before, after)


def _check_found(request: Request, files: Files) -> None:
    paths = [*request.paths, *([request.config] if request.config else [])]
    if missing := [path for path in paths if not path_exists(path, files)]:
        raise Refused(f"the plan needs {', '.join(missing)}, which this folder does not have", _ELSEWHERE)


def _planned(reads: Sequence[TargetState]) -> Plan:
    return Plan(tuple(make_plan(read.desired, read.live, read.deferred) for read in reads))


def _causes(document: PlanDocument) -> Callable[[TargetPlan, Action], Cause | None]:
    """Return the causes in the saved plan: without its base they cannot be found again."""
    known = {
        (target_id(action.target), action.address): Cause(action.cause) for action in document.actions if action.cause
    }
    return lambda target, action: known.get((target_id(target.target), action.address))


def _desired_states(forms: Mapping[TargetId, TargetForm]) -> Mapping[TargetId, object]:
    """Return what is wanted of each target, whatever is live."""
    return {target: _desired_state(form) for target, form in forms.items()}


def _desired_state(form: TargetForm) -> object:
    return form.manifests, form.desired_digest, form.deferred


def _reasons(reviewed: ApprovedPlan, planned: Planned, approved_states: Sequence[TargetState]) -> Iterator[str]:
    """Yield what is wrong with a plan besides differences."""
    document = reviewed.document
    yield from _age(reviewed, planned.created_at)
    if document.refusals:
        rules = ", ".join(sorted({refusal.rule for refusal in document.refusals}))
        yield f"the plan was refused when it was made ({rules}); make a new plan, with --force if this is intended"
    for current, before in zip(planned.reads, approved_states, strict=True):
        yield from _unknown(current, before)


def _awaited(document: PlanDocument) -> Mapping[TargetId, Collection[str]]:
    """Return what the plan waits for in each API: the names of methods, routes and integrations."""
    awaited: dict[TargetId, set[str]] = {}
    for deferred in document.deferred:
        awaited.setdefault(target_id(deferred.target), set()).add(_scope(deferred))
    return awaited


def _stage_then(stage: StagePlan) -> StagePlan:
    """Return a stage without what methods that were added since would publish."""
    return replace(stage, items=tuple(item for item in stage.items if not item.is_awaited))


def _as_then(read: TargetState) -> TargetState:
    """Return the API so that it can be compared with the plan: as if what the plan waited for did not exist."""
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
    """Return the names that a manifest may use for a method or an integration."""
    return {str(scope), *({f"integration {scope.id}"} if isinstance(scope, IntegrationKey) else ())}


def _age(reviewed: ApprovedPlan, moment: str) -> Iterator[str]:
    if reviewed.max_age is None:
        return
    created_at = _moment(reviewed.document.created_at)
    if created_at is None:
        yield f"the plan does not say when it was made, and it may be {_duration(reviewed.max_age)} old at most"
        return
    age = datetime.fromisoformat(moment) - created_at
    if -age > reviewed.max_age:
        yield f"the plan was made {_duration(-age)} in the future: one of the two machines has a wrong clock"
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
    """Yield the differences of two canonical forms: a sentence for each target and difference."""
    for target in sorted(before.keys() - after.keys()):
        yield f"{target} is in the plan, but the manifests no longer address it"
    for target in sorted(after.keys() - before.keys()):
        yield f"{target} is addressed by the manifests, but is not in the plan"
    for target, before_form in before.items():
        if target in after:
            yield from _target_differences(target, before_form, after[target])


def _is_done(before: TargetForm, current: TargetForm) -> bool:
    """Whether everything is written already, usually by an earlier apply of the same plan.

    A deployment may still be due, if it publishes what was reviewed.
    """
    is_published = not any(stage["due"] for stage in current.stages)
    return (
        not current.actions
        and _desired_state(before) == _desired_state(current)
        and (is_published or before.stages == current.stages)
    )


def _target_differences(target: TargetId, before: TargetForm, current: TargetForm) -> Iterator[str]:
    if _is_done(before, current):
        return
    names = ", ".join(current.manifests)
    changed = False
    if _desired_state(before) != _desired_state(current):
        changed = True
        yield f"{names}, {target}: the manifests have changed since the plan was made"
    if before.live_digest != current.live_digest:
        changed = True
        yield f"{names}, {target}: {_DRIFTED}"
    if before.stages != current.stages:
        changed = True
        yield f"{names}, {target}: a deployment would publish something other than the plan shows"
    if not changed and before.actions != current.actions:
        reason = "ids in AWS have changed, or another version of reconciler made the plan"
        yield f"{names}, {target}: the actions differ: {reason}"


def _scope(deferred: DeferredDocument) -> str:
    """Return the name of a method, as `Scope.__str__` writes it."""
    target = deferred.target
    if isinstance(target, ResponseTarget):
        return f"{target.method} {target.path}"
    return target.route_key or f"integration {target.integration_id}"


def _unknown(current: TargetState, before: TargetState) -> Iterator[str]:
    """Yield what methods that were added since the plan hold or are, and the plan does not show."""
    arrived = sorted(current.desired.owns.keys() - before.desired.owns.keys())
    for scope in arrived:
        wanted = {key.code: response for key, response in current.desired.responses.items() if key.scope == scope}
        address, method = current.desired.method_address(scope), current.live.methods[scope]
        if method.is_proxy:
            yield f"{address} was added with a proxy integration, which the plan does not show"
        for code, response in method.responses.items():
            if wanted.get(code) != response:
                yield f"{address} was added with a {code} that the plan does not show"

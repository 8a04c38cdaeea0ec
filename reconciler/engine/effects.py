"""Run response tests before and after a change, and compare what clients get.

Only the tests of methods that change run. Before is the live state (`plan`) or the manifests at the base (`review`).
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias, cast

from reconciler.diagnostics import Location
from reconciler.effects import ClientEffect, ClientEffects
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.changes import answer_changes
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import Target
from reconciler.models.views import responses_by_scope
from reconciler.plan import TargetPlan
from reconciler.review import ApiLocation

Responses: TypeAlias = Mapping[Scope, Mapping[str, Response]]


@dataclass(frozen=True, slots=True)
class ChangedApi:
    """An API whose responses change, in one environment; `before` and `after` have the methods that change.

    `file` is that of the configuration. `desired` says where responses are written, and `target` which API it is.
    """

    file: str
    environment: str | None
    desired: Desired
    before: Responses
    after: Responses
    target: Target | None = None

    @property
    def manifests(self) -> AbstractSet[str]:
        """The names of its manifests."""
        return {manifest.name for manifest in self.desired.manifests}

    @property
    def changed(self) -> AbstractSet[Scope]:
        """The methods that change and that clients can call before and after."""
        return self.before.keys() & self.after.keys()


def of_plan(project: ResolvedProject, target: TargetPlan) -> ChangedApi:
    """Return the methods of a target whose responses a plan changes, as they are live and as they will be."""
    methods = target.live.methods
    before: dict[Scope, Mapping[str, Response]] = {
        scope: methods[scope].responses if scope in methods else {}
        for scope in {change.key.scope for change in target.comparison.changes}
    }
    after = {scope: dict(responses) for scope, responses in before.items()}
    for change in target.comparison.changes:
        if change.after is None:
            after[change.key.scope].pop(change.key.code, None)
        else:
            after[change.key.scope][change.key.code] = change.after
    return ChangedApi(project.file, project.name, target.desired, before, after, target.target)


def of_review(location: ApiLocation, base: Desired, head: Desired) -> ChangedApi:
    """Return the methods whose desired responses differ, of those that the manifests list at the base and the head."""
    before, after = responses_by_scope(base), responses_by_scope(head)
    changed = {scope for scope in before.keys() & after.keys() if before[scope] != after[scope]}
    return ChangedApi(
        location.file,
        location.environment,
        head,
        {scope: before[scope] for scope in changed},
        {scope: after[scope] for scope in changed},
    )


def client_effects(apis: Iterable[ChangedApi], tests: Iterable[ReadyTest]) -> ClientEffects:
    """Return what the tests of the changed methods give before and after; tests that change nothing are counted."""
    by_project: dict[tuple[str, str | None], list[ReadyTest]] = {}
    for test in tests:
        by_project.setdefault((test.file, test.environment), []).append(test)
    ran: set[tuple[str, str]] = set()
    effects: list[ClientEffect] = []
    untested: dict[str, None] = {}
    for api in apis:
        tested: set[Scope] = set()
        for test in by_project.get((api.file, api.environment), ()):
            scope = _scope_in(api, test)
            if scope is not None:
                tested.add(scope)
                ran.add((test.source.document.places.file, test.source.title))
                effects.extend(_effect(api, test, scope))
        untested.update(dict.fromkeys(api.desired.method_address(scope) for scope in sorted(api.changed - tested)))
    return ClientEffects(tuple(effects), len(ran), tuple(untested))


def _scope_in(api: ChangedApi, test: ReadyTest) -> Scope | None:
    """Return the changed method that a test calls, under its name in the API; None if it calls none of them."""
    if test.source.document.tests.spec.manifest not in api.manifests:
        return None
    wanted = test.test.scope
    return next((scope for scope in api.changed if _is_same(scope, wanted)), None)


def _is_same(scope: Scope, wanted: Scope) -> bool:
    if isinstance(scope, IntegrationKey) and isinstance(wanted, IntegrationKey):
        return scope.route == wanted.route if wanted.route else scope.id == wanted.id
    return scope == wanted


def _effect(api: ChangedApi, test: ReadyTest, scope: Scope) -> Iterator[ClientEffect]:
    try:
        before, after = (_answer(test, side[scope]) for side in (api.before, api.after))
    except ImpossibleBackend:
        return  # `reconciler test` reports it, whatever changes
    if changes := answer_changes(before, after):
        yield ClientEffect(
            test.source.title,
            api.desired.owns[scope].manifest,
            scope,
            before,
            after,
            changes,
            test.source.location,
            _written(api.desired, scope, after) or _written(api.desired, scope, before),
            api.environment,
            api.target,
        )


def _answer(test: ReadyTest, responses: Mapping[str, Response]) -> Answer:
    # All responses of a method are of one kind
    of_one_kind = cast("Mapping[str, RestResponse] | Mapping[str, WebSocketResponse]", responses)
    return respond(of_one_kind, test.test.exchange)


def _written(desired: Desired, scope: Scope, answer: Answer) -> Location | None:
    """Return where the response is written that an answer comes from."""
    if not isinstance(answer.selected, str):
        return None
    key = ResponseKey(scope, answer.selected)
    return desired.origin(key) if key in desired.responses else None

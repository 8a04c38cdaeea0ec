"""Run response tests before and after a change, and compare what clients get.

Only the tests of methods that change run. Before is the live state (`plan`) or the manifests at the base (`review`).
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.diagnostics import Location
from reconciler.effects import ClientEffect, ClientEffects
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.engine.response_tests.results import answer_of
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.changes import answer_changes
from reconciler.mapping.answer.respond import ImpossibleBackend
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Target
from reconciler.models.views import responses_by_scope
from reconciler.plan import TargetPlan
from reconciler.review import ApiLocation

Responses: TypeAlias = Mapping[Scope, Mapping[str, Response]]


@dataclass(frozen=True, slots=True)
class ChangedApi:
    """An API whose responses change, in one environment; `before` and `after` have the same methods, those that change.

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
    def responses(self) -> Iterator[ResponseKey]:
        """The responses that change, sorted by method and status code."""
        for scope in sorted(self.before):
            before, after = self.before[scope], self.after[scope]
            for code in sorted(before.keys() | after.keys()):
                if before.get(code) != after.get(code):
                    yield ResponseKey(scope, code)


def of_plan(project: ResolvedProject, target: TargetPlan) -> ChangedApi:
    """Return the methods of a target whose responses a plan changes, as they are live and as they will be."""
    changed = {change.key.scope for change in target.comparison.changes}
    methods = target.live.methods
    before: dict[Scope, Mapping[str, Response]] = {
        scope: methods[scope].responses if scope in methods else {} for scope in changed
    }
    after = target.responses_after(changed)
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
        by_project.setdefault((test.project_file, test.environment), []).append(test)
    ran: set[tuple[str, str]] = set()
    effects: list[ClientEffect] = []
    untested: dict[str, None] = {}
    for api in apis:
        selected: set[ResponseKey] = set()
        for test in by_project.get((api.file, api.environment), ()):
            answers = _answers(api, test)
            if answers:
                ran.add((test.source.document.places.file, test.source.title))
                selected.update(answers.selected)
                effects.extend(_effect(api, test, answers))
        untested.update((api.desired.address(key), None) for key in api.responses if key not in selected)
    return ClientEffects(tuple(effects), len(ran), tuple(untested))


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the client of one test gets before and after."""

    scope: Scope
    before: Answer
    after: Answer

    @property
    def selected(self) -> Iterator[ResponseKey]:
        """The responses that the client gets."""
        for answer in (self.before, self.after):
            if isinstance(answer.selected, str):
                yield ResponseKey(self.scope, answer.selected)


def _answers(api: ChangedApi, test: ReadyTest) -> _Answers | None:
    """Return what a test gives; None if it calls no changed method, or cannot run (`reconciler test` reports that)."""
    scope = _scope_in(api, test)
    if scope is None:
        return None
    try:
        return _Answers(scope, answer_of(test, api.before[scope]), answer_of(test, api.after[scope]))
    except ImpossibleBackend:
        return None


def _scope_in(api: ChangedApi, test: ReadyTest) -> Scope | None:
    """Return the changed method that a test calls, under its name in the API; None if it calls none of them."""
    if test.source.document.tests.spec.manifest not in api.manifests:
        return None
    wanted = test.test.scope
    return next((scope for scope in api.before if _is_same(scope, wanted)), None)


def _is_same(scope: Scope, wanted: Scope) -> bool:
    if isinstance(scope, IntegrationKey) and isinstance(wanted, IntegrationKey):
        return scope.route == wanted.route if wanted.route else scope.id == wanted.id
    return scope == wanted


def _effect(api: ChangedApi, test: ReadyTest, answers: _Answers) -> Iterator[ClientEffect]:
    if changes := answer_changes(answers.before, answers.after):
        yield ClientEffect(
            test.source.title,
            api.desired.owns[answers.scope].manifest,
            answers.scope,
            answers.before,
            answers.after,
            changes,
            test.source.location,
            _written(api.desired, answers.scope, answers.after) or _written(api.desired, answers.scope, answers.before),
            api.environment,
            api.target,
        )


def _written(desired: Desired, scope: Scope, answer: Answer) -> Location | None:
    """Return where the response is written that an answer comes from."""
    if not isinstance(answer.selected, str):
        return None
    key = ResponseKey(scope, answer.selected)
    return desired.origin(key) if key in desired.responses else None

"""Decide whether everything that a change would affect has drifted in the same way.

A value in a response set affects all users of the set, and a manifest affects all of its regions. Users that this run
does not read, in other environments or left out by the command line, count as not having drifted.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.engine.adopt.proposal import AdoptRun, NotAdopted, TargetFinding
from reconciler.engine.adopt.references import Reference, References, find_references, reference
from reconciler.engine.read.read import TargetState
from reconciler.findings import Type, find_drift
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.ports import Files


class Consensus:
    """The live values of everything that a run's manifests share."""

    def __init__(self, run: AdoptRun, files: Files) -> None:
        self._run = run
        self._files = files
        self._unanimous: dict[tuple[str, FieldChange, Location], bool] = {}

    @cached_property
    def references(self) -> References:
        """What the manifests share, found on first use."""
        return find_references(self._run.loaded, self._run.request, self._files)

    def is_unanimous(self, target_finding: TargetFinding, change: FieldChange) -> bool:
        """Return whether every response that gets a value from its set has the same live value instead."""
        key = target_finding.key
        origin = target_finding.state.desired.origins.get((key, change.path))
        if origin is None:
            return False
        question = (key.code, change, origin.location)
        if question not in self._unanimous:
            users = self.references.users(key.code, change.path, origin.location)
            self._unanimous[question] = users <= self._changed.get((key.code, change), set()) | self._on_proxies
        return self._unanimous[question]

    @cached_property
    def _changed(self) -> dict[tuple[str, FieldChange], set[Reference]]:
        """The responses by the way in which a field of theirs has changed."""
        users: dict[tuple[str, FieldChange], set[Reference]] = {}
        for state in self._run.states:
            for finding in find_drift(state.desired, state.live).findings:
                if finding.type is Type.CHANGED and finding.subject == "response":
                    for change in finding.changes:
                        users.setdefault((finding.key.code, change), set()).update(_references_to(state, finding.key))
        return users

    @cached_property
    def _on_proxies(self) -> set[Reference]:
        """The responses of proxy integrations, which sets do not apply to."""
        return {
            user
            for state in self._run.states
            for key in state.request.desired.from_sets
            for scope in _bound_scopes(state, key.scope)
            if (method := state.live.methods.get(scope)) and method.is_proxy
            for user in _references_to(state, ResponseKey(scope, key.code))
        }

    def regional_differences(self, chosen: Sequence[TargetFinding]) -> Iterator[NotAdopted]:
        """Return the findings that only some regions of a manifest have: one manifest is for all of them."""
        states: dict[Reference, list[TargetState]] = {}
        for state in self._run.states:
            for scope in state.desired.owns:
                for user in _references_to(state, ResponseKey(scope, "")):
                    states.setdefault(user, []).append(state)
        known = {(id(other.state), *_difference(other)) for other in chosen}
        for target_finding in chosen:
            for user in _references_to(target_finding.state, ResponseKey(target_finding.key.scope, "")):
                others = [state for state in states[user] if (id(state), *_difference(target_finding)) not in known]
                if others:
                    region = others[0].live.target.region
                    reason = f"region {region}, which shares this manifest, has no such finding, or it is not adopted"
                    yield NotAdopted(target_finding, reason)


def _difference(target_finding: TargetFinding) -> tuple[ResponseKey, Type, tuple[FieldChange, ...]]:
    return target_finding.key, target_finding.finding.type, target_finding.finding.changes


def manifest_scopes(state: TargetState, scope: Scope) -> list[Scope]:
    """Return the names of a method or integration in the manifests; an integration may be listed by several routes."""
    if not isinstance(scope, IntegrationKey):
        return [scope]
    return [
        own
        for own in state.request.desired.owns
        if isinstance(own, IntegrationKey)
        and (
            own in (scope, IntegrationKey(scope.route), IntegrationKey(id=scope.id))
            or _id(state, own) == scope.id != ""
        )
    ]


def _bound_scopes(state: TargetState, listed: Scope) -> list[Scope]:
    """Return the names that a listed method or integration has once it is bound to the live state."""
    if not isinstance(listed, IntegrationKey):
        return [listed]
    return [own for own in state.desired.owns if isinstance(own, IntegrationKey) and own.id == _id(state, listed)]


def _id(state: TargetState, scope: IntegrationKey) -> str:
    return scope.id or state.live.routes.get(scope.route, "")


def _references_to(state: TargetState, key: ResponseKey) -> Iterator[Reference]:
    """Return a response under every name that the manifests have for it."""
    for scope in manifest_scopes(state, key.scope):
        yield reference(state.request.account_region.project, state.request.desired, scope, key.code)

"""Whether all agree to whom a change would apply: the regions of a manifest, the users of a response set.

Promise: who is not looked at in this run, in another environment or left out by the command line, does not agree.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.engine.adopt.proposal import AdoptRun, Left, TargetFinding
from reconciler.engine.adopt.references import Reference, References, reference, references
from reconciler.engine.read.read import TargetState
from reconciler.findings import Type, find_drift
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.ports import Files


class Users:
    """The users of what a run's manifests share."""

    def __init__(self, run: AdoptRun, files: Files) -> None:
        self._run = run
        self._files = files
        self._unanimous: dict[tuple[str, FieldChange, Location], bool] = {}

    @cached_property
    def sharing(self) -> References:
        """What manifests share, looked for when somebody asks."""
        return references(self._run.declared, self._run.request, self._files)

    def are_unanimous(self, found: TargetFinding, change: FieldChange) -> bool:
        """Whether everybody who gets a value from its set has the same live value instead."""
        origin = found.read.desired.origins.get((found.key, change.path))
        if origin is None:
            return False
        asked = (found.key.code, change, origin.location)
        if asked not in self._unanimous:
            users = self.sharing.users(found.key.code, change.path, origin.location)
            self._unanimous[asked] = users <= self._changed.get((found.key.code, change), set()) | self._spared
        return self._unanimous[asked]

    @cached_property
    def _changed(self) -> dict[tuple[str, FieldChange], set[Reference]]:
        """Who has a value otherwise, in the same way."""
        users: dict[tuple[str, FieldChange], set[Reference]] = {}
        for read in self._run.reads:
            for finding in find_drift(read.desired, read.live).findings:
                if finding.type is Type.CHANGED and finding.subject == "response":
                    for change in finding.changes:
                        users.setdefault((finding.key.code, change), set()).update(_users_of(read, finding.key))
        return users

    @cached_property
    def _spared(self) -> set[Reference]:
        """Proxy integrations, which sets do not apply to."""
        return {
            one
            for read in self._run.reads
            for key in read.aim.desired.from_sets
            for bound in _bound_scopes(read, key.scope)
            if (method := read.live.methods.get(bound)) and method.is_proxy
            for one in _users_of(read, ResponseKey(bound, key.code))
        }

    def not_alike(self, chosen: Sequence[TargetFinding]) -> Iterator[Left]:
        """What is live in one region and not in another: one manifest is for both."""
        reads: dict[Reference, list[TargetState]] = {}
        for read in self._run.reads:
            for scope in read.desired.owns:
                for one in _users_of(read, ResponseKey(scope, "")):
                    reads.setdefault(one, []).append(read)
        there_too = {(id(one.read), one.key, one.finding.type, one.finding.changes) for one in chosen}
        for found in chosen:
            for one in _users_of(found.read, ResponseKey(found.key.scope, "")):
                alike = (found.key, found.finding.type, found.finding.changes)
                others = [read for read in reads[one] if (id(read), *alike) not in there_too]
                if others:
                    region = others[0].live.target.region
                    yield Left(found, f"it is not so, or not taken, in {region}, for which the manifest is too")


def declared_scopes(read: TargetState, scope: Scope) -> list[Scope]:
    """What the manifests call a method or integration; an integration may go by several routes."""
    if not isinstance(scope, IntegrationKey):
        return [scope]
    return [
        own
        for own in read.aim.desired.owns
        if isinstance(own, IntegrationKey)
        and (
            own in (scope, IntegrationKey(scope.route), IntegrationKey(id=scope.id)) or _id(read, own) == scope.id != ""
        )
    ]


def _bound_scopes(read: TargetState, declared: Scope) -> list[Scope]:
    """What a method or integration that the manifests list goes by in the run."""
    if not isinstance(declared, IntegrationKey):
        return [declared]
    return [own for own in read.desired.owns if isinstance(own, IntegrationKey) and own.id == _id(read, declared)]


def _id(read: TargetState, scope: IntegrationKey) -> str:
    return scope.id or read.live.routes.get(scope.route, "")


def _users_of(read: TargetState, key: ResponseKey) -> Iterator[Reference]:
    """A response by all the names that manifests have for it."""
    for scope in declared_scopes(read, key.scope):
        yield reference(read.aim.site.assignment, read.aim.desired, scope, key.code)

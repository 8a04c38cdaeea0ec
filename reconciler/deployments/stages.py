"""One stage before a deployment to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.fingerprint import Fingerprint, fingerprint, found_in
from reconciler.deployments.items import Item, UnexportedChanges
from reconciler.diff import compare
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage, and what a deployment to it would publish (`items`).

    `live` None: the API has no such stage. `is_known` False: it is unknown what the stage serves (WebSocket), so there
    may be more than the items; `not_compared` has what cannot be compared in a REST API. `manifests` are the names of
    the API's manifests. `back_to`: the deployment that a rollback points the stage to, "" if there is none.
    """

    target: Target
    manifests: tuple[str, ...]
    name: str
    live: Stage | None
    items: tuple[Item, ...] = ()
    is_known: bool = True
    back_to: str = ""
    not_compared: tuple[Uncompared, ...] = ()

    @property
    def serves(self) -> str:
        """The id of the deployment that the stage serves, "" for none."""
        return self.live.deployment_id if self.live else ""

    @property
    def outside(self) -> tuple[Item, ...]:
        """The items that are not in the plan."""
        return tuple(item for item in self.items if item.outside)

    @property
    def not_exported(self) -> UnexportedChanges:
        """The changes to responses that a deployment would publish and no export shows."""
        return {
            ResponseKey(item.scope, item.code): item.changes
            for item in self.items
            if item.is_not_exported and item.scope is not None
        }

    @property
    def can_deploy(self) -> bool:
        """Whether anyone but AWS can deploy to the stage, for all of its clients."""
        return self.live is not None and not self.live.has_canary and not self.live.auto_deploys

    @property
    def deploys_itself(self) -> bool:
        """Whether AWS deploys every change to the stage."""
        return self.live is not None and self.live.auto_deploys

    @property
    def is_due(self) -> bool:
        """Whether a deployment would change what it serves, or might."""
        if self.back_to:
            return self.can_deploy and self.serves != self.back_to
        return self.can_deploy and (bool(self.items) or not self.is_known)

    @property
    def essence(self) -> object:
        """What a deployment would publish and where, regardless of deployment ids, except those of a rollback."""
        deployments = (self.serves, self.back_to) if self.back_to else ()
        return (self.target, self.name, self.can_deploy, self.is_known, self.items, self.not_compared, deployments)


def websocket_items(served: Deployment | None, draft: LiveApi, declared: Desired) -> tuple[Item, ...] | None:
    """Return what a deployment of `draft` would publish, by the served fingerprint; None if that is unknown."""
    known = found_in(served.description) if served else None
    current = fingerprint(draft, declared)
    if known is None or known.listing != current.listing:
        return None
    return tuple(_differences(known, current, draft, declared))


def _differences(known: Fingerprint, current: Fingerprint, draft: LiveApi, declared: Desired) -> Iterator[Item]:
    name = declared.manifests[0].name
    if known.others != current.others:
        outside = "routes, integrations or unlisted responses changed since the stage was deployed"
        yield Item("api", "update", f"{name}: routes and integrations", outside=outside)
    if known.responses != current.responses:
        outside = "" if _is_wanted(draft, declared) else "the draft differs from the manifest"
        yield Item("responses", "update", f"{name}: listed responses", outside=outside)


def _is_wanted(draft: LiveApi, declared: Desired) -> bool:
    """Whether all listed responses match the manifests; those that wait for their integration are not published."""
    return all(change.key.scope not in draft.methods for change in compare(declared, draft).changes)

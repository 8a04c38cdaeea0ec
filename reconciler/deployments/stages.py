"""All that is to be said of one stage before it is deployed to."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.fingerprint import Fingerprint, fingerprint, found_in
from reconciler.deployments.items import Item, Unseen
from reconciler.diff import compare
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage, and what a deployment to it would publish (`items`).

    `found` None: the API has no such stage. `is_known` False: what it serves cannot be told (WebSocket), so that there
    may be more than the items; `untold` says of a REST API what cannot be compared. `manifests` are the names of those
    of its API. `back_to`: the deployment that it is to serve again, where nothing is to be published; "" otherwise.
    """

    target: Target
    manifests: tuple[str, ...]
    name: str
    found: Stage | None
    items: tuple[Item, ...] = ()
    is_known: bool = True
    back_to: str = ""
    untold: tuple[Uncompared, ...] = ()

    @property
    def serves(self) -> str:
        """The id of the deployment that it serves, "" for none."""
        return self.found.deployment_id if self.found else ""

    @property
    def outside(self) -> tuple[Item, ...]:
        """What would be published and is not of the plan."""
        return tuple(item for item in self.items if item.outside)

    @property
    def unseen(self) -> Unseen:
        """What a deployment would publish of responses though no export tells it."""
        return {
            ResponseKey(item.scope, item.code): item.changes
            for item in self.items
            if item.is_unseen and item.scope is not None
        }

    @property
    def can_deploy(self) -> bool:
        """Whether anybody but AWS may deploy to it, and all of its clients would see it."""
        return self.found is not None and not self.found.has_canary and not self.found.auto_deploys

    @property
    def deploys_itself(self) -> bool:
        """Whether AWS deploys every change to it."""
        return self.found is not None and self.found.auto_deploys

    @property
    def is_due(self) -> bool:
        """Whether a deployment would change what it serves, or might."""
        if self.back_to:
            return self.can_deploy and self.serves != self.back_to
        return self.can_deploy and (bool(self.items) or not self.is_known)

    @property
    def essence(self) -> object:
        """What a deployment to it would publish where, whatever the deployments are called; back from and to which."""
        where = (self.serves, self.back_to) if self.back_to else ()
        return (self.target, self.name, self.can_deploy, self.is_known, self.items, self.untold, where)


def websocket_items(served: Deployment | None, draft: LiveApi, declared: Desired) -> tuple[Item, ...] | None:
    """What a deployment of `draft` would publish, by the mark of the one that is served; None: it cannot be told."""
    known = found_in(served.description) if served else None
    now = fingerprint(draft, declared)
    if known is None or known.listing != now.listing:
        return None
    return tuple(_differences(known, now, draft, declared))


def _differences(known: Fingerprint, now: Fingerprint, draft: LiveApi, declared: Desired) -> Iterator[Item]:
    name = declared.manifests[0].name
    if known.others != now.others:
        outside = "routes, integrations, or what no manifest lists of them, are not what they were when it was deployed"
        yield Item("api", "update", f"{name}: routes and integrations", outside=outside)
    if known.responses != now.responses:
        outside = "" if _is_wanted(draft, declared) else "the draft is not what the manifest wants"
        yield Item("responses", "update", f"{name}: listed responses", outside=outside)


def _is_wanted(draft: LiveApi, declared: Desired) -> bool:
    """Whether all that is listed is as the manifests want it; what waits for its integration is not published."""
    return all(change.key.scope not in draft.methods for change in compare(declared, draft).changes)

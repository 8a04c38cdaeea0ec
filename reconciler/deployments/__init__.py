"""Find out what a deployment would publish, and what of it is outside of the plan.

    draft        the draft as it will be after a plan is applied
    items        the things that a deployment publishes
    undeployed   the draft compared with what a stage of a REST API serves, item by item, within and outside of a plan
    comparable   the two sides of a method as far as they can be compared, and what cannot
    definitions  models, request validators and gateway responses of both sides
    fingerprint  what is known of a stage of a WebSocket API, which AWS does not show: digests in descriptions
    stages       one stage before a deployment to it
    sync_status  manifest, draft and stage compared, response by response

Pure. A deployment publishes the whole draft, no matter who changed it, so every difference is an item. The plan covers
listed responses that will match the manifests, and the declarations that they need. Everything else is outside: it may
be somebody's unfinished work.
"""

from reconciler.deployments.comparable import Uncompared, incomparable
from reconciler.deployments.draft import as_planned, not_exported
from reconciler.deployments.fingerprint import Fingerprint, fingerprint
from reconciler.deployments.items import Item, UnexportedChanges
from reconciler.deployments.stages import StagePlan, websocket_items
from reconciler.deployments.undeployed import not_compared, undeployed

__all__ = [
    "Fingerprint",
    "Item",
    "StagePlan",
    "Uncompared",
    "UnexportedChanges",
    "as_planned",
    "fingerprint",
    "incomparable",
    "not_compared",
    "not_exported",
    "undeployed",
    "websocket_items",
]

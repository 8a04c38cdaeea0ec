"""What a deployment would publish, and whose it is.

    draft        the draft as it will be once a plan is carried out
    items        the things that a deployment publishes
    pending      draft against what a stage of a REST API serves, item by item; what lies within a plan and what outside
    comparable   a method of both sides as far as they can be compared, and what cannot
    definitions  models, request validators and gateway responses of both sides
    marks        what is known of a stage of a WebSocket API, which AWS does not show: marks in descriptions
    stages       all that is to be said of one stage before it is deployed to

Promise: pure. A deployment publishes the whole draft, whoever changed it, so everything that differs is an item. What
this tool answers for lies within: listed responses that will be as the manifests want them, and the declarations that
these need. All else is somebody's who has perhaps not finished, and lies outside.
"""

from reconciler.deployments.comparable import Uncompared, incomparable
from reconciler.deployments.draft import as_planned, unseen
from reconciler.deployments.fingerprint import Fingerprint, fingerprint
from reconciler.deployments.items import Item, Unseen
from reconciler.deployments.stages import StagePlan, websocket_items
from reconciler.deployments.undeployed import undeployed, untold

__all__ = [
    "Fingerprint",
    "Item",
    "StagePlan",
    "Uncompared",
    "Unseen",
    "as_planned",
    "fingerprint",
    "incomparable",
    "undeployed",
    "unseen",
    "untold",
    "websocket_items",
]

"""What a deployment would publish, and whose it is.

    draft    the draft as it will be once a plan is carried out
    pending  draft against what a stage of a REST API serves, item by item; what lies within a plan and what outside
    marks    what is known of a stage of a WebSocket API, which AWS does not show: marks in deployments' descriptions
    stages   all that is to be said of one stage before it is deployed to

Promise: pure. A deployment publishes the whole draft, whoever changed it, so everything that differs is an item. What
this tool answers for lies within: listed responses that will be as the manifests want them, and the declarations that
these need. All else is somebody's who has perhaps not finished, and lies outside.
"""

from reconciler.deploying.draft import as_planned, unseen
from reconciler.deploying.marks import Mark, mark
from reconciler.deploying.pending import Item, Unseen, pending
from reconciler.deploying.stages import StagePlan, websocket_items

__all__ = ["Item", "Mark", "StagePlan", "Unseen", "as_planned", "mark", "pending", "unseen", "websocket_items"]

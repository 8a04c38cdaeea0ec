"""The operations of API Gateway v2: WebSocket APIs, and as much of HTTP APIs as it takes to tell them apart.

Promise: as of the package above, in boto3's names for v2, which are PascalCase. Ids are given by the service. An update
is a merge: what is not sent stays. Every change of an API is deployed at once to its stages with AutoDeploy.

    apis, routes, integrations, responses, deployments     the operations, by what they are about
    shapes         pages, merges and what is refused before anything is looked up
    state          what is stored, and how it is found

Where the behaviour comes from: the service model and the Developer Guide; texts of refusals are what users report. Few
answers of v2 are on record: a text that is neither is marked as a guess where it stands.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.sandbox.model.state import Json
from reconciler.sandbox.model.v2 import apis, deployments, integrations, responses, routes
from reconciler.sandbox.model.v2.state import V2State

Operation: TypeAlias = Callable[[V2State, Json], Json]

_WRITES: Final[Mapping[str, Operation]] = {**routes.WRITES, **integrations.WRITES, **responses.WRITES}

OPERATIONS: Final[Mapping[str, Operation]] = {
    **apis.OPERATIONS,
    **routes.READS,
    **integrations.READS,
    **responses.READS,
    **{name: deployments.with_auto_deploy(operation) for name, operation in _WRITES.items()},
    **deployments.OPERATIONS,
}
"""By boto3's names."""

"""The operations of API Gateway v2: WebSocket APIs, and enough of HTTP APIs to distinguish them.

As in the package above, but with boto3's names for v2, which are PascalCase. The service assigns ids. An update is a
merge: members that are not sent stay. Every change of an API is deployed at once to its stages with AutoDeploy.

    apis, routes, integrations, responses, deployments     the operations, by topic
    shapes         pages, merges and checks that come before any lookup
    state          what is stored, and lookups in it

The behaviour comes from the service model and the Developer Guide; texts of refusals are from users' reports. Few
answers of v2 are recorded: a text that has no source is marked as a guess where it is defined.
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
"""The operations by boto3's names."""

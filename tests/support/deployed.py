"""What a stage serves."""

from typing import Final

import pytest

from reconciler.models.targets import Kind, Target
from reconciler.ports import Connection

KINDS: Final = pytest.mark.parametrize(
    "target", [Kind.REST_API, Kind.WEBSOCKET_API], indirect=True, ids=["rest", "websocket"]
)
"""A test of an API of either kind."""


def serving(connection: Connection, target: Target) -> str:
    """Return the deployment that stage prod serves."""
    stage = connection.reader.stage(target, "prod")
    assert stage
    return stage.deployment_id

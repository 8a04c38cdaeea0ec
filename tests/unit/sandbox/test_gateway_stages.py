"""The in-memory cloud: trouble with stages and deployments. What is served is in `tests/aws/ports/`."""

import pytest

from reconciler import errors
from reconciler.models.targets import Coordinates, Kind, Target
from reconciler.ports import Connection
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.faults import Dropped, Fault, LostAnswer, Truncated, throttled
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from reconciler.sandbox.seed import PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID
from support.deployed import serving

PETSTORE = Target(ACCOUNT_ID, REGION, PETSTORE_ID)
CHAT = Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API)
KINDS = pytest.mark.parametrize("target", [PETSTORE, CHAT], ids=["rest", "websocket"])


def test_deployed_of_a_websocket_api(connection: Connection) -> None:
    """AWS has no call for it: whoever asks is mistaken."""
    with pytest.raises(TypeError):
        connection.reader.deployed(CHAT, "prod")


@KINDS
@pytest.mark.parametrize(
    ("fault", "kind", "effect"),
    [
        (throttled(), errors.Throttled, False),
        (Dropped(), errors.AnswerLost, False),
        (LostAnswer(), errors.AnswerLost, True),
        (Truncated(), errors.UnreadableAnswer, True),
    ],
)
def test_trouble_with_a_deployment(
    cloud: InMemoryCloud, target: Target, fault: Fault, kind: type[Exception], *, effect: bool
) -> None:
    """What the stage serves tells whether a deployment whose answer was lost took effect."""
    connection = cloud.connect(Coordinates())
    before = serving(connection, target)
    cloud.plane().faults.add(fault, "CreateDeployment")
    with pytest.raises(kind):
        connection.open_writer().deploy(target, "prod", "")

    assert effect == (before != serving(connection, target))

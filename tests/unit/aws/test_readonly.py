"""The two halves of reader and writer."""

import pytest

from reconciler.aws.rest_reader import RestReader
from reconciler.aws.rest_writer import RestWriter
from reconciler.aws.websocket_reader import WebSocketReader
from reconciler.aws.websocket_writer import WebSocketWriter


@pytest.mark.parametrize(("rest", "websocket"), [(RestReader, WebSocketReader), (RestWriter, WebSocketWriter)])
def test_halves_share_no_name(rest: type, websocket: type) -> None:
    """One class inherits both, so a shared name would be that of the first alone."""
    assert set() == {name for name in vars(rest) if not name.startswith("__")} & set(vars(websocket))

"""What makes a route two-way."""

import pytest

from reconciler.models.routes import LiveRoute


@pytest.mark.parametrize(
    ("selects", "responds", "lacks"),
    [
        (True, True, ()),
        (True, False, ("response",)),
        (False, True, ("selection",)),
        (False, False, ("response", "selection")),
    ],
)
def test_what_a_route_lacks(selects: bool, responds: bool, lacks: tuple[str, ...]) -> None:
    """It needs a route response and an expression that selects it, in this order."""
    assert lacks == LiveRoute("r1", selects, responds).lacks

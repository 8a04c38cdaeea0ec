"""Where AWS calls go: regions as people write them, and environments that share a way."""

import pytest

from reconciler.models.targets import Coordinates


@pytest.mark.parametrize("given", ["EU-WEST-1", "Eu-West-1", " eu-west-1 ", "eu-west-1"])
def test_a_region_is_as_aws_writes_it(given: str) -> None:
    """However it was given."""
    assert "eu-west-1" == Coordinates(given).region


def test_two_spellings_are_one_way() -> None:
    """So that there is one connection."""
    assert Coordinates("eu-west-1") == Coordinates("EU-WEST-1")


def test_environments_share_a_way() -> None:
    """Who asks decides nothing: a person is asked once for both."""
    assert {Coordinates("eu-west-1", environment="dev")} == {Coordinates("eu-west-1", environment="prod")}

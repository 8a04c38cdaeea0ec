"""How the name of an environment is found in the name of an API, and taken out of it."""

from types import MappingProxyType

import pytest

from reconciler.config.configuration import Environment
from reconciler.engine.export.labels import labels, named_environments, shape

NAMES = ("dev", "pre-prod", "prod")


def environments(**variables: str) -> list[Environment]:
    """The environments of a configuration; `variables` has the value of `stage` in each, where it differs."""
    return [
        Environment(name=name, variables=MappingProxyType({"stage": variables[name]} if name in variables else {}))
        for name in NAMES
    ]


@pytest.mark.parametrize(
    ("name", "environment", "base"),
    [
        ("orders-dev", "dev", "orders"),
        ("dev-orders", "dev", "orders"),
        ("orders_DEV", "dev", "orders"),
        ("orders (dev)", "dev", "orders"),
        ("orders (v1)-dev", "dev", "orders (v1)"),
        ("dev-[v1] orders", "dev", "[v1] orders"),
        ("orders (v1) (dev)", "dev", "orders (v1)"),
        ("dev/orders", "dev", "orders"),
        ("shop-dev-orders", "dev", "shop-orders"),
        ("orders-pre-prod", "pre-prod", "orders"),
        ("devices", "dev", "devices"),
        ("devices-dev", "dev", "devices"),
        ("orders-prod", "dev", "orders-prod"),
        ("dev", "dev", ""),
    ],
)
def test_a_name_without_its_environment(name: str, environment: str, base: str) -> None:
    """The environment is a word of its own, in any case, and what joined it goes with it."""
    assert base == shape(name, environment, labels(environments())).base


def test_the_longest_name_counts() -> None:
    """`orders-pre-prod` is of pre-prod, and not also of prod."""
    assert ("pre-prod",) == named_environments("orders-pre-prod", labels(environments()))


def test_a_variable_says_what_an_environment_is_called() -> None:
    """If each environment has another word for it."""
    known = labels(environments(dev="test", **{"pre-prod": "stable", "prod": "live"}))

    assert ["orders", "orders-test"] == [
        shape("orders-test", "dev", known).base,
        shape("orders-test", "dev", labels(environments(dev="test"))).base,
    ]

"""The types of values: what may be a key, and what a view shows."""

import pytest

from reconciler.mapping.java.budget import Budget, NotEvaluated
from reconciler.mapping.java.objects import JavaList, JavaMap, MapView, key_of, value_of


def test_keys_give_their_values_back() -> None:
    """What stands for a key leads back to it."""
    for key in ("a", 1, True, 1.5, None):
        assert key is value_of(key_of(key)) or key == value_of(key_of(key))


def test_a_list_is_no_key() -> None:
    """A list as a key is not evaluated here."""
    with pytest.raises(NotEvaluated):
        key_of(JavaList())


def test_a_view_follows_its_map() -> None:
    """The keys of a map show what is put later."""
    source = JavaMap(a=1)
    keys = MapView(source, "keys")
    source["b"] = 2

    assert ["a", "b"] == keys.items(Budget())

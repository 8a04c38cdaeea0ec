"""Trees that remember where everything stood."""

from types import SimpleNamespace

import pytest

from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap, mark


def at(line: int, column: int) -> int:
    """The mark of a place that counts from 1."""
    return mark(SimpleNamespace(line=line - 1, column=column - 1))


@pytest.fixture
def places() -> SourceMap:
    """The tree of `a: [x, {b: y}]`, spread over some lines."""
    inner, items, root = YamlMap(), YamlList(), YamlMap()
    inner.put("b", at(3, 5), "y", at(3, 8))
    items.put("x", at(2, 3))
    items.put(inner, at(3, 3))
    root.put("a", at(1, 1), items, at(1, 4))
    return SourceMap("m.yaml", root, at(1, 1))


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "1:1", "1:1"),
        (("a",), "1:1", "1:4"),
        (("a", 0), "2:3", "2:3"),
        (("a", 1), "3:3", "3:3"),
        (("a", 1, "b"), "3:5", "3:8"),
    ],
)
def test_places(places: SourceMap, path: Path, key: str, value: str) -> None:
    """Keys and values each have a place, items have one."""
    assert (f"m.yaml:{key}", f"m.yaml:{value}") == (str(places.of_key(path)), str(places.of_value(path)))


@pytest.mark.parametrize("path", [("a", 1, "c"), ("a", 1, "c", "d"), ("a", 1, 0)])
def test_missing_key_has_the_place_of_its_parent(places: SourceMap, path: Path) -> None:
    """A missing key is reported at its parent."""
    assert "m.yaml:3:3" == str(places.of_key(path))


@pytest.mark.parametrize(
    ("path", "expected"),
    [((), True), (("a", 1, "b"), True), (("a", 2), False), (("b",), False), (("a", 1, "b", "c"), False)],
)
def test_has(places: SourceMap, path: Path, expected: bool) -> None:
    """Whether something is at a path."""
    assert expected is places.has(path)


def test_nodes_are_dicts_and_lists(places: SourceMap) -> None:
    """A tree is equal to the plain values that it stands for."""
    assert {"a": ["x", {"b": "y"}]} == places.root


def test_long_lines() -> None:
    """Columns beyond a million are kept."""
    assert "m.yaml:70000:5000000" == str(SourceMap("m.yaml", None, at(70000, 5000000)).of_key(()))

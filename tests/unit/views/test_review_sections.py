"""The details of a review as text."""

from pathlib import Path

import pytest

from reconciler.render.style import Style
from support.reviewing import Workshop, response_set, rest, workshop

METHODS = "\n".join(f"GET /{name}: {{}}" for name in "abcdefg")
BEFORE = '{404: {selectionPattern: "404"}, 500: {selectionPattern: "500"}}'
AFTER = '{404: {selectionPattern: "40[45]"}, 500: {selectionPattern: "5.."}}'


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Two manifests of seven methods that use a set, which a branch changes."""
    made = workshop(tmp_path, monkeypatch)
    made.write("sets.yaml", response_set(BEFORE))
    for name in ("one", "two"):
        made.write(f"{name}.yaml", rest(METHODS, name=name, api=name, spec="use: [{set: errors}]"))
    made.commit()
    made.branch()
    made.write("sets.yaml", response_set(AFTER))
    return made


def test_changes_of_a_set_share_the_list_of_its_methods(shop: Workshop) -> None:
    """The table and the list are cut on a terminal."""
    found = shop.told(".")

    assert [
        "... and 16 more (-v shows each)",
        "",
        "errors  (ResponseSet)",
        "",
        "  The same 2 changes on 14 methods of one, two",
        "    ~ 404  selectionPattern changed  set errors, sets.yaml:4",
        "        ~ selectionPattern: 404 -> 40[45]",
        "    ~ 500  selectionPattern changed  set errors, sets.yaml:4",
        "        ~ selectionPattern: 500 -> 5..",
        *(f"    one: GET /{name}" for name in "abcde"),
        "    ... and 9 more (-v shows each)",
        "",
        "Change: 28 to update; 0 unchanged.",
    ] == found[14:]


def test_every_method_is_shown_with_v(shop: Workshop) -> None:
    """With its own values, in the section of its manifest, and in the table."""
    found = shop.told(".", style=Style(full=True))

    assert (0, 28, 28) == (
        sum("more" in line or "same" in line for line in found),
        sum("selectionPattern: " in line for line in found),
        sum(line.endswith("update") for line in found),
    )

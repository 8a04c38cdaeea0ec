"""Where desired values are written down, and what responses are called."""

from dataclasses import replace

import pytest

from reconciler.diagnostics import Location
from reconciler.models.desired import Origin, Ownership
from reconciler.models.keys import ResponseKey
from support.live import DEFAULT, GET_PETS, POST_PETS
from support.states import desired_of

KEY = ResponseKey(GET_PETS, "404")
METHOD = Location("petstore.yaml", 8, 7)
RESPONSE = Location("petstore.yaml", 10, 11)
TEMPLATES = Location("petstore.yaml", 11, 13)
JSON = Location("petstore.yaml", 12, 15)
DESIRED = replace(
    desired_of({GET_PETS: {"404": DEFAULT}}),
    owns={GET_PETS: Ownership("petstore", location=METHOD)},
    origins={
        (KEY, ""): Origin(RESPONSE, "errors"),
        (KEY, "responseTemplates"): Origin(TEMPLATES),
        (KEY, "responseTemplates.application/json"): Origin(JSON),
    },
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("responseTemplates.application/json", JSON),
        ("responseTemplates.text/plain", TEMPLATES),
        ("selectionPattern", RESPONSE),
        ("", RESPONSE),
    ],
)
def test_the_nearest_place_is_given(path: str, expected: Location) -> None:
    """The field, else its map, else its response."""
    assert expected == DESIRED.origin(KEY, path)


def test_a_value_knows_the_set_that_it_comes_from() -> None:
    """The field's, else its map's, else its response's; the manifest itself is none."""
    paths = ("selectionPattern", "responseTemplates.text/plain", "responseTemplates.application/json")

    assert ["errors", "", ""] == [DESIRED.set_of(KEY, path) for path in paths]


def test_a_response_that_is_not_written_down_is_where_its_method_is() -> None:
    """So a deletion has a line too."""
    assert METHOD == DESIRED.origin(ResponseKey(GET_PETS, "500"))


def test_a_method_that_is_not_listed_has_no_place() -> None:
    """Nothing is made up."""
    assert None is DESIRED.origin(ResponseKey(POST_PETS, "500"))


def test_a_response_is_addressed_by_manifest_method_and_status() -> None:
    """As in texts, documents and ignores."""
    assert "petstore: GET /pets 404" == DESIRED.address(KEY)


def test_an_unlisted_method_is_addressed_by_the_first_manifest() -> None:
    """It needs a name as well."""
    assert "petstore: POST /pets 500" == DESIRED.address(ResponseKey(POST_PETS, "500"))


def test_places_are_no_part_of_equality() -> None:
    """A moved line changes nothing."""
    assert DESIRED == replace(DESIRED, origins={}, owns={GET_PETS: Ownership("petstore")})

"""The samples are sound, and as rich as they claim."""

from collections import Counter
from pathlib import Path

import pytest

from reconciler.manifest import Disk, load
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.views import listed_methods
from reconciler.resolve import resolve
from support.project import SAMPLES


@pytest.fixture
def petstore() -> Desired:
    """What the petstore wants."""
    (document,) = load([str(SAMPLES / "petstore")], Disk()).documents
    desired, _ = resolve(document)
    return desired


def test_petstore_is_a_realistic_size(petstore: Desired) -> None:
    """At least 3 resources, 6 methods and 15 responses."""
    resources = {scope.path for scope in listed_methods(petstore)}

    assert (3, 9, 27) == (len(resources), len(petstore.owns), len(petstore.responses))


def test_petstore_has_one_default_per_method(petstore: Desired) -> None:
    """Each method has exactly one response without a pattern, and no pattern twice."""
    patterns = Counter(
        (key.scope, response.selection_pattern)
        for key, response in petstore.responses.items()
        if isinstance(response, RestResponse)
    )

    assert {1} == set(patterns.values())
    assert petstore.owns.keys() == {scope for scope, pattern in patterns if pattern == ""}


def test_petstore_reads_its_templates() -> None:
    """Every template file of the sample is used."""
    templates = {str(file) for file in (SAMPLES / "petstore" / "templates").iterdir()}
    read = {str(Path(file).resolve()) for file in load([str(SAMPLES / "petstore")], Disk()).files_read}

    assert templates == {file for file in read if file.endswith(".vtl")}


def test_minimal() -> None:
    """The smallest sample: one method, two responses."""
    (document,) = load([str(SAMPLES / "minimal.yaml")], Disk()).documents
    desired, _ = resolve(document)

    assert (1, 2) == (len(desired.owns), len(desired.responses))


@pytest.fixture
def library() -> Desired:
    """What the library wants."""
    loaded = load([str(SAMPLES / "sets")], Disk())
    (document,) = loaded.documents
    desired, problems = resolve(document, loaded.sets)
    assert () == problems
    return desired


def test_library_shares_its_errors(library: Desired) -> None:
    """A response set is used by several methods."""
    users = {key.scope for key in library.responses if library.set_of(key, "responseTemplates") == "errors"}

    assert 4 == len(users)


def test_library_takes_away_and_overrides(library: Desired) -> None:
    """One method wants none of a set's responses, one has another pattern for it."""
    not_found = ResponseKey(MethodKey("/books", "GET"), "404")
    bad_request = ResponseKey(MethodKey("/books", "POST"), "400")
    expected = [ABSENT, "", "errors"]

    assert expected == [
        library.responses[not_found],
        library.set_of(bad_request, "selectionPattern"),
        library.set_of(bad_request, "responseTemplates.application/json"),
    ]


def test_samples_have_no_problem() -> None:
    """All samples load together."""
    paths = [str(SAMPLES / name) for name in ("petstore", "sets", "minimal.yaml")]

    assert () == load(paths, Disk()).diagnostics

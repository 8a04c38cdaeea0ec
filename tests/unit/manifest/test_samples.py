"""The samples are sound, and as rich as they claim."""

from collections import Counter
from pathlib import Path

import pytest

from reconciler.manifest import Disk, load
from reconciler.models.desired import Desired
from reconciler.models.responses import RestResponse
from reconciler.models.views import listed_methods
from reconciler.resolve import resolve

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def petstore() -> Desired:
    """What the petstore wants."""
    (document,) = load([str(SAMPLES / "petstore")], Disk()).documents
    return resolve(document)


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
    desired = resolve(document)

    assert (1, 2) == (len(desired.owns), len(desired.responses))


def test_samples_have_no_problem() -> None:
    """All samples load together."""
    assert () == load([str(SAMPLES / "petstore"), str(SAMPLES / "minimal.yaml")], Disk()).diagnostics

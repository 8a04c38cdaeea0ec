"""--blame and --strict."""

import pytest

from reconciler.cli.options.scrutiny import ScrutinyOptions
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError


@pytest.mark.parametrize("strict", [True, False])
def test_strict_is_part_of_the_request(strict: bool) -> None:
    """Blame is a step of its own."""
    assert strict == ScrutinyOptions(blame=True, strict=strict).added_to(Request()).is_strict


@pytest.mark.parametrize(
    ("request_", "option"),
    [(Request(selectors=({"team": "pets"},)), "--selector"), (Request(touched=frozenset()), "--changed-since")],
)
def test_strict_needs_every_manifest(request_: Request, option: str) -> None:
    """A method of a manifest that is left out would be called unlisted."""
    with pytest.raises(UsageError, match=f"--strict and {option} cannot be used together"):
        ScrutinyOptions(blame=False, strict=True).added_to(request_)

    assert request_ == ScrutinyOptions(blame=True, strict=False).added_to(request_)

"""The options of `runs prune`."""

from dataclasses import replace

import pytest

from reconciler.cli.options.prune import PruneOptions
from reconciler.errors import UsageError

NONE = PruneOptions(keep=None, incomplete=False, dry_run=False, yes=False)


@pytest.mark.parametrize("run", [None, "latest", "2026"])
@pytest.mark.parametrize(
    ("options", "name"),
    [
        (replace(NONE, keep="90d"), "--keep"),
        (replace(NONE, incomplete=True), "--incomplete"),
        (replace(NONE, dry_run=True), "--dry-run"),
        (replace(NONE, yes=True), "--yes"),
    ],
)
def test_options_without_prune_are_refused(run: str | None, options: PruneOptions, name: str) -> None:
    """Who forgot the word would think that something was deleted."""
    with pytest.raises(UsageError, match=f"{name} is for runs prune"):
        options.check(run)


def test_prune_needs_to_know_what_to_keep() -> None:
    """Nothing is deleted by default."""
    with pytest.raises(UsageError, match="runs prune needs --keep"):
        NONE.check("prune")


def test_what_fits() -> None:
    """Nothing is said."""
    NONE.check("latest")
    replace(NONE, keep="90d", yes=True).check("prune")

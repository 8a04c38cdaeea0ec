"""The options of `runs prune`."""

from dataclasses import dataclass

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

PRUNE = "prune"
"""The word in the place of RUN; no id of a run begins like it, as ids begin with a year."""


@dataclass(frozen=True, slots=True)
class PruneOptions:
    """What to keep, and whether to ask."""

    keep: str | None
    incomplete: bool
    dry_run: bool
    yes: bool

    def check(self, run: str | None) -> None:
        """Raise UsageError for options that need `prune`, and for `prune` without --keep."""
        if run == PRUNE:
            if self.keep is None:
                message = "runs prune needs --keep"
                raise UsageError(
                    message, "say how many runs to keep: --keep 90d for those of 90 days, --keep 50 for 50"
                )
            return
        given = {
            "--keep": self.keep is not None,
            "--incomplete": self.incomplete,
            "--dry-run": self.dry_run,
            "--yes": self.yes,
        }
        for option, is_given in given.items():
            if is_given:
                message = f"{option} is for runs prune"
                raise UsageError(message, f"omit {option}, or write: runs prune --keep 90d")


prune_options = option_group(
    "pruning",
    PruneOptions,
    click.option("--keep", metavar="AGE", help="With prune: keep runs of this age, as in 90d, or this many."),
    click.option("--incomplete", is_flag=True, help="With prune: delete incomplete and damaged runs, too."),
    click.option("--dry-run", is_flag=True, help="With prune: show what would be deleted, and delete nothing."),
    click.option("-y", "--yes", is_flag=True, help="With prune: do not ask for confirmation."),
)
"""--keep, --incomplete, --dry-run and --yes, as `pruning`."""

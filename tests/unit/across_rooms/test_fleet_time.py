"""The table in the README that says how long a run over many accounts takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.fleet_time import HEAD, RUNS, Fleet, Machine, Run, row

README = Path(__file__).parents[3] / "README.md"
CASES = list(enumerate(RUNS))


def table() -> Iterator[str]:
    """Yield the rows of the table in the README."""
    lines = iter(README.read_text(encoding="utf-8").splitlines())
    assert HEAD[0] in lines, "the README has no such table"
    assert HEAD[1] == next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def test_every_run_has_its_row() -> None:
    """With its fleet, its parallelism and its shards, in the order of the simulation."""
    rows = [line.rsplit("|", maxsplit=3)[0] for line in table()]

    assert rows == [f"| {run.fleet} | {run.parallelism} | {run.shards} " for run in RUNS]


@pytest.mark.parametrize(("index", "run"), [(index, run) for index, run in CASES if run.is_quick], ids=str)
def test_row_is_what_the_simulation_says_now(index: int, run: Run) -> None:
    """Only runs with few APIs in each process: the others take a second each (`fleet_time.py` prints all of them)."""
    assert row(run) == list(table())[index]


def test_accounts_with_apis_of_both_kinds_use_their_quota() -> None:
    """Three accounts take hardly longer than their calls at the allowed rate: half of ten a second in each."""
    fleet = Fleet(accounts=3, regions=1, rest=34, websocket=7)
    calls = 2 + fleet.rest + 12 * fleet.websocket

    assert Machine(Run(fleet)).seconds() <= 1.2 * calls / 5

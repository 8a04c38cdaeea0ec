"""Limits on steps."""

import pytest

from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget


def test_steps_end_at_the_limit() -> None:
    """What does not fit is not counted."""
    work = StepBudget(3)
    work.spend(2)

    with pytest.raises(BudgetExceeded):
        work.spend(2)
    assert 2 == work.steps


def test_an_outer_limit_holds() -> None:
    """What is spent within another limit counts there as well."""
    outer = StepBudget(5)
    StepBudget(4, outer).spend(4)

    with pytest.raises(BudgetExceeded):
        StepBudget(4, outer).spend(2)
    assert 4 == outer.steps


def test_a_shared_limit_ends_with_its_block() -> None:
    """Afterwards nothing limits the whole."""
    limit = SharedBudget("x")
    with limit.limited(3) as work:
        assert work is limit.current

    assert limit.current is None

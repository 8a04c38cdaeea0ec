"""The option that waives guard rules; apart from the others, because the guard brings the whole planner along."""

import difflib
from collections.abc import Callable
from typing import TypeVar

import click

from reconciler.errors import UsageError
from reconciler.guard import Rule

F = TypeVar("F", bound=Callable[..., object])


def forcing(function: F) -> F:
    """--force RULE, repeatable."""
    return click.option(
        "--force",
        "forced",
        multiple=True,
        metavar="RULE",
        callback=_rules,
        help=f"Waive a guard rule: {', '.join(rule for rule in Rule if rule.can_be_forced)}. Repeatable.",
    )(function)


def _rules(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Rule, ...]:
    known = [rule.value for rule in Rule if rule.can_be_forced]
    for value in values:
        if value in list(Rule) and value not in known:
            message = f"the guard rule {value} cannot be forced"
            raise UsageError(message, Rule(value).remedy)
        if value not in known:
            near = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
            message = f"there is no guard rule {value!r}"
            raise UsageError(message, f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}")
    return tuple(Rule(value) for value in values)

"""The option that waives guard rules; apart from the others, because the guard brings the whole planner along."""

import shlex
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import click

from reconciler.errors import UsageError
from reconciler.guard import GuardRule
from reconciler.wording import did_you_mean

F = TypeVar("F", bound=Callable[..., object])

_ANYWHERE: Final = tuple(rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE)
_OF_ROLLBACKS: Final = (*(rule for rule in _ANYWHERE if rule is not GuardRule.EMPTY_SET), GuardRule.CHANGED_SINCE)


def forcing(function: F) -> F:
    """--force RULE, repeatable."""
    return _forcing(function, _ANYWHERE)


def forcing_rollback(function: F) -> F:
    """--force RULE, repeatable, of the rules that a rollback may meet."""
    return _forcing(function, _OF_ROLLBACKS)


def _forcing(function: F, rules: Sequence[GuardRule]) -> F:
    known = [rule.value for rule in rules]

    def parse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[GuardRule, ...]:
        return tuple(_rule(value, known) for value in values)

    return click.option(
        "--force",
        "forced",
        multiple=True,
        metavar="RULE",
        callback=parse,
        help=f"Waive a guard rule: {', '.join(known)}. Repeatable.",
    )(function)


def _rule(value: str, known: Sequence[str]) -> GuardRule:
    if value in list(GuardRule) and not GuardRule(value).can_be_forced:
        message = f"the guard rule {value} cannot be forced"
        raise UsageError(message, GuardRule(value).remedy)
    if value not in known:
        remedy = did_you_mean(value, known, f"choose one of {', '.join(known)}", shlex.quote)
        raise UsageError(f"there is no guard rule {value!r}", remedy)
    return GuardRule(value)

"""The option that waives guard rules."""

import shlex
from collections.abc import Callable, Sequence
from typing import Any, Final

import click

from reconciler.errors import UsageError
from reconciler.rules import GuardRule
from reconciler.wording import did_you_mean

_RULES: Final = tuple(rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE)
_ROLLBACK_RULES: Final = (*(rule for rule in _RULES if rule is not GuardRule.EMPTY_SET), GuardRule.CHANGED_SINCE)


def _force_option(rules: Sequence[GuardRule]) -> Callable[[Any], Any]:
    known = [rule.value for rule in rules]

    def parse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[GuardRule, ...]:
        return tuple(_rule(value, known) for value in values)

    return click.option(
        "--force",
        "forced",
        multiple=True,
        metavar="RULE",
        callback=parse,
        shell_complete=lambda _context, _parameter, incomplete: [rule for rule in known if rule.startswith(incomplete)],
        help=f"Waive a guard rule: {', '.join(known)}. Repeatable.",
    )


def _rule(value: str, known: Sequence[str]) -> GuardRule:
    if value in list(GuardRule) and not GuardRule.of(value).can_be_forced:
        message = f"the guard rule {value} cannot be forced"
        raise UsageError(message, GuardRule.of(value).remedy)
    if value not in known:
        remedy = did_you_mean(value, known, f"choose from {', '.join(known)}", shlex.quote)
        raise UsageError(f"there is no guard rule {value!r}", remedy)
    return GuardRule.of(value)


force_option = _force_option(_RULES)
"""--force RULE of plan and apply, repeatable, as `forced`."""

rollback_force_option = _force_option(_ROLLBACK_RULES)
"""--force RULE of rollback."""

"""What a run leaves alone: ignore rules, and everything that `--only` does not name.

Promise: pure. A glob is matched against whole addresses, `petstore: GET /pets/{petId} 404`; `*` in it is any text,
slashes included, and an address is its own glob whatever it holds. A rule that is past its day leaves nothing alone.
Rules that do nothing are told, so that they go away.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from reconciler.config.configuration import IgnoreRule
from reconciler.diagnostics import Diagnostic, warning
from reconciler.errors import UsageError
from reconciler.globs import PREPARING, text_fits, text_steps
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.resolve.bind import EVERYTHING, NOTHING, UNSELECTED, IgnoredFields
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.suggest import close_matches
from reconciler.wording import code, shown

MOST_MATCHING: Final = 3_000_000
"""Steps for finding out which ignore rules match which responses of a target: 300 rules and 10,000 responses."""


def fits(glob: str, address: str) -> bool:
    """Whether a glob means this address."""
    return glob == address or text_fits(glob, address)


def left_alone(
    desired: Desired, rules: Sequence[IgnoreRule], only: Sequence[str]
) -> Callable[[ResponseKey], IgnoredFields] | None:
    """What is to be left alone of each response of a target; None where that is nothing at all."""
    if not rules and not only:
        return None

    work = StepBudget(MOST_MATCHING)

    def leave(key: ResponseKey) -> IgnoredFields:
        address = desired.address(key)
        _spend(rules, address, work)
        if only and not any(fits(glob, address) for glob in only):
            return UNSELECTED
        fitting = [rule for rule in rules if fits(rule.match, address)]
        if any(not rule.fields for rule in fitting):
            return EVERYTHING
        return IgnoredFields(tuple(field for rule in fitting for field in rule.fields)) if fitting else NOTHING

    return leave


def _spend(rules: Sequence[IgnoreRule], address: str, work: StepBudget) -> None:
    """Count what it takes to match an address. Raises UsageError where that is too much."""
    try:
        work.spend(
            sum(text_steps(rule.match, address) for rule in rules) + (0 if work.steps else PREPARING * len(rules))
        )
    except BudgetExceeded:
        message = f"`ignore` takes too long to work out: {len(rules):,} rules, for too many responses"
        raise UsageError(message, "use fewer rules; `*` in one is any text") from None


def in_force(rules: Iterable[IgnoreRule], today: str) -> tuple[IgnoreRule, ...]:
    """The rules whose last day is not past; `today` is a date in ISO 8601."""
    return tuple(rule for rule in rules if not _is_past(rule, today))


def expired(rules: Iterable[IgnoreRule], today: str) -> Iterator[Diagnostic]:
    """What is said of the others."""
    for rule in rules:
        if _is_past(rule, today):
            message = f"the ignore rule for {code(rule.match)} ended on {rule.until}: it is not heeded any more"
            yield warning(InputRule.EXPIRED_IGNORE, message, "take it out, or set another day", rule.location)


def _is_past(rule: IgnoreRule, today: str) -> bool:
    return rule.until is not None and rule.until < today


def addresses(desired: Desired, live: LiveApi) -> Iterator[str]:
    """Every response that a target's manifests want, and every live one of the listed methods."""
    of_methods = (
        ResponseKey(scope, code)
        for scope, method in live.methods.items()
        if scope in desired.owns
        for code in method.responses
    )
    return (desired.address(key) for key in dict.fromkeys((*desired.responses, *of_methods)))


def idle(rules: Iterable[IgnoreRule], known: Sequence[str], where: str, *, narrowed: bool) -> Iterator[Diagnostic]:
    """What is said of rules that match none of the `known` addresses.

    In a run that is `narrowed` to some manifests, only of those for one of them.
    """
    manifests = {address.partition(":")[0] for address in known}
    for rule in rules:
        concerned = not narrowed or rule.match.partition(":")[0] in manifests
        if concerned and not any(fits(rule.match, address) for address in known):
            message = f"the ignore rule for {code(rule.match)} matches nothing{where}"
            yield warning(InputRule.IDLE_IGNORE, message, "correct it, or take it out", rule.location)


def check_only(globs: Iterable[str], known: Sequence[str]) -> None:
    """Raises UsageError for a glob that means none of the `known` addresses."""
    for glob in globs:
        if not any(fits(glob, address) for address in known):
            near = close_matches(glob, known, n=3, cutoff=0.4)
            remedy = f"close matches: {', '.join(map(code, near))}" if near else "check it against a plan"
            raise UsageError(f"--only {shown(glob)!r} matches no response", remedy)

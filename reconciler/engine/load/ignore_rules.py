"""Decide which live values a run leaves alone: those of ignore rules, and all that `--only` does not match.

Pure. A glob matches whole addresses such as `petstore: GET /pets/{petId} 404`; its `*` matches any text, slashes
included, and an address always matches itself. An expired rule ignores nothing. Rules without effect are reported, so
that they get removed.
"""

import shlex
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

from reconciler.config.configuration import IgnoreRule
from reconciler.diagnostics import Diagnostic, warning
from reconciler.errors import UsageError
from reconciler.globs import PREPARING, text_fits, text_steps
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.resolve.bind import IGNORE_NOTHING, IGNORE_RESPONSE, NOT_SELECTED, IgnoredFields
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.wording import code, did_you_mean, shown

MOST_MATCHING: Final = 3_000_000
"""Steps for matching ignore rules with the responses of a target: enough for 300 rules and 10,000 responses."""

MOST_SUGGESTED: Final = 10_000
"""Addresses of a run that a glob without a match is compared with, to suggest one."""


MOST_NAMED: Final = 5
"""How many environments a warning names."""


def glob_matches(glob: str, address: str) -> bool:
    """Return whether a glob matches this address."""
    return glob == address or text_fits(glob, address)


def ignored_fields(
    desired: Desired, rules: Sequence[IgnoreRule], only: Sequence[str]
) -> Callable[[ResponseKey], IgnoredFields] | None:
    """Return a function that gives the ignored fields of each response; None if nothing is ignored at all."""
    if not rules and not only:
        return None

    work = StepBudget(MOST_MATCHING)

    def ignored(key: ResponseKey) -> IgnoredFields:
        address = desired.address(key)
        _spend(rules, address, work)
        if only and not any(glob_matches(glob, address) for glob in only):
            return NOT_SELECTED
        matching = [rule for rule in rules if glob_matches(rule.match, address)]
        if any(not rule.fields for rule in matching):
            return IGNORE_RESPONSE
        fields = tuple(field for rule in matching for field in rule.fields)
        return IgnoredFields(fields) if fields else IGNORE_NOTHING

    return ignored


def left_alone(desired: Desired, rules: Sequence[IgnoreRule], only: Sequence[str]) -> Callable[[ResponseKey], bool]:
    """Return a function that says whether a response is ignored as a whole, or not selected."""
    ignored = ignored_fields(desired, rules, only)
    return lambda key: ignored is not None and ignored(key).whole_response


def _spend(rules: Sequence[IgnoreRule], address: str, work: StepBudget) -> None:
    """Count the steps of matching an address with all rules. Raises UsageError if they exceed the budget."""
    try:
        work.spend(
            sum(text_steps(rule.match, address) for rule in rules) + (0 if work.steps else PREPARING * len(rules))
        )
    except BudgetExceeded:
        message = f"`ignore` takes too long to evaluate: {len(rules):,} rules, for too many responses"
        raise UsageError(message, "use fewer rules; `*` in a rule matches any text") from None


def first_matching(rules: Sequence[IgnoreRule], texts: Sequence[str], work: StepBudget) -> IgnoreRule | None:
    """Return the first rule that matches one of these texts. Raises UsageError if `work` is used up."""
    for text in texts:
        _spend(rules, text, work)
    return next((rule for rule in rules if any(glob_matches(rule.match, text) for text in texts)), None)


def active_rules(rules: Iterable[IgnoreRule], today: str) -> tuple[IgnoreRule, ...]:
    """Return the rules that have not expired; `today` is a date in ISO 8601."""
    return tuple(rule for rule in rules if not _is_expired(rule, today))


def expired_rules(rules: Iterable[IgnoreRule], today: str, environments: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Warn of every rule that has expired, in these environments."""
    more = len(environments) - MOST_NAMED
    names = (*environments[:MOST_NAMED], *((f"{more:,} more",) if more > 0 else ()))
    scope = f" in {', '.join(names)}" if names else ""
    for rule in rules:
        if _is_expired(rule, today):
            message = f"the ignore rule for {code(rule.match)} expired on {rule.until} and has no effect{scope}"
            yield warning(InputRule.EXPIRED_IGNORE, message, "remove it, or change `until`", rule.location)


def _is_expired(rule: IgnoreRule, today: str) -> bool:
    return rule.until is not None and rule.until < today


def addresses(desired: Desired, live: LiveApi, *, unlisted: bool = False) -> Iterator[str]:
    """Return the address of every desired response of a target, and of every live one of the listed methods.

    `unlisted`: also of the live ones of the other methods.
    """
    live_keys = (
        ResponseKey(scope, code)
        for scope, method in live.methods.items()
        if unlisted or scope in desired.owns
        for code in method.responses
    )
    return (desired.address(key) for key in dict.fromkeys((*desired.responses, *live_keys)))


class MatchedGlobs:
    """Which globs match any address of a run. Holds few of the addresses, however many there are.

    Safe to use from several threads.
    """

    def __init__(self, globs: Iterable[str]) -> None:
        self.unmatched: dict[str, None] = dict.fromkeys(globs)
        self.known: list[str] = []
        self._lock = threading.Lock()

    def note(self, addresses: Iterable[str]) -> None:
        """Take the addresses of a target into account."""
        if not self.unmatched:
            return
        known = list(addresses)
        matched = [glob for glob in self.unmatched.copy() if any(glob_matches(glob, address) for address in known)]
        with self._lock:
            for glob in matched:
                self.unmatched.pop(glob, None)
            self.known += known[: MOST_SUGGESTED - len(self.known)] if self.unmatched else ()


def unused_rules(
    rules: Iterable[IgnoreRule], unmatched: Container[str], scope: str, manifests: Container[str] | None = None
) -> Iterator[Diagnostic]:
    """Warn of every rule whose glob is `unmatched`; `manifests`: only of those for one of these, None for all."""
    for rule in rules:
        is_relevant = manifests is None or rule.match.partition(":")[0] in manifests
        if is_relevant and rule.match in unmatched:
            message = f"the ignore rule for {code(rule.match)} matches nothing{scope}"
            yield warning(InputRule.IDLE_IGNORE, message, "fix it, or remove it", rule.location)


def unused_only(only: MatchedGlobs) -> Iterator[Diagnostic]:
    """Warn of every glob that matches no address, where that is no error yet."""
    for glob in only.unmatched:
        yield warning(InputRule.IDLE_ONLY, f"--only {shown(glob)!r} matches no response", "check it")


def check_only(only: MatchedGlobs) -> None:
    """Raise UsageError for a glob that matches no address."""
    for glob in only.unmatched:
        remedy = did_you_mean(glob, only.known, "copy an address from the plan", shlex.quote, most=3)
        raise UsageError(f"--only {shown(glob)!r} matches no response", remedy)

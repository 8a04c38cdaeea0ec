"""explain: the rules that words name."""

import shlex
from collections.abc import Iterable, Sequence

from reconciler.errors import UsageError
from reconciler.invocation import command_line
from reconciler.quoting import span
from reconciler.rules import RULES, Rule
from reconciler.wording import did_you_mean, shown

_MOST_LISTED = 8


def find_rules(words: Iterable[str]) -> Sequence[Rule]:
    """Return the rules that these words name, each once. Raises UsageError for an unknown one.

    A rule can be written as in messages: in brackets, as `guard/NAME` or NAME, in any case.
    """
    return list(dict.fromkeys(map(_rule, words)))


def _rule(word: str) -> Rule:
    wanted = word.strip(" []`").casefold()
    known = {name.casefold(): rule for rule in RULES.values() for name in rule.names}
    if wanted in known:
        return known[wanted]
    raise UsageError(f"there is no rule {shown(word)!r}", _remedy(wanted))


def _remedy(wanted: str) -> str:
    names = [name for rule in RULES.values() for name in rule.names]
    longer = [name for name in names if wanted and name.casefold().startswith(wanted)]
    if longer:
        more = " and others" if len(longer) > _MOST_LISTED else ""
        return f"these begin with it: {', '.join(map(span, longer[:_MOST_LISTED]))}{more}"
    return did_you_mean(wanted, names, f"to list all rules: {command_line('explain')}", shlex.quote, most=3)

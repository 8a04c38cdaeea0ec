"""Report methods and APIs that the manifests at the base list and those at the head do not.

Each of them gives a warning. None is part of a plan, because its live responses stay as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.read.baseline import BaseStates
from reconciler.models.desired import Desired
from reconciler.models.targets import Target
from reconciler.rules import RunRule
from reconciler.wording import shown

_RULE: Final = RunRule.RELEASED
_MOST_NAMED: Final = 5
_STAYS: Final = "its live responses stay as they are"
_TO_DELETE: Final = "to delete them instead, list the method with `responses: {}`"


def released_methods(base: Desired, head: Desired, revision: str, *, narrowed: bool) -> Iterator[Diagnostic]:
    """Warn of the methods of an API that only the base lists; both sides have to be bound.

    A run that is `narrowed` does not see every manifest, and one that it does not see may list the method.
    """
    refs = {ref.name: ref for ref in head.manifests}
    released: dict[str, list[str]] = {}
    for scope in base.owns.keys() - head.owns.keys():
        name = base.owns[scope].manifest
        if name in refs or not narrowed:
            released.setdefault(name, []).append(str(scope))
    for name, methods in sorted(released.items()):
        change = f"{shown(name)} no longer lists {_listing(sorted(methods))}, as it did at {shown(revision)}"
        location = refs[name].location if name in refs else None
        yield warning(_RULE, f"{change}: {_STAYS}", _TO_DELETE, location)


def released_apis(known: Iterable[Target], base: BaseStates) -> Iterator[Diagnostic]:
    """Warn of the APIs that only manifests at the base are for; `known` are those of the head."""
    for target, names in base.targets_except(known):
        change = f"no manifest is for {target} any more, as {_listing(names)} was at {shown(base.revision)}"
        yield warning(_RULE, f"{change}: {_STAYS}", _TO_DELETE)


def _listing(names: Sequence[str]) -> str:
    first = [shown(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more else "")

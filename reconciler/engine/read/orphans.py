"""What nobody looks after any more, beside the revision that a branch started from.

Promise: what is released is told by a warning and by nothing else. It is in no plan, for what is live stays.
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
_STAYS: Final = "what is live stays as it is"
_TO_DELETE: Final = "to have responses deleted, list their method with `responses: {}`"


def released_methods(base: Desired, head: Desired, revision: str, *, narrowed: bool) -> Iterator[Diagnostic]:
    """The methods of an API that were listed at base and are not now; both have to be bound.

    A run that is `narrowed` does not see every manifest: one that it does not see may list what it does not.
    """
    refs = {ref.name: ref for ref in head.manifests}
    gone: dict[str, list[str]] = {}
    for scope in base.owns.keys() - head.owns.keys():
        name = base.owns[scope].manifest
        if name in refs or not narrowed:
            gone.setdefault(name, []).append(str(scope))
    for name, methods in sorted(gone.items()):
        what = f"{shown(name)} listed {_named(sorted(methods))} at {shown(revision)}"
        where = refs[name].location if name in refs else None
        yield warning(_RULE, f"{what}, and not any more: {_STAYS}", _TO_DELETE, where)


def released_apis(known: Iterable[Target], began: BaseStates) -> Iterator[Diagnostic]:
    """The APIs that manifests at base were for; `known` are those that manifests are for now."""
    for target, names in began.beyond(known):
        what = f"{_named(names)} at {shown(began.revision)} was for {target}"
        yield warning(_RULE, f"{what}, and not any more: {_STAYS}", _TO_DELETE)


def _named(names: Sequence[str]) -> str:
    first = [shown(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more else "")

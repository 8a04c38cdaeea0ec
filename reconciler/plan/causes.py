"""Why a response changes: because the manifests did, or because somebody changed it in AWS.

Promise: pure, and total over the actions of a plan. A cause is told by three states of a response: what an apply at
the base would leave there, what one at the head would, and what is live. It says nothing about what an action does:
plans with and without causes are the same work.
"""

import enum
from collections.abc import Mapping

from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.needs import missing_method_responses
from reconciler.models.responses import Response


class Cause(enum.StrEnum):
    """What makes an action necessary."""

    MANIFEST = "manifest"
    DRIFT = "drift"
    BOTH = "both"

    @property
    def reverts_live(self) -> bool:
        """Whether the action undoes what was changed in AWS."""
        return self is not Cause.MANIFEST


def causes(base: Desired, head: Desired, live: LiveApi) -> Mapping[ResponseKey, Cause]:
    """The cause of each response that head changes, and of each that only its method does not declare yet.

    All three have to be bound, under the same names. A method that base does not list is one that base leaves as it is.
    """
    found: dict[ResponseKey, Cause] = {}
    for key in sorted(_concerned(head, live)):
        wanted, held = left_by(head, key, live), _live(live, key)
        if wanted != held:
            found[key] = _cause(left_by(base, key, live), wanted, held)
    return {**_of_method_responses(base, head, live), **found}


def left_by(desired: Desired, key: ResponseKey, live: LiveApi) -> Response | None:
    """What an apply leaves of a response; None for nothing."""
    held, owner = _live(live, key), desired.owns.get(key.scope)
    if key in desired.responses:
        wanted = desired.responses[key]
        return None if wanted is ABSENT else wanted
    return None if owner and owner.prune and key not in desired.ignored else held


def _cause(before: Response | None, wanted: Response | None, held: Response | None) -> Cause:
    if before == wanted:
        return Cause.DRIFT
    return Cause.MANIFEST if before == held else Cause.BOTH


def _concerned(desired: Desired, live: LiveApi) -> set[ResponseKey]:
    """Every response of the listed methods, wanted or live."""
    held = {scope: live.methods[scope].responses for scope in desired.owns if scope in live.methods}
    return {*desired.responses, *(ResponseKey(scope, code) for scope, codes in held.items() for code in codes)}


def _live(live: LiveApi, key: ResponseKey) -> Response | None:
    method = live.methods.get(key.scope)
    return method.responses.get(key.code) if method else None


def _of_method_responses(base: Desired, head: Desired, live: LiveApi) -> dict[ResponseKey, Cause]:
    """The causes of what `methodResponses: ensure` makes: what base would have made too is gone from AWS."""
    before = _ensured(base, live)
    return {key: _declared(before.get(key), names) for key, names in _ensured(head, live).items()}


def _declared(before: frozenset[str] | None, now: frozenset[str]) -> Cause:
    if before is None or (now and before.isdisjoint(now)):
        return Cause.MANIFEST
    return Cause.DRIFT if now <= before else Cause.BOTH


def _ensured(desired: Desired, live: LiveApi) -> dict[ResponseKey, frozenset[str]]:
    return {
        need.key: frozenset(need.parameters)
        for need in missing_method_responses(desired, live)
        if desired.owns[need.scope].method_responses == "ensure"
    }

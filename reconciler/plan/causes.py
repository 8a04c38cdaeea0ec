"""Find out why a response changes: because the manifests changed, or because somebody changed it in AWS.

Pure, and defined for every action of a plan. A cause follows from three states of a response: the one that an apply at
the base would leave, the one that an apply at the head would leave, and the live one. It does not affect what an action
does: plans with and without causes do the same.
"""

import enum
from collections.abc import Mapping

from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.needs import TwoWayNeed, missing_method_responses, missing_route_responses
from reconciler.models.responses import Response


class Cause(enum.StrEnum):
    """The reason that makes an action necessary."""

    MANIFEST = "manifest"
    DRIFT = "drift"
    BOTH = "both"

    @property
    def reverts_live(self) -> bool:
        """Whether the action reverts a change made directly in AWS."""
        return self is not Cause.MANIFEST


def causes(base: Desired, head: Desired, live: LiveApi) -> Mapping[ResponseKey, Cause]:
    """Return the cause of each response that head changes, or whose method does not declare it yet.

    All three have to be bound, under the same names. Base leaves a method that it does not list as it is.
    """
    by_key: dict[ResponseKey, Cause] = {}
    for key in sorted(_concerned(head, live)):
        wanted, held = left_by(head, key, live), _live(live, key)
        if wanted != held:
            by_key[key] = _cause(left_by(base, key, live), wanted, held)
    return {**_of_method_responses(base, head, live), **_of_route_responses(base, head, live), **by_key}


def left_by(desired: Desired, key: ResponseKey, live: LiveApi) -> Response | None:
    """Return the response that an apply leaves; None if it leaves none."""
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
    """Return every response of the listed methods, desired or live."""
    held = {scope: live.methods[scope].responses for scope in desired.owns if scope in live.methods}
    return {*desired.responses, *(ResponseKey(scope, code) for scope, codes in held.items() for code in codes)}


def _live(live: LiveApi, key: ResponseKey) -> Response | None:
    method = live.methods.get(key.scope)
    return method.responses.get(key.code) if method else None


def _of_method_responses(base: Desired, head: Desired, live: LiveApi) -> dict[ResponseKey, Cause]:
    """Return the causes of declarations (`methodResponses: ensure`); what base would declare too is gone from AWS."""
    before = _ensured(base, live)
    return {key: _declared(before.get(key), names) for key, names in _ensured(head, live).items()}


def _of_route_responses(base: Desired, head: Desired, live: LiveApi) -> dict[ResponseKey, Cause]:
    """Return the causes of steps of `routeResponses: ensure`; what base ensures too was removed in AWS."""

    def cause(need: TwoWayNeed) -> Cause:
        owner = base.owns.get(need.scope)
        return Cause.DRIFT if owner and owner.route_responses == "ensure" else Cause.MANIFEST

    return {need.key: cause(need) for need in missing_route_responses(head, live)}


def _declared(before: frozenset[str] | None, clock: frozenset[str]) -> Cause:
    if before is None or (clock and before.isdisjoint(clock)):
        return Cause.MANIFEST
    return Cause.DRIFT if clock <= before else Cause.BOTH


def _ensured(desired: Desired, live: LiveApi) -> dict[ResponseKey, frozenset[str]]:
    return {
        need.key: frozenset(need.parameters)
        for need in missing_method_responses(desired, live)
        if desired.owns[need.scope].method_responses == "ensure"
    }

"""Compare the desired state of one API before and after a change.

`compare_desired` is pure, finds nothing between equal states, and ignores live state: it says what an apply would do to
responses that match the earlier state. Both sides are whole APIs, however they are split into manifests; names of
manifests, files and lines do not matter.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from reconciler.diff import ResponseChange, changes
from reconciler.models.desired import ABSENT, Desired, Ownership, Wanted
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response, RestResponse
from reconciler.models.views import is_default
from reconciler.review.shapes import ApiReview, ListingChange, MethodReview, Move, ResponseReview, ReviewEffect, Setting

DECLARED_ABSENT: Final = "declared absent"
NOT_LISTED: Final = "no longer listed"


def compare_desired(base: Desired | None, head: Desired | None) -> ApiReview:
    """Compare the desired state of one API before and after; None if no manifest is for it. One side is given."""
    old, new = base or _nothing_like(head), head or _nothing_like(base)
    responses = tuple(_responses(old, new))
    return ApiReview(
        kind=(head or old).manifests[0].kind,
        manifests=tuple(dict.fromkeys(manifest.name for manifest in (new if head else old).manifests)),
        responses=responses,
        methods=tuple(_methods(old, new)),
        moves=tuple(
            _moves(old, new, [response.key for response in responses if response.effect is ReviewEffect.RELEASE])
        ),
        settings=tuple(_settings(old, new, whole=base is not None and head is not None)),
        unchanged=tuple(_unchanged(new, {response.key for response in responses})),
    )


def _nothing_like(other: Desired | None) -> Desired:
    """Return the same API with no desired responses."""
    if other is None:
        raise TypeError("neither side is given")
    return Desired(other.manifests, {}, {})


def _unchanged(desired: Desired, changed: AbstractSet[ResponseKey]) -> Iterator[str]:
    for key, wanted in desired.responses.items():
        if wanted is not ABSENT and key not in changed:
            yield desired.address(key)


def _responses(old: Desired, new: Desired) -> Iterator[ResponseReview]:
    pairs: list[tuple[ResponseKey, Response | None, Response | None]] = []
    effects: dict[ResponseKey, tuple[ReviewEffect, str]] = {}
    for key in sorted(old.responses.keys() | new.responses.keys()):
        change_effect = _effect(old, new, key)
        if change_effect:
            effects[key] = change_effect
            pairs.append((key, _wanted(old, key), _wanted(new, key)))
    for change in changes(pairs):
        effect, note = effects[change.key]
        yield _review(old, new, change, effect, note)


def _effect(old: Desired, new: Desired, key: ResponseKey) -> tuple[ReviewEffect, str] | None:
    """Return the effect on a response, and a note if it needs one; None if an apply would do nothing."""
    before, after = old.responses.get(key), new.responses.get(key)
    owner = new.owns.get(key.scope)
    if before == after and (owner is None or before is not None):
        return None
    if isinstance(after, Response):
        return (ReviewEffect.UPDATE, "") if isinstance(before, Response) else (ReviewEffect.CREATE, "")
    if owner is None:
        return (ReviewEffect.RELEASE, "") if isinstance(before, Response) else None
    if after is ABSENT:
        # A pruned response is gone already, and pruning deletes the rest of a newly listed method anyway
        was_left = not _pruned(old if key.scope in old.owns else new, key.scope)
        is_news = isinstance(before, Response) or was_left
        return (ReviewEffect.DELETE, f"{DECLARED_ABSENT}{_protected(old, key)}") if is_news else None
    if isinstance(before, Response):
        pruned = ReviewEffect.DELETE, f"{NOT_LISTED}{_protected(old, key)}"
        return pruned if owner.prune else (ReviewEffect.RELEASE, NOT_LISTED)
    return None


def _protected(old: Desired, key: ResponseKey) -> str:
    return ", and was protected" if key in old.protected else ""


def _pruned(desired: Desired, scope: Scope) -> bool:
    owner = desired.owns.get(scope)
    return owner is not None and owner.prune


def _wanted(desired: Desired, key: ResponseKey) -> Response | None:
    wanted = desired.responses.get(key)
    return None if wanted is ABSENT else wanted


def _review(old: Desired, new: Desired, change: ResponseChange, effect: ReviewEffect, note: str) -> ResponseReview:
    key = change.key
    manifest = _manifest(old, new, key.scope)
    return ResponseReview(
        manifest=manifest,
        address=f"{manifest}: {key}",
        effect=effect,
        change=change,
        note=note,
        # A released response has no place in the new files
        source=new.origin(key) if key.scope in new.owns else None,
        set=new.set_of(key) if key in new.responses else "",
    )


def _manifest(old: Desired, new: Desired, scope: Scope) -> str:
    """Return the manifest that lists a method; if none does, the one that did, if it still exists."""
    if scope in new.owns:
        return new.owns[scope].manifest
    did, names = old.owns[scope].manifest, [manifest.name for manifest in new.manifests]
    return did if did in names else names[0]


def _methods(old: Desired, new: Desired) -> Iterator[MethodReview]:
    for scope in sorted(old.owns.keys() ^ new.owns.keys()):
        listing = ListingChange.LISTED if scope in new.owns else ListingChange.RELEASED
        owner = (new if scope in new.owns else old).owns[scope]
        yield MethodReview(_manifest(old, new, scope), scope, listing, owner.prune)


def _moves(old: Desired, new: Desired, released: Iterable[ResponseKey]) -> Iterator[Move]:
    """Yield the patterns that select another status than before; new and gone ones show in their responses.

    A default response that is new or gone is included.
    """
    remaining = {key: old.responses[key] for key in released if key.scope in new.owns}
    before, after = _selecting(old, old.responses), _selecting(new, {**new.responses, **remaining})
    for scope in sorted(before.keys() & after.keys()):
        old_patterns, new_patterns = before[scope], after[scope]
        for pattern in sorted(old_patterns.keys() | new_patterns.keys()):
            moved = old_patterns.get(pattern) != new_patterns.get(pattern)
            if moved and (pattern == "" or (pattern in old_patterns and pattern in new_patterns)):
                yield Move(
                    new.owns[scope].manifest, scope, pattern, old_patterns.get(pattern), new_patterns.get(pattern)
                )


def _selecting(desired: Desired, responses: Mapping[ResponseKey, Wanted]) -> dict[Scope, dict[str, str]]:
    """Return pattern -> status of each listed method; in WebSocket APIs, whose keys are patterns, only the default."""
    selecting: dict[Scope, dict[str, str]] = {scope: {} for scope in desired.owns}
    for key, wanted in sorted(responses.items(), key=lambda item: item[0]):
        if wanted is ABSENT:
            continue
        if isinstance(wanted, RestResponse):
            selecting[key.scope].setdefault(wanted.selection_pattern, key.code)
        elif is_default(key, wanted):
            selecting[key.scope][""] = key.code
    return selecting


def _settings(old: Desired, new: Desired, *, whole: bool) -> Iterator[Setting]:
    if whole:
        before, after = _stages(old), _stages(new)
        if before != after:
            yield Setting(new.manifests[0].name, "", "deploy.stages", before, after)
    for scope in sorted(old.owns.keys() & new.owns.keys()):
        for name, described in _OF_METHODS.items():
            before, after = described(old.owns[scope]), described(new.owns[scope])
            if before != after:
                yield Setting(new.owns[scope].manifest, str(scope), name, before, after)
    for key in sorted(old.responses.keys() & new.responses.keys()):
        if _wanted(old, key) and _wanted(new, key):
            yield from _of_response(old, new, key)


def _of_response(old: Desired, new: Desired, key: ResponseKey) -> Iterator[Setting]:
    manifest = new.owns[key.scope].manifest
    before, after = (_truth(value=key in side.protected) for side in (old, new))
    if before != after:
        yield Setting(manifest, str(key), "protect", before, after)
    # A setting of the method for all its responses is reported once, for the method
    before, after = (_own(side.owned.get(key)) for side in (old, new))
    if before != after and _own(old.owns[key.scope].own) == _own(new.owns[key.scope].own):
        yield Setting(manifest, str(key), "own", before, after)


def _truth(*, value: bool) -> str:
    """Return the value as YAML writes it."""
    return "true" if value else "false"


def _own(patterns: Iterable[str] | None) -> str:
    return "all fields" if patterns is None else ", ".join(patterns)


def _stages(desired: Desired) -> str:
    return ", ".join(sorted({stage for manifest in desired.manifests for stage in manifest.stages})) or "none"


_OF_METHODS: Final[Mapping[str, Callable[[Ownership], str]]] = {
    "prune": lambda owner: _truth(value=owner.prune),
    "methodResponses": lambda owner: owner.method_responses,
    "routeResponses": lambda owner: owner.route_responses,
    "own": lambda owner: _own(owner.own),
}

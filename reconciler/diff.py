"""Compare desired and live state, response by response and field by field.

`compare` is pure, finds nothing between equal states, and only counts unlisted methods. Both sides are in normal form,
so equality decides; DeepDiff is asked only about unequal pairs, and only then imported.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from reconciler.models.desired import ABSENT, Desired, Ownership
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import Response, RestResponse, WebSocketResponse

_Flat: TypeAlias = dict[str, str]
_Pair: TypeAlias = tuple[ResponseKey, Response | None, Response | None]


@dataclass(frozen=True, slots=True, order=True)
class FieldChange:
    """One value that differs; None stands for "not set". `path` is as in `responseTemplates.application/json`."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ResponseChange:
    """One response that differs: created (`before` None), deleted (`after` None) or updated."""

    key: ResponseKey
    before: Response | None
    after: Response | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of one API, sorted by path, verb and status.

    `unmanaged`: live responses that no manifest lists: on methods that are not listed, or not listed themselves under
    `prune: false`. `ignored`: live responses that an ignore rule leaves alone. `unselected`: responses that `--only`
    excludes. `unmanaged_methods`: how many methods with responses no manifest lists; `unmanaged_integrations`:
    how many of these are integrations of WebSocket APIs.
    """

    changes: tuple[ResponseChange, ...]
    unchanged: tuple[ResponseKey, ...]
    unmanaged: tuple[ResponseKey, ...]
    unmanaged_methods: int
    unmanaged_integrations: int = 0
    ignored: tuple[ResponseKey, ...] = ()
    unselected: tuple[ResponseKey, ...] = ()


def compare(desired: Desired, live: LiveApi) -> Comparison:
    """Compare every response of the listed methods, and list what is left alone."""
    differing: list[_Pair] = []
    unchanged: list[ResponseKey] = []
    for key, wanted in sorted(desired.responses.items(), key=lambda item: item[0]):
        found = _live_response(live, key)
        after = None if wanted is ABSENT else wanted
        if found == after:
            if found is not None:
                unchanged.append(key)
        else:
            differing.append((key, found, after))
    unlisted = [
        (owner, key, found) for owner, key, found in _live_responses(desired, live) if key not in desired.responses
    ]
    differing.extend((key, found, None) for owner, key, found in unlisted if _is_pruned(desired, owner, key))
    stays = [key for owner, key, _ in unlisted if not _is_pruned(desired, owner, key)]
    methods = [scope for scope, method in live.methods.items() if method.responses and scope not in desired.owns]
    return Comparison(
        changes=tuple(changes(sorted(differing, key=lambda pair: pair[0]))),
        unchanged=tuple(unchanged),
        unmanaged=tuple(sorted(key for key in stays if key not in desired.left)),
        unmanaged_methods=len(methods),
        unmanaged_integrations=sum(isinstance(scope, IntegrationKey) for scope in methods),
        ignored=tuple(sorted(key for key in stays if key in desired.left and key not in desired.unselected)),
        unselected=tuple(sorted(desired.unselected)),
    )


def _is_pruned(desired: Desired, owner: Ownership | None, key: ResponseKey) -> bool:
    return owner is not None and owner.prune and key not in desired.left


def _live_response(live: LiveApi, key: ResponseKey) -> Response | None:
    method = live.methods.get(key.scope)
    return method.responses.get(key.code) if method else None


def _live_responses(desired: Desired, live: LiveApi) -> Iterator[tuple[Ownership | None, ResponseKey, Response]]:
    for scope, method in live.methods.items():
        owner = desired.owns.get(scope)
        for code, response in method.responses.items():
            yield owner, ResponseKey(scope, code), response


def changes(pairs: Sequence[_Pair]) -> Iterator[ResponseChange]:
    """Yield each key with its two different states as a change."""
    for (key, before, after), fields in zip(pairs, field_changes([pair[1:] for pair in pairs]), strict=True):
        yield ResponseChange(key, before, after, in_field_order(fields))


_FIELD_ORDER = tuple(chain.from_iterable(zip(RestResponse().fields(), WebSocketResponse().fields(), strict=True)))


def in_field_order(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """Sort changes in the order in which they are shown."""
    return tuple(sorted(changes, key=_place))


def _place(change: FieldChange) -> tuple[int, str]:
    """Order fields as AWS does, map entries by name."""
    return _FIELD_ORDER.index(change.path.partition(".")[0]), change.path


def field_changes(pairs: Sequence[tuple[Response | None, Response | None]]) -> list[list[FieldChange]]:
    """Return the changes of each pair, value by value; a missing response has no values."""
    flat = [(_flat(before), _flat(after)) for before, after in pairs]
    found: list[list[FieldChange]] = [[] for _ in pairs]
    unequal: list[tuple[int, str]] = []
    for number, (before, after) in enumerate(pairs):
        old, new = flat[number]
        paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
        if before is None or after is None:
            found[number] = [FieldChange(path, old.get(path), new.get(path)) for path in paths]
        else:
            unequal += ((number, path) for path in paths)
    if unequal:
        for (number, path), before_text, after_text in _deep_changes(unequal, flat):
            found[number].append(FieldChange(path, before_text, after_text))
    return found


def _deep_changes(
    places: Sequence[tuple[int, str]], flat: Sequence[tuple[_Flat, _Flat]]
) -> Iterator[tuple[tuple[int, str], str | None, str | None]]:
    """DeepDiff's word on the unequal values, all in one question: asked pair by pair, it takes longer."""
    from deepdiff import DeepDiff  # noqa: PLC0415 - 200 ms that a plan without changes need not pay

    # It is shown numbers in place of texts: of two texts with several lines it would work out the line diff as well,
    # which nobody asks for here and which takes cubic time.
    numbers: dict[str, int] = {}
    before, after = (
        {
            at: numbers.setdefault(flat[number][side][path], len(numbers))
            for at, (number, path) in enumerate(places)
            if path in flat[number][side]
        }
        for side in (0, 1)
    )
    # Without the threshold, states that share few keys would be reported as replaced whole.
    for differences in DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0).values():
        for difference in differences:
            (at,) = difference.path(output_format="list")
            number, path = places[at]
            old, new = flat[number]
            yield places[at], old.get(path), new.get(path)


def _flat(response: Response | None) -> _Flat:
    if response is None:
        return {}
    flat: _Flat = {}
    for name, value in response.document().items():
        if isinstance(value, str):
            flat[name] = value
        elif value is not None:
            flat.update({f"{name}.{key}": text for key, text in value.items()})
    return flat

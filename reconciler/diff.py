"""Desired against live: what differs, response by response and field by field.

Promise: `compare` is pure, finds nothing between equal states, and never looks at methods that no manifest lists but to
count them. Both sides are in normal form, so equality decides; DeepDiff is asked only about unequal pairs, and only
then imported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from reconciler.models.desired import ABSENT, Desired, Ownership
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.responses import Response, RestResponse, WebSocketResponse


@dataclass(frozen=True, slots=True, order=True)
class FieldChange:
    """One value that differs; None stands for "not set". `path` is as in `responseTemplates.application/json`."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One response that differs: created (`before` None), deleted (`after` None) or updated."""

    key: ResponseKey
    before: Response | None
    after: Response | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of one API, sorted by path, verb and status.

    `unmanaged`: live responses that nothing here wants or touches: on methods that are not listed, or not listed
    themselves under `prune: false`, or ignored. `unmanaged_methods`: how many methods with responses no manifest lists.
    """

    changes: tuple[Change, ...]
    unchanged: tuple[ResponseKey, ...]
    unmanaged: tuple[ResponseKey, ...]
    unmanaged_methods: int


def compare(desired: Desired, live: LiveApi) -> Comparison:
    """Every response of the listed methods, and what is left alone."""
    changes: list[Change] = []
    unchanged: list[ResponseKey] = []
    for key, wanted in sorted(desired.responses.items(), key=lambda item: item[0]):
        found = _live_response(live, key)
        after = None if wanted is ABSENT else wanted
        if found == after:
            if found is not None:
                unchanged.append(key)
        else:
            changes.append(_change(key, found, after))
    unlisted = [
        (owner, key, found) for owner, key, found in _live_responses(desired, live) if key not in desired.responses
    ]
    changes.extend(_change(key, found, None) for owner, key, found in unlisted if _is_pruned(desired, owner, key))
    return Comparison(
        changes=tuple(sorted(changes, key=lambda change: change.key)),
        unchanged=tuple(unchanged),
        unmanaged=tuple(sorted(key for owner, key, _ in unlisted if not _is_pruned(desired, owner, key))),
        unmanaged_methods=sum(
            1 for scope, method in live.methods.items() if method.responses and scope not in desired.owns
        ),
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


def _change(key: ResponseKey, before: Response | None, after: Response | None) -> Change:
    return Change(key, before, after, tuple(sorted(field_changes(before, after), key=_place)))


_FIELD_ORDER = tuple(chain.from_iterable(zip(RestResponse().fields(), WebSocketResponse().fields(), strict=True)))


def _place(change: FieldChange) -> tuple[int, str]:
    """Fields in AWS's own order, map entries by name."""
    return _FIELD_ORDER.index(change.path.partition(".")[0]), change.path


def field_changes(before: Response | None, after: Response | None) -> Iterator[FieldChange]:
    """Value by value; a response that is not there has no values."""
    if before is None or after is None:
        old = _flat(before)
        new = _flat(after)
        yield from (FieldChange(path, old.get(path), new.get(path)) for path in old.keys() | new.keys())
        return
    old_fields, new_fields = before.fields(), after.fields()
    differing = [name for name, value in old_fields.items() if value != new_fields[name]]
    yield from _deep_changes(
        {name: _plain(old_fields[name]) for name in differing}, {name: _plain(new_fields[name]) for name in differing}
    )


def _plain(value: object) -> object:
    """As DeepDiff likes it: "" and None are "not set", maps are dictionaries."""
    return dict(value) if isinstance(value, Mapping) else (value or None)


def _deep_changes(before: dict[str, object], after: dict[str, object]) -> Iterator[FieldChange]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - 200 ms that a plan without changes need not pay

    # Without the threshold, maps that share few keys would be reported as replaced whole; "private" are keys in `__`.
    found = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False)
    for differences in found.values():
        for difference in differences:
            path = ".".join(difference.path(output_format="list"))
            yield FieldChange(path, _text(difference.t1), _text(difference.t2))


def _text(value: object) -> str | None:
    # DeepDiff's "not present" is an object of its own.
    return value if isinstance(value, str) else None


def _flat(response: Response | None) -> dict[str, str]:
    if response is None:
        return {}
    flat: dict[str, str] = {}
    for name, value in response.document().items():
        if isinstance(value, str):
            flat[name] = value
        elif value is not None:
            flat.update({f"{name}.{key}": text for key, text in value.items()})
    return flat


def absent_methods(desired: Desired, live: LiveApi) -> tuple[Scope, ...]:
    """Listed methods that the API does not have."""
    return tuple(scope for scope in desired.owns if scope not in live.methods)

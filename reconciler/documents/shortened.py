"""A drift report that fits where it goes: to who called a Lambda function, or to the next state of a state machine."""

import json
from collections.abc import Sequence
from typing import Final, TypeVar

from reconciler.diagnostics import warning
from reconciler.documents.drift import DriftDocument
from reconciler.documents.parts import JsonDocument, diagnostic_document
from reconciler.invocation import command_line
from reconciler.rules import RunRule

_RESERVE: Final = 2_000
"""Bytes for the note."""

_LISTS: Final = ("diagnostics", "findings", "resolved", "ignored", "targets")
"""What is shortened; what comes first is kept first."""

D = TypeVar("D", bound=JsonDocument)


def shortened(document: DriftDocument, at_most: int) -> DriftDocument:
    """Return a report of at most so many bytes as JSON in ASCII; a diagnostic says how much was left out.

    The summary still counts everything.
    """
    if _size(document) <= at_most:
        return document
    left = at_most - _RESERVE - _size(document.model_copy(update={name: [] for name in _LISTS}))
    kept: dict[str, list[JsonDocument]] = {}
    lost: list[str] = []
    for name in _LISTS:
        items: Sequence[JsonDocument] = getattr(document, name)
        kept[name] = _fitting(items, left)
        left -= sum(_size(item) + 2 for item in kept[name])
        if len(kept[name]) < len(items):
            lost.append(f"{len(items) - len(kept[name]):,} of {len(items):,} {name}")
    message = f"the report is larger than {at_most:,} bytes: {', '.join(lost)} are left out"
    remedy = f"for the whole report: {command_line('drift', '--format', 'json')}; or use more shards"
    note = diagnostic_document(warning(RunRule.SHORTENED, message, remedy))
    return document.model_copy(update={**kept, "diagnostics": [note, *kept["diagnostics"]]})


def _fitting(items: Sequence[D], at_most: int) -> list[JsonDocument]:
    """Return as many items as fit, in their order."""
    fitting: list[JsonDocument] = []
    for item in items:
        at_most -= _size(item) + 2  # the separator
        if at_most < 0:
            break
        fitting.append(item)
    return fitting


def _size(document: JsonDocument) -> int:
    return len(json.dumps(document.model_dump(mode="json", by_alias=True)))

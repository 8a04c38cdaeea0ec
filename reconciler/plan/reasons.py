"""Explain in words why an action is in the plan."""

from collections.abc import Sequence

from reconciler.diff import ResponseChange
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey


def delete_reason(desired: Desired, key: ResponseKey) -> str:
    """Explain why a live response is deleted."""
    return "declared absent" if desired.responses.get(key) is ABSENT else "not in the manifest"


def update_reason(change: ResponseChange) -> str:
    """Name the fields that differ."""
    names = list(dict.fromkeys(field.path.partition(".")[0] for field in change.fields))
    return f"{listed(names)} {'differs' if len(names) == 1 and not names[0].endswith('s') else 'differ'}"


def listed(names: Sequence[str]) -> str:
    """Join names: `one`, `one and two`, `one, two and three`."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]

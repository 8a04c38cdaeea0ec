"""What a notification is about: the open findings, compared with what a channel was last sent."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.fleet.history import Delivered

Reason: TypeAlias = Literal["changed", "cleared", "reminder"]


@dataclass(frozen=True, slots=True)
class News:
    """Fingerprints of findings, by what the channel knows: `new`, still `known`, or `resolved` since."""

    reason: Reason
    new: frozenset[str]
    known: frozenset[str]
    resolved: frozenset[str]


def news_for(delivered: Delivered, findings: AbstractSet[str], *, is_due: bool) -> News | None:
    """Return what to send a channel, None for nothing.

    `delivered` is what it was last sent; `is_due`: that is so long ago that findings are sent again. A channel hears of
    each change of the set of findings. After a failure it is sent whatever there is now: it may have received half of
    the story.
    """
    is_change = delivered.has_failed or findings != delivered.fingerprints
    if not is_change and not (is_due and findings):
        return None
    reason: Reason = "reminder" if not is_change else "changed" if findings else "cleared"
    return News(
        reason,
        new=frozenset(findings - delivered.fingerprints),
        known=frozenset(findings & delivered.fingerprints),
        resolved=frozenset(delivered.fingerprints - findings),
    )

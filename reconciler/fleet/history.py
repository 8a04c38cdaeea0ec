"""What the history of drift runs holds between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.fleet.trend import TrendPoint


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that no later run has seen resolved.

    `manifest` is the manifest that it is about, "" for a problem of a file. `stage` is None for the draft.
    """

    fingerprint: str
    type: str
    address: str
    manifest: str
    environment: str | None
    account_id: str
    region: str
    stage: str | None = None
    first_seen: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a channel was last sent, and when. `has_failed`: a later notification could not be delivered."""

    at: str = ""
    fingerprints: frozenset[str] = frozenset()
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The open findings by fingerprint, what each channel was last sent, and the counts of the runs so far.

    `at` is when the latest run was, "" before the first one.
    """

    at: str = ""
    open: Mapping[str, OpenFinding] = field(default_factory=dict)
    delivered: Mapping[str, Delivered] = field(default_factory=dict)
    trend: tuple[TrendPoint, ...] = ()

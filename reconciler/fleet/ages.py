"""Which findings are new, which are known since when, and which are resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

AgeState: TypeAlias = Literal["new", "known"]


@dataclass(frozen=True, slots=True)
class Age:
    """Whether an earlier run found it too, and when the first of them did (ISO 8601, UTC)."""

    state: AgeState
    first_seen: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A finding of the run before that is there no more."""

    fingerprint: str
    type: str
    address: str
    environment: str | None
    account_id: str
    region: str
    first_seen: str
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages of a run's findings by their fingerprints, and what was resolved since the run before (`since`)."""

    by_fingerprint: Mapping[str, Age] = field(default_factory=dict)
    resolved: tuple[Resolved, ...] = ()
    since: str = ""

"""Manifest, live and deployed, response by response.

Promise: pure; made of what drift found of the draft and of the stage, so that no two reports can disagree. What cannot
be told is never counted as alike.
"""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.items import Item
from reconciler.findings import Finding, TargetDrift, Type
from reconciler.models.desired import ABSENT
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.stages import Stage


class SyncStatus(enum.StrEnum):
    """How a response stands beside what the manifest wants."""

    ALIKE = "as wanted"
    CHANGED = "changed"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    AS_LIVE = "as live"
    LAGS = "lags"
    UNKNOWN = "unknown"


_OF_TYPE: Final[Mapping[Type, SyncStatus]] = {
    Type.CHANGED: SyncStatus.CHANGED,
    Type.MISSING: SyncStatus.MISSING,
    Type.UNEXPECTED: SyncStatus.UNEXPECTED,
    Type.ERROR: SyncStatus.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class ResponseStatus:
    """A response: whether the manifest wants it, and how what is live and what is deployed stand beside that.

    `deployed` is AS_LIVE where what is served is not as wanted, but as live; LAGS where it is only known that
    something is not as live; UNKNOWN where not even that is.
    """

    key: ResponseKey
    address: str
    is_wanted: bool
    live: SyncStatus
    deployed: SyncStatus

    @property
    def is_alike(self) -> bool:
        """Whether all three are known to be alike."""
        return self.live is SyncStatus.ALIKE and self.deployed is SyncStatus.ALIKE

    @property
    def differs(self) -> bool:
        """Whether they are known not to be."""
        return self.live is not SyncStatus.ALIKE or self.deployed not in {SyncStatus.ALIKE, SyncStatus.UNKNOWN}


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage, its rows, what else a deployment would publish, and what cannot be compared."""

    stage: Stage
    drift: TargetDrift
    rows: tuple[ResponseStatus, ...]
    others: tuple[Item, ...] = ()
    untold: tuple[Uncompared, ...] = ()

    @property
    def manifests(self) -> tuple[str, ...]:
        """The names of those of its API."""
        return tuple(manifest.name for manifest in self.drift.desired.manifests)


def rows(
    draft: TargetDrift, served: TargetDrift | None, *, lags: bool, unclear: Collection[Scope] = ()
) -> tuple[ResponseStatus, ...]:
    """Every response that is wanted or found, by what drift says of the draft and of what is served.

    `served` None: it cannot be told. `lags`: it is known only that it is not as in the draft. `unclear`: methods of
    which an export does not tell the responses.
    """
    live = _by_response(draft)
    known = None if served is None or lags else _by_response(served)
    wanted = {key for key, one in draft.desired.responses.items() if one is not ABSENT}
    keys = sorted(wanted.union(live, known or ()))
    return tuple(
        ResponseStatus(
            key,
            draft.desired.address(key),
            key in wanted,
            _standing(live.get(key)),
            _untold(lags=lags) if known is None or key.scope in unclear else _deployed(live.get(key), known.get(key)),
        )
        for key in keys
    )


def _by_response(drift: TargetDrift) -> dict[ResponseKey, Finding]:
    return {found.key: found for found in drift.findings if found.subject == "response"}


def _standing(found: Finding | None) -> SyncStatus:
    return _OF_TYPE[found.type] if found else SyncStatus.ALIKE


def _untold(*, lags: bool) -> SyncStatus:
    return SyncStatus.LAGS if lags else SyncStatus.UNKNOWN


def _deployed(live: Finding | None, served: Finding | None) -> SyncStatus:
    is_as_live = live is not None and served is not None and live.changes == served.changes
    return SyncStatus.AS_LIVE if is_as_live else _standing(served)

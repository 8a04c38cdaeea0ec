"""Compare manifest, draft and stage, response by response.

Pure; computed from the drift of the draft and of the stage, so that reports cannot disagree. What is unknown never
counts as in sync.
"""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.items import Item
from reconciler.findings import Finding, TargetDrift, Type
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.stages import Stage


class SyncStatus(enum.StrEnum):
    """How a response compares with the manifest."""

    IN_SYNC = "as wanted"
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
    """A response, whether the manifest wants it, and how the draft and the stage compare with the manifest.

    `deployed` is AS_LIVE if the stage serves the same difference as the draft; LAGS if it is only known that something
    differs from the draft; UNKNOWN if not even that is known.
    """

    key: ResponseKey
    address: str
    is_wanted: bool
    live: SyncStatus
    deployed: SyncStatus

    @property
    def is_in_sync(self) -> bool:
        """Whether all three are known to be the same."""
        return self.live is SyncStatus.IN_SYNC and self.deployed is SyncStatus.IN_SYNC

    @property
    def differs(self) -> bool:
        """Whether they are known to differ."""
        return self.live is not SyncStatus.IN_SYNC or self.deployed not in {SyncStatus.IN_SYNC, SyncStatus.UNKNOWN}


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage, its rows, the other items of a deployment, and what cannot be compared."""

    stage: Stage
    drift: TargetDrift
    rows: tuple[ResponseStatus, ...]
    others: tuple[Item, ...] = ()
    not_compared: tuple[Uncompared, ...] = ()

    @property
    def manifests(self) -> tuple[str, ...]:
        """The names of the manifests of its API."""
        return tuple(manifest.name for manifest in self.drift.manifests)


def rows(
    desired: Desired, draft: TargetDrift, served: TargetDrift | None, *, lags: bool, unclear: Collection[Scope] = ()
) -> tuple[ResponseStatus, ...]:
    """Return a row for every response that is desired or found, from the drift of the draft and of the stage.

    Both are compared with `desired`; `served` is None if unknown. `lags`: it is known only that the stage differs from
    the draft. `unclear`: methods whose responses an export does not show.
    """
    live = _by_response(draft)
    known = None if served is None or lags else _by_response(served)
    wanted = {key for key, response in desired.responses.items() if response is not ABSENT}
    keys = sorted(wanted.union(live, known or ()))
    return tuple(
        ResponseStatus(
            key,
            desired.address(key),
            key in wanted,
            _standing(live.get(key)),
            _unknown_status(lags=lags)
            if known is None or key.scope in unclear
            else _deployed(live.get(key), known.get(key)),
        )
        for key in keys
    )


def _by_response(drift: TargetDrift) -> dict[ResponseKey, Finding]:
    return {finding.key: finding for finding in drift.findings if finding.subject == "response"}


def _standing(finding: Finding | None) -> SyncStatus:
    return _OF_TYPE[finding.type] if finding else SyncStatus.IN_SYNC


def _unknown_status(*, lags: bool) -> SyncStatus:
    return SyncStatus.LAGS if lags else SyncStatus.UNKNOWN


def _deployed(live: Finding | None, served: Finding | None) -> SyncStatus:
    is_as_live = live is not None and served is not None and live.changes == served.changes
    return SyncStatus.AS_LIVE if is_as_live else _standing(served)

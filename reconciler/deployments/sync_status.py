"""Compare manifest, draft and stage, response by response.

Pure; computed from the drift of the draft and of the stage, so that reports cannot disagree. What is unknown never
counts as in sync.
"""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.items import Item
from reconciler.findings import Finding, StageDrift, TargetDrift, Type
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

    `deployed` is None without a stage; AS_LIVE if the stage serves the same difference as the draft; LAGS if it is only
    known that something differs from the draft; UNKNOWN if not even that is known.
    """

    key: ResponseKey
    address: str
    is_wanted: bool
    live: SyncStatus
    deployed: SyncStatus | None = None

    @property
    def is_in_sync(self) -> bool:
        """Whether all of them are known to be the same."""
        return self.live is SyncStatus.IN_SYNC and self.deployed in {SyncStatus.IN_SYNC, None}

    @property
    def differs(self) -> bool:
        """Whether they are known to differ."""
        same = {SyncStatus.IN_SYNC, SyncStatus.UNKNOWN, None}
        return self.live is not SyncStatus.IN_SYNC or self.deployed not in same


@dataclass(frozen=True, slots=True)
class StageStatus:
    """A stage, its rows, the other items of a deployment, and what cannot be compared.

    `drift` is that of the draft, `served` that of the stage, None if it is unknown. `counts`: the manifests declare the
    stage, or the command line names it; other stages are information. `problem`: why such a stage was not compared.
    """

    stage: Stage
    drift: TargetDrift
    rows: tuple[ResponseStatus, ...]
    others: tuple[Item, ...] = ()
    not_compared: tuple[Uncompared, ...] = ()
    served: StageDrift | None = None
    counts: bool = True
    problem: str = ""

    @property
    def differing(self) -> int:
        """How many responses are known to differ on the stage."""
        return sum(row.deployed not in {SyncStatus.IN_SYNC, SyncStatus.UNKNOWN} for row in self.rows)

    @property
    def manifests(self) -> tuple[str, ...]:
        """The names of the manifests of its API."""
        return tuple(manifest.name for manifest in self.drift.manifests)


@dataclass(frozen=True, slots=True)
class ApiStatus:
    """An API: the drift of its draft, a row for each response of the draft, and its stages, those that count first."""

    drift: TargetDrift
    rows: tuple[ResponseStatus, ...]
    stages: tuple[StageStatus, ...] = ()

    @property
    def manifests(self) -> tuple[str, ...]:
        """The names of its manifests."""
        return tuple(manifest.name for manifest in self.drift.manifests)

    @property
    def counted_stages(self) -> tuple[StageStatus, ...]:
        """The stages that count."""
        return tuple(stage for stage in self.stages if stage.counts)

    @property
    def counted(self) -> tuple[ResponseStatus, ...]:
        """The rows that count: those at the stages that count, without such a stage those of the draft."""
        stages = self.counted_stages
        return tuple(row for stage in stages for row in stage.rows) if stages else self.rows


def draft_rows(desired: Desired, draft: TargetDrift) -> tuple[ResponseStatus, ...]:
    """Return a row for every response that is desired or found, from the drift of the draft alone."""
    return tuple(replace(row, deployed=None) for row in rows(desired, draft, None, lags=False))


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

"""Which of the targets that manifests resolve to a run reads."""

import hashlib
from dataclasses import dataclass
from typing import Final, Protocol

from reconciler.fleet.shard import Shard
from reconciler.models.targets import Target

_HASH_BYTES: Final = 8


class TargetChoice(Protocol):
    """Decides about each target of a run once it is known, and about those that could not be found."""

    def covers(self, target: Target) -> bool:
        """Whether to read this API."""

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:
        """Whether to report that the API of this manifest was not found or not reached."""


@dataclass(frozen=True, slots=True)
class ShardChoice:
    """The APIs of one shard, by a hash of account, region, kind and id: all manifests of an API are in one shard.

    Without an id nobody knows which shard an API belongs to: one that was not found or not reached here may have been
    found by the others, which then leave it to this one. So every shard reports it, and a merge reports it once.
    """

    shard: Shard

    def covers(self, target: Target) -> bool:
        """Whether the API is in this shard."""
        return shard_of(target, self.shard.count) == self.shard.index

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:  # noqa: ARG002 - the signature of the protocol
        """Return True: see above."""
        return True


def shard_of(target: Target, count: int) -> int:
    """Return the number (from 1) of the shard that an API is in."""
    identity = (target.account_id, target.region, target.kind.value, target.api_id)
    digest = hashlib.sha256("\0".join(identity).encode()).digest()
    number = int.from_bytes(digest[:_HASH_BYTES], "big")
    return number % count + 1

"""--shard."""

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.group import option_group
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.shard import parse_shard

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request


@dataclass(frozen=True, slots=True)
class ShardOptions:
    """Which APIs to read; None: all of them."""

    choice: ShardChoice | None

    def added_to(self, request: "Request") -> "Request":
        """Return the request for the part."""
        return replace(request, choice=self.choice) if self.choice else request


def _shard(shard: str | None) -> ShardOptions:
    return ShardOptions(None if shard is None else ShardChoice(parse_shard(shard, os.environ)))


shard_options = option_group(
    "sharding",
    _shard,
    click.option(
        "--shard",
        metavar="PART",
        envvar="RECONCILER_SHARD",
        help="Read only one part, as in 1/4, or auto: the part that the scheduler gives this job. See `report merge`.",
    ),
)
"""--shard, as `sharding`."""

"""--shard."""

import os
from dataclasses import dataclass

import click

from reconciler.cli.options.group import option_group
from reconciler.fleet.shard import Shard, parse_shard


@dataclass(frozen=True, slots=True)
class ShardOptions:
    """Which part of the targets to read; None: all of them."""

    shard: Shard | None


def _shard(shard: str | None) -> ShardOptions:
    return ShardOptions(None if shard is None else parse_shard(shard, os.environ))


shard_options = option_group(
    "sharding",
    _shard,
    click.option(
        "--shard",
        metavar="I/N",
        envvar="RECONCILER_SHARD",
        help="Read only part I of N, or auto: the job's number, as the scheduler set it. See `report merge`.",
    ),
)
"""--shard, as `sharding`."""

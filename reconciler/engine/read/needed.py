"""Which accounts and regions a shard has to reach at all, as far as manifests alone say it.

Without this a run with hundreds of accounts would assume every role in every shard, and list every region. It takes an
environment with `accountId` and `region`, and APIs that are named by id: an API that is named otherwise may be in any
shard, so its region is listed by all of them.
"""

from collections.abc import Callable
from typing import TypeAlias

from reconciler.engine.load.project import ResolvedProject
from reconciler.fleet.choice import ShardChoice, TargetChoice
from reconciler.models.targets import Coordinates, Target

ConnectionFilter: TypeAlias = Callable[[ResolvedProject, Coordinates], bool]


def shard_filter(choice: TargetChoice | None) -> ConnectionFilter | None:
    """Return whether a run needs a project in an account and region; None if it needs everything."""
    if not isinstance(choice, ShardChoice):
        return None
    return lambda project, coordinates: _may_cover(project, coordinates, choice)


def _may_cover(project: ResolvedProject, coordinates: Coordinates, choice: ShardChoice) -> bool:
    account_id = project.environment.account_id if project.environment else None
    region = coordinates.region
    if not account_id or not region:
        return True
    refs = (project.ref(manifest, region) for manifest in project.manifests)
    return any(ref.api.id is None or choice.covers(Target(account_id, region, ref.api.id, ref.kind)) for ref in refs)

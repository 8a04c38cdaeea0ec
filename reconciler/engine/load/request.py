"""What the user asks for, as a plain value.

It may come from a command line or from a library call. Nothing in it is checked against manifests or configurations.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.fleet.choice import ShardChoice, TargetChoice
from reconciler.invocation import Invocation
from reconciler.models.targets import Coordinates
from reconciler.rules import GuardRule

if TYPE_CHECKING:
    from reconciler.documents.canonical import TargetId  # at run time it imports the planner, which few commands need


@dataclass(frozen=True, slots=True)
class Request:
    """Which manifests to process, for which environments, and how.

    `paths`: none means the manifests of the configuration in or above the current folder. `environments`: names, or
    `all` for every one. `variables` win over those of the environments. `selectors`: a manifest matches if it has all
    labels of at least one of them. `only`: globs of the addresses to process. `touched`: the real names of files and
    whole folders that count as changed, None for all. `process`: the environment variables of the process.
    `coordinates` win over those of the environments. `allow_missing`: responses of methods that do not exist yet are
    deferred instead of being errors. `places`: the accounts and regions that the run may reach, None for any.
    `awaited`: for each target, the names of the methods that a saved plan waits for.

    `writes`: responses are written to the draft; False: the draft is deployed as it is. `deploys`: the draft is
    deployed once it is written and verified. `compares_stages`: a read-only command looks at the stages, too. `stages`:
    the stages that either covers, none for those that the manifests declare. `publish_all`: a deployment may publish
    changes that are not part of the plan.

    `shows_effect`: response tests show what clients get before and after.

    `is_strict`: methods that no manifest lists are findings of a drift run.

    `timeout` limits the seconds of a read-only run, `target_timeout` those for reading one API; None: no limit.

    `any_environment`: without names in `environments`, every environment is meant.

    `choice` leaves targets out of a run over a fleet; None reads all of them. `remediates`: the run reverts drift, so
    every change that it makes undoes one made in AWS, and none may break clients.

    `invocation`: the command line of the run, for the commands that messages suggest.
    """

    paths: Sequence[str] = ()
    coordinates: Coordinates = field(default_factory=Coordinates)
    forced: Collection[GuardRule] = ()
    parallelism: int = 8
    config: str | None = None
    environments: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    selectors: Sequence[Mapping[str, str]] = ()
    only: Sequence[str] = ()
    touched: Collection[str] | None = None
    process: Mapping[str, str] = field(default_factory=dict)
    allow_missing: bool = False
    deploys: bool = False
    compares_stages: bool = False
    stages: Sequence[str] = ()
    publish_all: bool = False
    writes: bool = True
    places: Collection[tuple[str, str]] | None = None
    awaited: Mapping["TargetId", Collection[str]] = field(default_factory=dict)
    shows_effect: bool = False
    is_strict: bool = False
    timeout: float | None = None
    target_timeout: float | None = None
    any_environment: bool = False
    choice: TargetChoice | None = None
    remediates: bool = False
    invocation: Invocation = field(default_factory=Invocation)

    @property
    def parts(self) -> int:
        """The number of processes that cover the targets together, and so use the quota of each account together."""
        return self.choice.shard.count if isinstance(self.choice, ShardChoice) else 1

    @property
    def is_narrowed(self) -> bool:
        """Whether it may leave out manifests that the configurations name."""
        chosen = self.touched is not None or self.choice is not None
        return bool(self.paths or self.selectors or self.only) or chosen

"""What was asked for on the command line, as a value.

Promise: plain values, whatever they were read from; nothing here is checked against manifests or configurations.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.invocation import Invocation
from reconciler.models.targets import Coordinates
from reconciler.rules import GuardRule

if TYPE_CHECKING:
    from reconciler.documents.canonical import TargetId  # brings the planner along, which `validate` does not need


@dataclass(frozen=True, slots=True)
class Request:
    """Which manifests, for which environments, and how.

    `paths`: none means what the configuration in or above the current folder names. `environments`: their names,
    `all` for every one. `variables` win over those of the environments. `selectors`: of each, all labels have to
    fit; one of them is enough. `only`: globs of the addresses that the run is about. `touched`: the real names of
    the files and whole folders that count as changed, None for all. `process`: the environment variables of the
    process. `coordinates` win over those of the environments. `allow_missing`: what is wanted of methods that do
    not exist yet is set aside, not an error. `places`: the accounts and regions that it may lead to, None for any.
    `awaited`: of each target, the names of the methods that a saved plan waited for.

    `writes`: responses are written to the draft; False: the draft is deployed as it is. `deploys`: the draft is
    deployed once it is written and verified. `compares_stages`: a read-only command looks at the stages, too. `stages`:
    the stages that either is about, none for those that the manifests declare. `publish_all`: a deployment may publish
    changes that are not part of the plan.

    `invocation`: the command line that asks, for the commands that texts suggest.
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
    invocation: Invocation = field(default_factory=Invocation)

    @property
    def is_narrowed(self) -> bool:
        """Whether it may leave out some of what the configurations name."""
        return bool(self.paths or self.selectors or self.only) or self.touched is not None

"""Everything that a run over many APIs knows besides its findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.fleet.ages import Ages
from reconciler.fleet.blame import Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import Shard
from reconciler.fleet.trend import TrendPoint


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """What the steps after the comparison add; None: not asked for.

    `blames` are keyed by fingerprint. `configuration` is the digest of everything that was asked for: the parts of a
    sharded run have the same. `scope` is the digest of the options alone: the runs of a history have the same.
    `is_partial`: the run read only some of the targets that the options are about. `skipped` is the reason why nothing
    was read, "" if something was. `trend` holds the runs of the history, the oldest first, this run last; () without a
    history.
    """

    run: RunFacts = field(default_factory=RunFacts)
    ignored: tuple[IgnoredResponses, ...] = ()
    ages: Ages | None = None
    blames: Mapping[str, Blame] | None = None
    coverage: CoverageCount | None = None
    shard: Shard | None = None
    configuration: str = ""
    skipped: str = ""
    trend: tuple[TrendPoint, ...] = ()
    scope: str = ""
    remediation: Remediation | None = None
    is_partial: bool = False

"""The targets of a run, as far as they are known before any of them is read.

Manifests of one API share one read (`lookup` finds it). An API that is the target of two environments is refused here,
before any API is read. Which `--only` globs and ignore rules match nothing is known once every target was read; the
addresses of the targets are not kept for that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.config.configuration import IgnoreRule
from reconciler.diagnostics import Diagnostic
from reconciler.documents.canonical import target_id
from reconciler.engine.load.ignore_rules import MatchedGlobs, check_only, unused_only, unused_rules
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import NO_BASE, Baseline, BaseStates, base_states
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.lookup import find_targets_and_base
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.engine.read.target import ReadRequest, TargetState, with_site
from reconciler.fleet.choice import TargetChoice
from reconciler.models.targets import Target
from reconciler.resolve import merge


@dataclass(frozen=True, slots=True)
class FoundTargets:
    """The targets to read, and the failures to reach or find others.

    `diagnostics` are contradictions between manifests, and what is unknown about the base. `scopes`
    are what the run covers, by the file of the configuration, even if the targets are only a part of that.
    """

    read_requests: list[ReadRequest]
    unread: tuple[ReadFailure, ...]
    at_base: BaseStates = NO_BASE
    diagnostics: tuple[Diagnostic, ...] = ()
    scopes: Mapping[str, "RunScope"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunScope:
    """What a run covers of a configuration, whether it finds and reads it or not."""

    environments: tuple[str, ...] = ()
    manifests: frozenset[str] = frozenset()
    rules: tuple[IgnoreRule, ...] = ()

    def __str__(self) -> str:
        return f" in {', '.join(self.environments)}" if self.environments else ""


def run_scopes(projects: Iterable[ResolvedProject]) -> Mapping[str, RunScope]:
    """Return the scope of each configuration; a project without manifests has no say."""
    scopes: dict[str, RunScope] = {}
    for project in projects:
        if project.manifests:
            scope = scopes.get(project.file, RunScope())
            names = (ref.name for desired in project.manifests for ref in desired.manifests)
            environments = (*scope.environments, *filter(None, [project.name]))
            scopes[project.file] = RunScope(
                tuple(dict.fromkeys(environments)), scope.manifests.union(names), project.settings.ignore
            )
    return scopes


def find(
    account_regions: Sequence[AccountRegion],
    request: Request,
    unreached: Sequence[ReadFailure] = (),
    base: Baseline | None = None,
    cache: ListingCache | None = None,
) -> FoundTargets:
    """Find each manifest's API, once for all manifests of one API. What the request's `choice` omits is left out.

    `cache` keeps the listings for others.

    Raises Refused for an API that is the target of two environments, Interrupted.
    """
    baseline = base or Baseline()
    lookups, found_at_base = find_targets_and_base(
        account_regions, baseline.account_regions or (), request.parallelism, cache
    )
    at_base = base_states(baseline, found_at_base, account_regions)
    read_requests: list[ReadRequest] = []
    diagnostics = list(baseline.diagnostics)
    conflicts: list[Diagnostic] = []
    for account_region, (apis, _) in lookups:
        for target, desireds in apis.items():
            if request.choice and not request.choice.covers(target):
                continue
            desired, contradictions = merge(desireds)
            desired_at_base, unknown = at_base.desired_at(target, desired)
            diagnostics += unknown
            conflicts += with_site(contradictions, target)
            read_requests.append(
                ReadRequest(
                    account_region,
                    target,
                    desired,
                    request.only,
                    request.allow_missing,
                    desired_at_base,
                    _awaited(target, request),
                    request.is_strict,
                )
            )
    unread = (*unreached, *(failure for _, (_, failures) in lookups for failure in failures))
    scopes = run_scopes(account_region.project for account_region in account_regions)
    return FoundTargets(read_requests, covered(unread, request.choice), at_base, (*diagnostics, *conflicts), scopes)


def covered(failures: Sequence[ReadFailure], choice: TargetChoice | None) -> tuple[ReadFailure, ...]:
    """Return the failures of those manifests that the choice covers."""
    if choice is None:
        return tuple(failures)
    narrowed = (
        replace(
            failure,
            manifests=tuple(
                name for name in failure.manifests if choice.covers_unread(failure.environment, failure.region, name)
            ),
        )
        for failure in failures
    )
    return tuple(failure for failure in narrowed if failure.manifests)


def _awaited(target: Target, request: Request) -> Collection[str]:
    return request.awaited.get(target_id(target), ()) if request.awaited else ()


class SeenAddresses:
    """Which `--only` globs and ignore rules match an address of the targets read so far; for several threads."""

    def __init__(self, request: Request, scopes: Mapping[str, RunScope]) -> None:
        self._request = request
        self._scopes = scopes
        self._only = MatchedGlobs(request.only)
        self._by_file = {file: MatchedGlobs(rule.match for rule in scope.rules) for file, scope in scopes.items()}

    def note(self, state: TargetState) -> None:
        """Take the addresses of a target into account."""
        self._only.note(state.addresses)
        self._by_file[state.request.account_region.project.file].note(state.addresses)

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Warn of ignore rules that match nothing in any environment of the run, once every target was read.

        Raises UsageError for an `--only` glob without a match.
        """
        check_only(self._only)
        yield from self._idle_rules()

    def shard_diagnostics(self) -> Iterator[Diagnostic]:
        """Warn of ignore rules and `--only` globs that match nothing in a shard: another shard may have a match."""
        yield from unused_only(self._only)
        yield from self._idle_rules()

    def _idle_rules(self) -> Iterator[Diagnostic]:
        for file, scope in self._scopes.items():
            manifests = scope.manifests if self._request.is_narrowed else None
            yield from unused_rules(scope.rules, self._by_file[file].unmatched, str(scope), manifests)

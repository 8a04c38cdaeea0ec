"""The targets of a run, as far as they are known before any of them is read.

Manifests of one API share one read (`lookup` finds it). An API that is the target of two environments is refused here,
before any API is read. Which `--only` globs and ignore rules match nothing is known once every target was read; the
addresses of the targets are not kept for that.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.diagnostics import Diagnostic
from reconciler.documents.canonical import target_id
from reconciler.engine.load.ignore_rules import MatchedGlobs, check_only, unused_rules
from reconciler.engine.load.project import AccountRegion
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import NO_BASE, Baseline, BaseStates, base_states
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.lookup import find_targets_and_base
from reconciler.engine.read.target import ReadRequest, TargetState
from reconciler.fleet.choice import TargetChoice
from reconciler.models.targets import Target
from reconciler.resolve import merge


@dataclass(frozen=True, slots=True)
class FoundTargets:
    """The targets to read, and the failures to reach or find others.

    `diagnostics` are contradictions between manifests, and what is unknown about the base.
    """

    read_requests: list[ReadRequest]
    unread: tuple[ReadFailure, ...]
    at_base: BaseStates = NO_BASE
    diagnostics: tuple[Diagnostic, ...] = ()


def find(
    account_regions: Sequence[AccountRegion],
    request: Request,
    unreached: Sequence[ReadFailure] = (),
    base: Baseline | None = None,
) -> FoundTargets:
    """Find each manifest's API, once for all manifests of one API. What the request's `choice` omits is left out.

    Raises Refused for an API that is the target of two environments, Interrupted.
    """
    baseline = base or Baseline()
    lookups, found_at_base = find_targets_and_base(account_regions, baseline.account_regions or (), request.parallelism)
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
            conflicts += contradictions
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
    return FoundTargets(read_requests, covered(unread, request.choice), at_base, (*diagnostics, *conflicts))


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

    def __init__(
        self, request: Request, account_regions: Sequence[AccountRegion], expected: Sequence[ReadRequest]
    ) -> None:
        self._request = request
        self._only = MatchedGlobs(request.only)
        self._rules = {
            account_region.project.file: account_region.project.settings.ignore for account_region in account_regions
        }
        self._by_file = {file: MatchedGlobs(rule.match for rule in rules) for file, rules in self._rules.items()}
        self._names: dict[str, dict[str | None, None]] = {file: {} for file in self._rules}
        self._manifests: dict[str, set[str]] = {file: set() for file in self._rules}
        for read_request in expected:
            project = read_request.account_region.project
            self._names[project.file][project.name] = None
            self._manifests[project.file].update(ref.name for ref in read_request.desired.manifests)

    def note(self, state: TargetState) -> None:
        """Take the addresses of a target into account."""
        self._only.note(state.addresses)
        self._by_file[state.request.account_region.project.file].note(state.addresses)

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Warn of ignore rules that match nothing in any environment of the run, once every target was read.

        Raises UsageError for an `--only` glob without a match.
        """
        check_only(self._only)
        for file, rules in self._rules.items():
            names = self._names[file]
            scope = f" in {', '.join(name for name in names if name)}" if any(names) else ""
            manifests = self._manifests[file] if self._request.is_narrowed else None
            yield from unused_rules(rules, self._by_file[file].unmatched, scope, manifests)

"""The order of everything that a drift report lists, in one place: a merge of parts sorts as a run over all does.

A run reads APIs in the order that is quickest, and the parts of a sharded run know only their own, so the order is that
of names: environment, account, region, manifest. What the parts of a run, or the regions of an environment, report in
the same words is reported once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from reconciler.diagnostics import Diagnostic, in_order
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.findings import TargetDrift
from reconciler.fleet.ignored import IgnoredResponses

_Key: TypeAlias = tuple[object, ...]


def in_report_order(drift: Drift) -> Drift:
    """Return the same drift in the order of reports; the stages of an API stay in theirs."""
    return replace(
        drift,
        targets=tuple(sorted(drift.targets, key=_target_key)),
        unread=tuple(_sorted_failures(drift.unread)),
        diagnostics=_sorted_diagnostics(drift.diagnostics),
        stages=tuple(sorted(drift.stages, key=lambda stage: _target_key(stage.drift))),
        lost=tuple(_sorted_stage_failures(drift.lost)),
        facts=replace(drift.facts, ignored=tuple(_sorted_ignored(drift.facts.ignored))),
    )


def _target_key(drift: TargetDrift) -> _Key:
    target = drift.target
    names = tuple(manifest.name for manifest in drift.manifests)
    return target.environment or "", target.account_id, target.region, names, target.kind, target.api_id


def _sorted_failures(failures: Iterable[ReadFailure]) -> Iterator[ReadFailure]:
    """Yield the failures; manifests that cannot be read for the same reason share one."""
    groups: dict[_Key, list[ReadFailure]] = {}
    for failure in failures:
        groups.setdefault(_failure_key(failure), []).append(failure)
    joined = (_joined(group) for group in groups.values())
    yield from sorted(joined, key=lambda failure: (_place(failure), failure.manifests, _failure_key(failure)[3:6]))


def _joined(same: Sequence[ReadFailure]) -> ReadFailure:
    return replace(same[0], manifests=tuple(sorted({name for failure in same for name in failure.manifests})))


def _place(failure: ReadFailure) -> tuple[str, str, str]:
    return failure.environment or "", failure.account_id, failure.region


def _failure_key(unread: ReadFailure) -> _Key:
    failure = unread.failure
    return *_place(unread), failure.rule.id, failure.message, failure.remedy, unread.location


def _sorted_stage_failures(failures: Iterable[StageFailure]) -> Iterator[StageFailure]:
    unique = {(failure.stage, failure.unread.manifests, _failure_key(failure.unread)): failure for failure in failures}
    yield from sorted(
        unique.values(), key=lambda failure: (_place(failure.unread), failure.unread.manifests, failure.stage)
    )


def _sorted_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort them by place; the responses that one concerns are sorted, too."""
    return tuple(map(_sorted_addresses, in_order(sorted(diagnostics, key=lambda diagnostic: diagnostic.address))))


def _sorted_addresses(diagnostic: Diagnostic) -> Diagnostic:
    if not diagnostic.also:
        return diagnostic
    address, *also = sorted((diagnostic.address, *diagnostic.also))
    return replace(diagnostic, address=address, also=tuple(also))


def _sorted_ignored(every: Iterable[IgnoredResponses]) -> Iterator[IgnoredResponses]:
    """Yield each rule once for each environment and region, with all addresses."""
    groups: dict[_Key, list[IgnoredResponses]] = {}
    for ignored in every:
        groups.setdefault(_rule_key(ignored), []).append(ignored)
    for key in sorted(groups, key=repr):
        same = groups[key]
        addresses = sorted({address for ignored in same for address in ignored.addresses})
        yield replace(same[0], addresses=tuple(addresses))


def _rule_key(ignored: IgnoredResponses) -> _Key:
    rule = (ignored.match, ignored.fields, ignored.reason, ignored.until)
    return ignored.environment or "", ignored.region, *rule, ignored.location

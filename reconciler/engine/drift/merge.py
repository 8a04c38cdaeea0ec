"""Merge the parts of a sharded run: the result is the drift of a run over everything, but for times and calls.

Only parts that are the whole of one run are merged. Every shard reports the APIs that it did not find: one that another
shard has read is no failure. What concerns the whole run, such as an ignore rule that matches nothing, has to be in
every part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.order import in_report_order
from reconciler.engine.drift.parts import ReportError, ShardReport, joined
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import worst_exit_code
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint, lag_fingerprint
from reconciler.fleet.remediation import Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.models.targets import Target
from reconciler.ports import Usage
from reconciler.rules import InputRule

_OF_THE_WHOLE: Final = frozenset((InputRule.IDLE_IGNORE, InputRule.IDLE_ONLY))
"""Rules about what no API of a run has: a shard alone cannot know."""

_MOST_MISSING: Final = 5

_LONGEST_PAUSE: Final = 12 * 3_600
"""Seconds between two shards of a run, in the order of their starts; a job that waits longer is of another run."""


def merge(parts: Sequence[ShardReport]) -> Drift:
    """Return the drift of the whole run. Raises ReportError for parts that are not the whole of one run."""
    if problems := list(_problems(parts)):
        raise ReportError(joined(problems), "merge the reports of all shards of one run, and no others")
    drifts = [part.drift for part in sorted(parts, key=_index)]
    diagnostics = tuple(_diagnostics(drifts))
    idle = dict.fromkeys(diagnostic.message for diagnostic in diagnostics if diagnostic.rule is InputRule.IDLE_ONLY)
    if idle:
        raise ReportError(f"in all shards, {joined(list(idle))}", "correct --only, and run the shards again")
    merged = Drift(
        targets=tuple(target for drift in drifts for target in drift.targets),
        unread=tuple(_unread(drifts)),
        diagnostics=diagnostics,
        created_at=min((drift.created_at for drift in drifts), key=_moment),
        stages=tuple(stage for drift in drifts for stage in drift.stages),
        lost=tuple(failure for drift in drifts for failure in drift.lost),
        facts=_facts(drifts),
    )
    return _with_blames(in_report_order(merged), drifts)


def environments(drift: Drift) -> tuple[str, ...]:
    """Return the environments of a drift, by name."""
    names = {target.target.environment for target in drift.targets} | {failure.environment for failure in drift.unread}
    return tuple(sorted(name for name in names if name))


def _index(part: ShardReport) -> int:
    return part.drift.facts.shard.index if part.drift.facts.shard else 0


def _problems(parts: Sequence[ShardReport]) -> Iterator[str]:
    """Yield why the parts are not the whole of one run."""
    whole = [part.file for part in parts if part.drift.facts.shard is None]
    if whole:
        yield from (f"{file} is the report of a whole run, made without --shard" for file in whole)
        return
    different = [*_unnamed(parts), *_differences(parts)]
    incomplete = [] if different else [*_doubled(parts), *_missing(parts)]
    yield from different or incomplete or [*_far_apart(parts), *_shared_apis(parts)]


def _unnamed(parts: Sequence[ShardReport]) -> Iterator[str]:
    for part in parts:
        if not part.drift.facts.configuration:
            yield f"{part.file} does not say which run it belongs to"


def _differences(parts: Sequence[ShardReport]) -> Iterator[str]:
    """Yield the parts that belong to another run than the first."""
    first = parts[0]
    for part in parts[1:]:
        if _count(part) != _count(first):
            yield f"{part.file} is one of {_count(part)} parts, but {first.file} is one of {_count(first)}"
        elif part.drift.facts.configuration != first.drift.facts.configuration:
            yield f"{part.file} was made with another configuration, manifests, options or version than {first.file}"


def _count(part: ShardReport) -> int:
    return part.drift.facts.shard.count if part.drift.facts.shard else 1


def _doubled(parts: Sequence[ShardReport]) -> Iterator[str]:
    first: dict[int, ShardReport] = {}
    for part in parts:
        other = first.setdefault(_index(part), part)
        if other is not part:
            yield f"{other.file} and {part.file} are both part {part.drift.facts.shard}"


def _missing(parts: Sequence[ShardReport]) -> Iterator[str]:
    count = _count(parts[0])
    known = {_index(part) for part in parts}
    missing = [f"{index}/{count}" for index in range(1, count + 1) if index not in known]
    if missing:
        more = f" and {len(missing) - _MOST_MISSING:,} more" if len(missing) > _MOST_MISSING else ""
        files = ", ".join(part.file for part in parts[:_MOST_MISSING])
        yield f"part {', '.join(missing[:_MOST_MISSING])}{more} is missing (of the run of {files})"


def _far_apart(parts: Sequence[ShardReport]) -> Iterator[str]:
    """Yield the parts that follow another one so late that it is a report of an earlier run, left over where it was."""
    in_order = sorted(parts, key=lambda part: _moment(part.drift.created_at))
    for earlier, later in pairwise(in_order):
        end = _moment(earlier.drift.created_at) + earlier.drift.facts.run.seconds
        if _moment(later.drift.created_at) - end > _LONGEST_PAUSE:
            begin, late = earlier.drift.created_at, later.drift.created_at
            yield f"{earlier.file} is of {begin}, {later.file} of {late}, more than 12 hours later"


def _shared_apis(parts: Sequence[ShardReport]) -> Iterator[str]:
    """Yield the first API that is in two parts; a run reads each in one."""
    files: dict[Target, str] = {}
    for part in parts:
        for target in part.drift.targets:
            if (other := files.setdefault(target.target, part.file)) != part.file:
                yield f"{other} and {part.file} both have {target.target}"
                return


def _unread(drifts: Sequence[Drift]) -> Iterator[ReadFailure]:
    """Yield the failures, one for each environment, region and manifest, but for those of APIs that were read."""
    known = {
        (target.target.environment, target.target.region, manifest.name)
        for drift in drifts
        for target in drift.targets
        for manifest in target.manifests
    }
    for failure in (failure for drift in drifts for failure in drift.unread):
        for name in failure.manifests:
            place = (failure.environment, failure.region, name)
            if place not in known:
                known.add(place)
                yield replace(failure, manifests=(name,))


def _diagnostics(drifts: Sequence[Drift]) -> Iterator[Diagnostic]:
    everywhere = set.intersection(*(set(drift.diagnostics) for drift in drifts))
    for drift in drifts:
        for diagnostic in drift.diagnostics:
            if diagnostic.rule not in _OF_THE_WHOLE or diagnostic in everywhere:
                yield diagnostic


def _facts(drifts: Sequence[Drift]) -> FleetFacts:
    facts = [drift.facts for drift in drifts]
    return FleetFacts(
        run=_run(drifts),
        ignored=tuple(ignored for each in facts for ignored in each.ignored),
        coverage=next((each.coverage for each in facts if each.coverage), None),
        configuration=facts[0].configuration,
        scope=facts[0].scope,
        skipped=facts[0].skipped if all(each.skipped for each in facts) else "",
        remediation=_remediation([each.remediation for each in facts if each.remediation]),
    )


def _remediation(every: Sequence[Remediation]) -> Remediation | None:
    """Return what all shards did, if any did something; each has a journal of its own."""
    if not every:
        return None
    return Remediation(
        ", ".join(each.run for each in every if each.run),
        "; ".join(each.undo for each in every if each.undo),
        sum(each.written for each in every),
        tuple(target for each in every for target in each.restored),
        tuple(left for each in every for left in each.left),
        tuple(dict.fromkeys(refusal for each in every for refusal in each.refusals)),
        worst_exit_code(each.exit_code for each in every),
    )


def _with_blames(merged: Drift, drifts: Iterable[Drift]) -> Drift:
    """Add what the parts know, in the order of the findings; None if nobody asked for it."""
    every = [drift.facts.blames for drift in drifts if drift.facts.blames is not None]
    if not every:
        return merged
    known = {name: blame for blames in every for name, blame in blames.items()}
    names = dict.fromkeys([*(name for name in _fingerprints(merged) if name in known), *known])
    return replace(merged, facts=replace(merged.facts, blames={name: known[name] for name in names}))


def _fingerprints(drift: Drift) -> Iterator[str]:
    for draft in drift.targets:
        yield from (fingerprint(draft.target, finding) for finding in draft.findings)
    for stage in drift.stages:
        target = stage.drift.target
        yield from (fingerprint(target, finding, stage.name) for finding in stage.drift.findings)
        yield lag_fingerprint(target, stage.name)


def _run(drifts: Sequence[Drift]) -> RunFacts:
    """Return the time from the first start to the last end, and the usage of all."""
    starts = [_moment(drift.created_at) for drift in drifts]
    ends = [start + drift.facts.run.seconds for start, drift in zip(starts, drifts, strict=True)]
    stopped = [f"shard {drift.facts.shard}: {drift.facts.run.stopped}" for drift in drifts if drift.facts.run.stopped]
    return RunFacts(max(ends) - min(starts), sum((drift.facts.run.usage for drift in drifts), Usage()), joined(stopped))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()

"""What a run finds out about one API that was read: its drift, and what ignore rules leave out of it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from reconciler.config.configuration import IgnoreRule
from reconciler.diff import ResponseChange, compare
from reconciler.engine.load.ignore_rules import glob_matches, left_alone
from reconciler.engine.read.target import TargetState
from reconciler.findings import TargetDrift, find_drift
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.models.fields import fits


def target_drift(state: TargetState) -> TargetDrift:
    """Compare an API with its manifests; unlisted methods are findings where the request is strict."""
    request = state.request
    if not request.is_strict:
        return find_drift(state.desired, state.live)
    return find_drift(state.desired, state.live, left_alone(state.declared, state.settings.ignore, request.only))


def ignored_responses(state: TargetState) -> tuple[IgnoredResponses, ...]:
    """Return the differences of an API that ignore rules leave out, rule by rule; a rule that hides nothing has none.

    Nothing is returned for responses that `--only` does not select.
    """
    rules = state.settings.ignore
    if not rules:
        return ()
    only, target = state.request.only, state.live.target
    hidden: dict[IgnoreRule, list[str]] = {}
    for change in compare(state.declared, state.live).changes:
        address = state.declared.address(change.key)
        if only and not any(glob_matches(glob, address) for glob in only):
            continue
        for rule in rules:
            if glob_matches(rule.match, address) and _hides(rule, change):
                hidden.setdefault(rule, []).append(address)
    return tuple(
        IgnoredResponses(
            rule.match,
            rule.fields,
            rule.reason,
            rule.until,
            target.environment,
            target.region,
            tuple(addresses),
            rule.location,
        )
        for rule, addresses in hidden.items()
    )


def _hides(rule: IgnoreRule, change: ResponseChange) -> bool:
    """Whether a rule that matches a response leaves a difference of it out: one of fields needs both sides."""
    if not rule.fields:
        return True
    is_update = change.before is not None and change.after is not None
    return is_update and any(fits(rule.fields, field.path) for field in change.fields)


def merged_ignored(ignored: Iterable[IgnoredResponses]) -> tuple[IgnoredResponses, ...]:
    """Join what the same rule leaves out of several APIs of an environment and region."""
    by_rule: dict[IgnoredResponses, list[str]] = {}
    for each in ignored:
        by_rule.setdefault(replace(each, addresses=()), []).extend(each.addresses)
    return tuple(replace(rule, addresses=tuple(dict.fromkeys(names))) for rule, names in by_rule.items())

"""Two declared states, API by API.

Promise: APIs are told apart by what they are for (environment, kind, and the id or name of the API as the environment
has it), whatever manifests, files and configurations are called.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final, TypeAlias

from reconciler.config.configuration import IgnoreRule
from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.load import Declared, declare
from reconciler.engine.load.project import Assignment
from reconciler.engine.load.request import Request
from reconciler.models.desired import Desired
from reconciler.models.keys import Scope
from reconciler.ports import Files
from reconciler.resolve import merge
from reconciler.review import ApiLocation, ConfigurationChange, PlacedReview, compare_wishes

Apis: TypeAlias = Mapping[ApiLocation, Desired]


def apis(side: Declared) -> tuple[Apis, tuple[Diagnostic, ...]]:
    """Every API with all that its manifests want of it, and what they cannot agree on."""
    found: dict[ApiLocation, list[Desired]] = {}
    for assignment in side.assignments:
        for desired in assignment.manifests:
            found.setdefault(_place(assignment, desired), []).append(desired)
    merged = {place: merge(desireds) for place, desireds in found.items()}
    return {place: one for place, (one, _) in merged.items()}, tuple(
        clash for _, clashes in merged.values() for clash in clashes
    )


def _place(assignment: Assignment, desired: Desired) -> ApiLocation:
    ref = desired.manifests[0]
    here = assignment.environment
    said = here.apis.get(ref.name) if here else None
    if isinstance(said, str):
        api = f"id {said}"
    elif said is None:
        api = str(ref.api)
    else:
        api = ", ".join([*(f"id {said[region]} in {region}" for region in sorted(said)), f"else {ref.api}"])
    return ApiLocation(assignment.file, assignment.name, ref.kind, api)


def whole(side: Declared, request: Request, files: Files) -> Apis:
    """Every API of the configurations that the side is under, also what was not asked for."""
    everything = replace(request, paths=(), selectors=(), touched=None)
    by_config: dict[str, list[str]] = {}
    for assignment in side.assignments:
        if assignment.file:
            by_config.setdefault(assignment.file, []).extend([assignment.name] if assignment.name else ())
    found: dict[ApiLocation, Desired] = {}
    for config, names in by_config.items():
        # Those alone that this configuration has: of several configurations, each may have others
        found.update(apis(declare(replace(everything, config=config, environments=names), files))[0])
    return found


def with_what_moved(old: Apis, new: Apis, all_old: Apis, all_new: Apis) -> tuple[Apis, Apis]:
    """With the methods that are asked for on the one side, and stand where nobody asked on the other.

    A manifest may have been renamed, a method moved to another, a label changed.
    """
    asked = {
        place: frozenset(scope for side in (old, new) if place in side for scope in side[place].owns)
        for place in (*old, *new)
    }
    return _completed(old, all_old, asked), _completed(new, all_new, asked)


def _completed(side: Apis, everything: Apis, asked: Mapping[ApiLocation, AbstractSet[Scope]]) -> Apis:
    made = dict(side)
    for place, scopes in asked.items():
        known = side.get(place)
        more = everything.get(place)
        lacking = scopes - known.owns.keys() if known else scopes
        if more and not lacking.isdisjoint(more.owns):
            made[place], _ = merge([*([known] if known else ()), _only(more, lacking)])
    return made


def _only(desired: Desired, scopes: AbstractSet[Scope]) -> Desired:
    """What is wanted of these methods."""
    names = {owner.manifest for scope, owner in desired.owns.items() if scope in scopes}
    return replace(
        desired,
        manifests=tuple(manifest for manifest in desired.manifests if manifest.name in names),
        owns={scope: owner for scope, owner in desired.owns.items() if scope in scopes},
        responses={key: wanted for key, wanted in desired.responses.items() if key.scope in scopes},
        protected=frozenset(key for key in desired.protected if key.scope in scopes),
        owned={key: own for key, own in desired.owned.items() if key.scope in scopes},
    )


def compared(old: Apis, new: Apis) -> Iterator[PlacedReview]:
    """Every API of either side."""
    pairs = _paired(old, new)
    met = frozenset(pairs.values())
    gone = [place for place in old if place not in met]
    before = {(place.environment, name): place for place in gone for name in _names(old[place])}
    for place, desired in new.items():
        was = pairs.get(place)
        left = next((before[known] for name in _names(desired) if (known := (place.environment, name)) in before), None)
        review = compare_wishes(old[was] if was else None, desired)
        yield PlacedReview(place, review, is_new=was is None, instead_of=left.api if left and not was else "")
    for place in gone:
        yield PlacedReview(place, compare_wishes(old[place], None), is_gone=True)


def _names(desired: Desired) -> list[str]:
    return [manifest.name for manifest in desired.manifests]


def _paired(old: Apis, new: Apis) -> dict[ApiLocation, ApiLocation]:
    """Head -> base. Where a configuration was moved, its APIs are those of the same names, if only one can be meant."""
    pairs = {place: place for place in new if place in old}
    lost, unmet = (_by_name(one for one in side if one not in pairs) for side in (old, new))
    for name, places in unmet.items():
        if len(places) == len(lost.get(name, ())) == 1:
            pairs[places[0]] = lost[name][0]
    return pairs


def _by_name(places: Iterable[ApiLocation]) -> dict[ApiLocation, list[ApiLocation]]:
    """Without the files of their configurations."""
    found: dict[ApiLocation, list[ApiLocation]] = {}
    for place in places:
        found.setdefault(replace(place, file=""), []).append(place)
    return found


def configuration_changes(before: Declared, now: Declared) -> Iterator[ConfigurationChange]:
    """What configurations say otherwise about where and how the manifests of an environment are kept."""
    old = {(assignment.file, assignment.name): assignment for assignment in before.assignments}
    told: set[tuple[str, str]] = set()
    for assignment in now.assignments:
        was = old.get((assignment.file, assignment.name))
        if was is None:
            continue
        for name, said, says in zip(_SAID, _sayings(was), _sayings(assignment), strict=True):
            of_all = name in _OF_ALL
            if said != says and not (of_all and (assignment.file, name) in told):
                told.add((assignment.file, name))
                yield ConfigurationChange(assignment.file, None if of_all else assignment.name, name, said, says)


_SAID: Final = ("regions", "accountId", "profile", "assumeRole", "guard", "lint", "ignore")
_OF_ALL: Final = frozenset({"guard", "lint", "ignore"})


def _sayings(one: Assignment) -> tuple[str, ...]:
    here, guard = one.environment, one.settings.guard
    limits = {"maxDelete": guard.max_delete, "maxUpdate": guard.max_update}
    shares = [f"{name} {limit * 100:g}%" for name, limit in limits.items() if limit is not None]
    others = [
        *([] if guard.start is None else [f"from {guard.start}"]),
        *([] if guard.reverts_live is None else [f"revertsLive {guard.reverts_live}"]),
    ]
    return (
        ", ".join(here.regions) if here else "",
        (here.account_id or "") if here else "",
        (here.profile or "") if here else "",
        (here.role.arn if here.role else "") if here else "",
        ", ".join([*shares, *others]),
        ", ".join(f"{rule} {grade}" for rule, grade in sorted(one.settings.grades.items())),
        "; ".join(map(_rule, one.settings.ignore)),
    )


def _rule(rule: IgnoreRule) -> str:
    fields = f" [{', '.join(rule.fields)}]" if rule.fields else ""
    return f"{rule.match}{fields}{f' until {rule.until}' if rule.until else ''}"

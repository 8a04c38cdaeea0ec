"""Match the APIs of two revisions and compare their desired states.

APIs are matched by what they are for: the environment, the kind, and the id or name of the API there. The names of
manifests, files and configurations do not matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final, TypeAlias

from reconciler.config.configuration import IgnoreRule
from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.load import LoadResult, load_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.models.desired import Desired
from reconciler.models.keys import Scope
from reconciler.ports import Files
from reconciler.resolve import merge
from reconciler.review import ApiLocation, ConfigurationChange, PlacedReview, compare_desired

Apis: TypeAlias = Mapping[ApiLocation, Desired]


def apis_by_location(loaded: LoadResult) -> tuple[Apis, tuple[Diagnostic, ...]]:
    """Return every API with the desired state of all its manifests, and their contradictions."""
    desireds: dict[ApiLocation, list[Desired]] = {}
    for project in loaded.projects:
        for desired in project.manifests:
            desireds.setdefault(_location(project, desired), []).append(desired)
    merged = {location: merge(of_api) for location, of_api in desireds.items()}
    conflicts = tuple(conflict for _, of_api in merged.values() for conflict in of_api)
    return {location: desired for location, (desired, _) in merged.items()}, conflicts


def _location(project: ResolvedProject, desired: Desired) -> ApiLocation:
    ref = desired.manifests[0]
    entry = project.environment.apis.get(ref.name) if project.environment else None
    if isinstance(entry, str):
        api = f"id {entry}"
    elif entry is None:
        api = str(ref.api)
    else:
        api = ", ".join([*(f"id {entry[region]} in {region}" for region in sorted(entry)), f"else {ref.api}"])
    return ApiLocation(project.file, project.name, ref.kind, api, project.is_protected)


def all_apis(loaded: LoadResult, request: Request, files: Files) -> Apis:
    """Return every API of the loaded configurations, including those that the request does not select."""
    unselective = replace(request, paths=(), selectors=(), touched=None)
    environments: dict[str, list[str]] = {}
    for project in loaded.projects:
        if project.file:
            environments.setdefault(project.file, []).extend([project.name] if project.name else ())
    apis: dict[ApiLocation, Desired] = {}
    for config, names in environments.items():
        # Only the environments of this configuration: another one may define others
        whole = load_manifests(replace(unselective, config=config, environments=names), files)
        apis.update(apis_by_location(whole)[0])
    return apis


def with_moved_methods(old: Apis, new: Apis, all_old: Apis, all_new: Apis) -> tuple[Apis, Apis]:
    """Return both sides, each with the methods that are selected on the other side only.

    A manifest may have been renamed, a method moved to another one, or a label changed.
    """
    selected = {
        location: frozenset(scope for side in (old, new) if location in side for scope in side[location].owns)
        for location in (*old, *new)
    }
    return _completed(old, all_old, selected), _completed(new, all_new, selected)


def _completed(side: Apis, everything: Apis, selected: Mapping[ApiLocation, AbstractSet[Scope]]) -> Apis:
    completed = dict(side)
    for location, scopes in selected.items():
        known = side.get(location)
        more = everything.get(location)
        missing = scopes - known.owns.keys() if known else scopes
        if more and not missing.isdisjoint(more.owns):
            completed[location], _ = merge([*([known] if known else ()), _only(more, missing)])
    return completed


def _only(desired: Desired, scopes: AbstractSet[Scope]) -> Desired:
    """Return the desired state of these methods."""
    names = {owner.manifest for scope, owner in desired.owns.items() if scope in scopes}
    return replace(
        desired,
        manifests=tuple(manifest for manifest in desired.manifests if manifest.name in names),
        owns={scope: owner for scope, owner in desired.owns.items() if scope in scopes},
        responses={key: wanted for key, wanted in desired.responses.items() if key.scope in scopes},
        protected=frozenset(key for key in desired.protected if key.scope in scopes),
        owned={key: own for key, own in desired.owned.items() if key.scope in scopes},
    )


def compare_apis(old: Apis, new: Apis) -> Iterator[PlacedReview]:
    """Compare every API of either side."""
    pairs = paired(old, new)
    matched = frozenset(pairs.values())
    gone = [location for location in old if location not in matched]
    by_manifest = {(location.environment, name): location for location in gone for name in _names(old[location])}
    for location, desired in new.items():
        before = pairs.get(location)
        keys = ((location.environment, name) for name in _names(desired))
        replaced = next((by_manifest[key] for key in keys if key in by_manifest), None)
        review = compare_desired(old[before] if before else None, desired)
        instead_of = replaced.api if replaced and not before else ""
        yield PlacedReview(location, review, is_new=before is None, instead_of=instead_of)
    for location in gone:
        yield PlacedReview(location, compare_desired(old[location], None), is_gone=True)


def _names(desired: Desired) -> list[str]:
    return [manifest.name for manifest in desired.manifests]


def paired(old: Apis, new: Apis) -> dict[ApiLocation, ApiLocation]:
    """Return head -> base for the APIs that both have.

    An API whose configuration was moved is paired with the one that equals it but for the file, if there is just one.
    """
    pairs = {location: location for location in new if location in old}
    unpaired_old, unpaired_new = (
        _without_file(location for location in side if location not in pairs) for side in (old, new)
    )
    for key, locations in unpaired_new.items():
        if len(locations) == len(unpaired_old.get(key, ())) == 1:
            pairs[locations[0]] = unpaired_old[key][0]
    return pairs


def _without_file(locations: Iterable[ApiLocation]) -> dict[ApiLocation, list[ApiLocation]]:
    """Group locations by all but the file of their configuration."""
    groups: dict[ApiLocation, list[ApiLocation]] = {}
    for location in locations:
        groups.setdefault(replace(location, file=""), []).append(location)
    return groups


def configuration_changes(base: LoadResult, head: LoadResult) -> Iterator[ConfigurationChange]:
    """Return the settings of configurations and environments that differ."""
    old = {(project.file, project.name): project for project in base.projects}
    reported: set[tuple[str, str]] = set()
    for project in head.projects:
        before = old.get((project.file, project.name))
        if before is None:
            continue
        for name, old_value, new_value in zip(_SETTINGS, _settings(before), _settings(project), strict=True):
            is_shared = name in _SHARED
            if old_value != new_value and not (is_shared and (project.file, name) in reported):
                reported.add((project.file, name))
                environment = None if is_shared else project.name
                yield ConfigurationChange(project.file, environment, name, old_value, new_value)


_SETTINGS: Final = ("regions", "accountId", "profile", "assumeRole", "guard", "lint", "ignore")
_SHARED: Final = frozenset({"guard", "lint", "ignore"})
"""Settings that a configuration has for all of its environments."""


def _settings(project: ResolvedProject) -> tuple[str, ...]:
    environment, guard = project.environment, project.settings.guard
    limits = {"maxDelete": guard.max_delete, "maxUpdate": guard.max_update}
    shares = [f"{name} {limit * 100:g}%" for name, limit in limits.items() if limit is not None]
    others = [
        *([] if guard.start is None else [f"from {guard.start}"]),
        *([] if guard.reverts_live is None else [f"revertsLive {guard.reverts_live}"]),
        *([] if guard.breaking is None else [f"breaking {guard.breaking}"]),
    ]
    return (
        ", ".join(environment.regions) if environment else "",
        (environment.account_id or "") if environment else "",
        (environment.profile or "") if environment else "",
        (environment.role.arn if environment.role else "") if environment else "",
        ", ".join([*shares, *others]),
        ", ".join(f"{rule} {severity}" for rule, severity in sorted(project.settings.severities.items())),
        "; ".join(map(_ignore_rule, project.settings.ignore)),
    )


def _ignore_rule(rule: IgnoreRule) -> str:
    fields = f" [{', '.join(rule.fields)}]" if rule.fields else ""
    return f"{rule.match}{fields}{f' until {rule.until}' if rule.until else ''}"

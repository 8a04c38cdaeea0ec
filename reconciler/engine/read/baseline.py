"""Load the manifests that a branch started from, for the targets of its head.

The base is resolved like the head, for the same environments and with the same variables, but without the selection of
the run: a manifest that the run leaves out still existed at the base. A base that cannot be loaded gives a warning,
never an error. No API is read for it, and no listing is requested twice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reconciler.diagnostics import Diagnostic, any_error, warning
from reconciler.engine.load.load import load_manifests
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.lookup import LookupResult
from reconciler.errors import Interrupted, ReconcilerError, UsageError
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.keys import Scope
from reconciler.models.targets import Target
from reconciler.ports import Cloud, Files
from reconciler.resolve import merge
from reconciler.rules import RunRule
from reconciler.wording import shown

_RULE: Final = RunRule.UNKNOWN_CAUSE
_ApiKey: TypeAlias = tuple[str, str, str, str]
_NOTHING_DESIRED: Final = Desired((), {}, {})


@dataclass(frozen=True, slots=True)
class BaseRevision:
    """The revision that causes of changes are derived from, as the user named it, with the files at the merge base.

    `is_tip`: git knows no merge base, so the files are those of the revision itself.
    """

    revision: str
    files: Files
    is_tip: bool = False


def base_revision(revision: str, paths: Sequence[str], config: str | None) -> BaseRevision:
    """Find a revision in the repository of the manifests. Raises UsageError where there is no such one, or no git."""
    from reconciler.git.discovery import RepositorySearch  # noqa: PLC0415 - few ask for it
    from reconciler.git.history import merge_base, open_repository  # noqa: PLC0415
    from reconciler.git.revision import open_revision  # noqa: PLC0415

    repo = open_repository(RepositorySearch(paths, config), "--base")
    base_commit = merge_base(revision, repo)
    return BaseRevision(revision, open_revision(base_commit.commit, repo), is_tip=base_commit.is_tip)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The projects of a base in their accounts and regions; None: there is no base, or it could not be loaded.

    `unreached` are the manifests whose account or region cannot be reached.
    """

    revision: str = ""
    account_regions: tuple[AccountRegion, ...] | None = None
    unreached: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def load_baseline(
    base: BaseRevision | None, request: Request, account_regions: Sequence[AccountRegion], cloud: Cloud, today: str
) -> Baseline:
    """Load the base of a run whose head covers these accounts and regions. Raises Interrupted."""
    if base is None:
        return Baseline()
    try:
        projects, problems = _load(base, request, today)
        if request.paths and not problems:
            moved, problems = _moved(base, request, today, account_regions, projects)
            projects += moved
        if problems:
            return _unknown(base, _summary(problems))
        at_base, unreached = connect(projects, request.coordinates, cloud, request.parallelism)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return _unknown(base, failure.message)
    return Baseline(base.revision, tuple(_shared(at_base, account_regions)), unreached, tuple(_tip(base)))


def _load(
    base: BaseRevision, request: Request, today: str
) -> tuple[tuple[ResolvedProject, ...], tuple[Diagnostic, ...]]:
    """Load the requested manifests at the base, and return its errors too."""
    paths = tuple(path for path in request.paths if path_exists(path, base.files))
    if request.paths and not paths:
        return (), ()  # every requested file is new
    loaded = load_manifests(replace(request, paths=paths, selectors=(), touched=None), base.files, today)
    return loaded.projects, tuple(problem for problem in loaded.broken if problem.is_error)


def _moved(
    base: BaseRevision,
    request: Request,
    today: str,
    account_regions: Sequence[AccountRegion],
    known: Sequence[ResolvedProject],
) -> tuple[tuple[ResolvedProject, ...], tuple[Diagnostic, ...]]:
    """Load the manifests that list methods of the head under other file names at the base.

    Their errors count only if the requested files give nothing to compare with.
    """
    listed = {
        (ref.kind, scope)
        for account_region in account_regions
        for manifest in account_region.project.manifests
        for ref, scope in _listed(manifest)
    }
    names = {ref.name for project in known for desired in project.manifests for ref in desired.manifests}

    def may_have_moved(desired: Desired) -> bool:
        is_known = desired.manifests[0].name in names
        return not is_known and any((ref.kind, scope) in listed for ref, scope in _listed(desired))

    moved: list[ResolvedProject] = []
    problems: list[Diagnostic] = []
    for config, environments in _configurations(account_regions).items():
        whole = replace(request, paths=(), selectors=(), touched=None, config=config, environments=environments)
        try:
            loaded = load_manifests(whole, base.files, today)
        except UsageError:
            continue  # the configuration or the environment is new
        problems += (problem for problem in loaded.broken if problem.is_error)
        moved += (
            replace(project, manifests=tuple(filter(may_have_moved, project.manifests))) for project in loaded.projects
        )
    if problems:
        return (), () if known else tuple(problems)
    return tuple(moved), ()


def _listed(desired: Desired) -> Iterator[tuple[ManifestRef, Scope]]:
    return ((desired.manifests[0], scope) for scope in desired.owns)


def _configurations(account_regions: Sequence[AccountRegion]) -> Mapping[str, tuple[str, ...]]:
    """Return the configurations of the head, each with its environments."""
    names: dict[str, dict[str, None]] = {}
    for project in (account_region.project for account_region in account_regions):
        if project.file:
            names.setdefault(project.file, {}).update({project.name: None} if project.name else {})
    return {config: tuple(environments) for config, environments in names.items()}


def path_exists(path: str, files: Files) -> bool:
    """Return whether a PATH matches a file; an unreadable one exists, and its error is reported when it is read."""
    try:
        return any(_is_file(file, files) for file in files.expand(path))
    except OSError:
        return True


def _is_file(file: str, files: Files) -> bool:
    try:
        files.read(file, 0)
    except FileNotFoundError:
        return False
    return True


def _summary(problems: Sequence[Diagnostic]) -> str:
    first = problems[0]
    place = f"{first.location}: " if first.location else ""
    count = f"{len(problems):,} problems, the first at " if len(problems) > 1 and place else ""
    return f"the manifests do not validate ({count}{place}{first.message})"


def _unknown(base: BaseRevision, reason: str) -> Baseline:
    return Baseline(base.revision, diagnostics=(_unknown_cause(base.revision, reason), *_tip(base)))


def _unknown_cause(revision: str, reason: str) -> Diagnostic:
    effect = "this branch's changes cannot be distinguished from changes made in AWS"
    message = f"at {shown(revision)}, {reason}: {effect}"
    return warning(_RULE, message, "choose another revision: --base REV; the plan itself is complete")


def _tip(base: BaseRevision) -> Iterator[Diagnostic]:
    if base.is_tip:
        message = f"git finds no common history with {shown(base.revision)}; its last commit is used instead"
        yield warning(
            RunRule.NO_MERGE_BASE, message, "fetch the whole history: git fetch --unshallow, or fetch-depth: 0"
        )


def _shared(at_base: Iterable[AccountRegion], at_head: Sequence[AccountRegion]) -> Iterator[AccountRegion]:
    """Return those of the base that the head covers too, with the head's connections."""
    connections = {_place(account_region): account_region.connection for account_region in at_head}
    for account_region in at_base:
        connection = connections.get(_place(account_region))
        if connection:
            yield AccountRegion(account_region.project, connection)


def _place(account_region: AccountRegion) -> tuple[str, str]:
    return account_region.connection.account_id, account_region.connection.region


@dataclass(frozen=True, slots=True)
class BaseStates:
    """The desired state of each API at a base; `desired` None: it is unknown for every API.

    `lost` has the manifests of the base whose API was not found, with the reason; `gone` names those of them that the
    head does not have, or not under that name. `targets` has the names of each API's manifests.
    """

    revision: str
    desired: Mapping[_ApiKey, Desired | None] | None
    lost: Mapping[str, str] = field(default_factory=dict)
    gone: Collection[str] = ()
    targets: Mapping[Target, Sequence[str]] = field(default_factory=dict)

    def targets_except(self, known: Iterable[Target]) -> Iterator[tuple[Target, Sequence[str]]]:
        """Return the APIs of the base that are not among the known ones."""
        apis = {_api_key(target) for target in known}
        return ((target, names) for target, names in self.targets.items() if _api_key(target) not in apis)

    def desired_at(self, target: Target, head: Desired) -> tuple[Desired | None, tuple[Diagnostic, ...]]:
        """Return the desired state at the base of an API that the head's manifests are for; None and why if unknown."""
        if self.desired is None:
            return None, ()
        names = [ref.name for ref in head.manifests if ref.name in self.lost]
        if _api_key(target) not in self.desired:
            names += self.gone  # each of them may have been for this API
        if lost := [f"{name}: {self.lost[name]}" for name in names]:
            return None, (_unknown_cause(self.revision, "; ".join(lost)),)
        desired = self.desired.get(_api_key(target), _NOTHING_DESIRED)
        if desired is None:
            return None, (_unknown_cause(self.revision, f"manifests contradict each other about {target}"),)
        return desired, ()


NO_BASE: Final = BaseStates("", None)


def base_states(
    base: Baseline, lookups: Iterable[tuple[AccountRegion, LookupResult]], at_head: Sequence[AccountRegion]
) -> BaseStates:
    """Return the desired states of a base, given the APIs that were found for its manifests."""
    by_api: dict[_ApiKey, list[Desired]] = {}
    targets: dict[Target, list[str]] = {}
    lost = {name: failure.failure.message for failure in base.unreached for name in failure.manifests}
    for _, (apis, failures) in lookups:
        for target, desireds in apis.items():
            by_api.setdefault(_api_key(target), []).extend(desireds)
            targets.setdefault(target, []).extend(desired.manifests[0].name for desired in desireds)
        lost |= {name: failure.failure.message for failure in failures for name in failure.manifests}
    if base.account_regions is None:
        return BaseStates(base.revision, None)
    kept = {
        ref.name
        for account_region in at_head
        for manifest in account_region.project.manifests
        for ref in manifest.manifests
    }
    merged = {api: _merged(desireds) for api, desireds in by_api.items()}
    return BaseStates(base.revision, merged, lost, sorted(lost.keys() - kept), targets)


def _merged(desireds: Sequence[Desired]) -> Desired | None:
    merged, conflicts = merge(desireds)
    return None if any_error(conflicts) else merged


def _api_key(target: Target) -> _ApiKey:
    """Identify an API, whatever the environments that it belongs to are called."""
    return target.account_id, target.region, target.kind, target.api_id

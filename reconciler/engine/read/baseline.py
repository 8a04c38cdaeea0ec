"""What a branch started from: the manifests at a base revision, for the targets of the head.

Promise: the base is resolved as the head is, for the same environments and with the same variables, but whole: a
manifest that was not selected then is not a manifest that was not there. Whatever keeps it from being told is a
warning, never an error. No API is read for it, and no listing is asked for twice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reconciler.diagnostics import Diagnostic, any_error, warning
from reconciler.engine.load.load import declare
from reconciler.engine.load.project import AccountRegion, Assignment
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.lookup import Found
from reconciler.errors import Interrupted, ReconcilerError, UsageError
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.keys import Scope
from reconciler.models.targets import Target
from reconciler.ports import Cloud, Files
from reconciler.resolve import merge
from reconciler.rules import RunRule
from reconciler.wording import shown

_RULE: Final = RunRule.UNKNOWN_CAUSE
_Api: TypeAlias = tuple[str, str, str, str]
_NOTHING: Final = Desired((), {}, {})


@dataclass(frozen=True, slots=True)
class BaseRevision:
    """A revision to tell causes by, as the user named it, and its files where the branch left it.

    `is_tip`: git does not know where that was, so they are those of the revision itself.
    """

    revision: str
    files: Files
    is_tip: bool = False


def base_revision(revision: str, paths: Sequence[str], config: str | None) -> BaseRevision:
    """Find a revision in the repository of the manifests. Raises UsageError where there is no such one, or no git."""
    from reconciler.git.discovery import Near  # noqa: PLC0415 - few ask for it
    from reconciler.git.history import left_at, repository  # noqa: PLC0415
    from reconciler.git.revision import at_revision  # noqa: PLC0415

    repo = repository(Near(paths, config), "--base")
    left = left_at(revision, repo)
    return BaseRevision(revision, at_revision(left.commit, repo), is_tip=left.is_tip)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The manifests of a base, where they lead; `sites` None: there is no base, or nothing can be told of it.

    `lost` are those that lead nowhere.
    """

    revision: str = ""
    sites: tuple[AccountRegion, ...] | None = None
    lost: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def baseline(
    base: BaseRevision | None, request: Request, sites: Sequence[AccountRegion], cloud: Cloud, today: str
) -> Baseline:
    """The base of a run whose head leads to these sites. Raises Interrupted."""
    if base is None:
        return Baseline()
    try:
        assignments, problems = _declared(base, request, today)
        if request.paths and not problems:
            moved, problems = _moved(base, request, today, sites, assignments)
            assignments += moved
        if problems:
            return _unknown(base, _broken(problems))
        theirs, lost = connect(assignments, request.coordinates, cloud)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return _unknown(base, failure.message)
    return Baseline(base.revision, tuple(_shared(theirs, sites)), lost, tuple(_tip(base)))


def _declared(
    base: BaseRevision, request: Request, today: str
) -> tuple[tuple[Assignment, ...], tuple[Diagnostic, ...]]:
    """What the base declares, and what is wrong with it."""
    paths = tuple(path for path in request.paths if is_there(path, base.files))
    if request.paths and not paths:
        return (), ()  # all of them are new
    declared = declare(replace(request, paths=paths, selectors=(), touched=None), base.files, today)
    return declared.assignments, tuple(one for one in declared.broken if one.is_error)


def _moved(
    base: BaseRevision, request: Request, today: str, sites: Sequence[AccountRegion], known: Sequence[Assignment]
) -> tuple[tuple[Assignment, ...], tuple[Diagnostic, ...]]:
    """What base has of head's methods in manifests that no PATH leads to there: they may have had other names.

    What is wrong with these counts where there is nothing else to go by.
    """
    listed = {
        (ref.kind, scope)
        for site in sites
        for manifest in site.assignment.manifests
        for ref, scope in _listed(manifest)
    }
    names = {ref.name for one in known for made in one.manifests for ref in made.manifests}

    def may_be_ours(made: Desired) -> bool:
        return made.manifests[0].name not in names and any((ref.kind, at) in listed for ref, at in _listed(made))

    found: list[Assignment] = []
    problems: list[Diagnostic] = []
    for config, environments in _configurations(sites).items():
        everything = replace(request, paths=(), selectors=(), touched=None, config=config, environments=environments)
        try:
            declared = declare(everything, base.files, today)
        except UsageError:
            continue  # base has no such configuration or environment, and so nothing in it
        problems += (one for one in declared.broken if one.is_error)
        found += (
            replace(assignment, manifests=tuple(filter(may_be_ours, assignment.manifests)))
            for assignment in declared.assignments
        )
    if problems:
        return (), () if known else tuple(problems)
    return tuple(found), ()


def _listed(made: Desired) -> Iterator[tuple[ManifestRef, Scope]]:
    return ((made.manifests[0], scope) for scope in made.owns)


def _configurations(sites: Sequence[AccountRegion]) -> Mapping[str, tuple[str, ...]]:
    """The configurations of the head, each with its environments."""
    found: dict[str, dict[str, None]] = {}
    for one in (site.assignment for site in sites):
        if one.file:
            found.setdefault(one.file, {}).update({one.name: None} if one.name else {})
    return {config: tuple(names) for config, names in found.items()}


def is_there(path: str, files: Files) -> bool:
    """Whether a PATH means anything; what cannot be read is there, and is told when it is read."""
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


def _broken(problems: Sequence[Diagnostic]) -> str:
    first = problems[0]
    place = f"{first.location}: " if first.location else ""
    count = f"{len(problems):,} problems, the first at " if len(problems) > 1 and place else ""
    return f"the manifests do not validate ({count}{place}{first.message})"


def _unknown(base: BaseRevision, why: str) -> Baseline:
    return Baseline(base.revision, diagnostics=(_untold(base.revision, why), *_tip(base)))


def _untold(revision: str, why: str) -> Diagnostic:
    lacking = "what this branch changes cannot be told from what was changed in AWS"
    message = f"at {shown(revision)}, {why}: {lacking}"
    return warning(_RULE, message, "name another --base; the plan itself is whole")


def _tip(base: BaseRevision) -> Iterator[Diagnostic]:
    if base.is_tip:
        message = f"git finds no common history with {shown(base.revision)}: compared with its last commit"
        yield warning(
            RunRule.NO_MERGE_BASE, message, "fetch the whole history: git fetch --unshallow, or fetch-depth: 0"
        )


def _shared(theirs: Iterable[AccountRegion], ours: Sequence[AccountRegion]) -> Iterator[AccountRegion]:
    """The sites of the base to which the head leads as well, by the same connection."""
    connections = {(site.connection.account_id, site.connection.region): site.connection for site in ours}
    for site in theirs:
        connection = connections.get((site.connection.account_id, site.connection.region))
        if connection:
            yield AccountRegion(site.assignment, connection)


@dataclass(frozen=True, slots=True)
class BaseStates:
    """What a base wanted of each API, and which manifests of it lead nowhere; None: nothing can be told of any.

    `gone` are those of the lost ones that head does not have, or not under that name. `targets` has the names of each
    API's manifests.
    """

    revision: str
    wanted: Mapping[_Api, Desired | None] | None
    lost: Mapping[str, str] = field(default_factory=dict)
    gone: Collection[str] = ()
    targets: Mapping[Target, Sequence[str]] = field(default_factory=dict)

    def beyond(self, known: Iterable[Target]) -> Iterator[tuple[Target, Sequence[str]]]:
        """The APIs that are not among these."""
        apis = {_api(target) for target in known}
        return ((target, names) for target, names in self.targets.items() if _api(target) not in apis)

    def of(self, target: Target, head: Desired) -> tuple[Desired | None, tuple[Diagnostic, ...]]:
        """What the base wanted of the API that head's manifests mean, None if that cannot be told, and why not."""
        if self.wanted is None:
            return None, ()
        names = [ref.name for ref in head.manifests if ref.name in self.lost]
        if _api(target) not in self.wanted:
            names += self.gone  # any of them may have been for this API
        if lost := [f"{name}: {self.lost[name]}" for name in names]:
            return None, (_untold(self.revision, "; ".join(lost)),)
        wanted = self.wanted.get(_api(target), _NOTHING)
        if wanted is None:
            what = f"manifests contradict each other over {target}"
            return None, (_untold(self.revision, what),)
        return wanted, ()


def origins(base: Baseline, found: Iterable[tuple[AccountRegion, Found]], ours: Sequence[AccountRegion]) -> BaseStates:
    """What was found of a base; `ours` are the sites of the head."""
    wanted: dict[_Api, list[Desired]] = {}
    targets: dict[Target, list[str]] = {}
    lost = {name: one.failure.message for one in base.lost for name in one.manifests}
    for _, (apis, losses) in found:
        for target, desireds in apis.items():
            wanted.setdefault(_api(target), []).extend(desireds)
            targets.setdefault(target, []).extend(made.manifests[0].name for made in desireds)
        lost |= {name: loss.failure.message for loss in losses for name in loss.manifests}
    if base.sites is None:
        return BaseStates(base.revision, None)
    kept = {ref.name for site in ours for manifest in site.assignment.manifests for ref in manifest.manifests}
    merged = {api: _merged(desireds) for api, desireds in wanted.items()}
    return BaseStates(base.revision, merged, lost, sorted(lost.keys() - kept), targets)


def _merged(desireds: Sequence[Desired]) -> Desired | None:
    merged, clashes = merge(desireds)
    return None if any_error(clashes) else merged


def _api(target: Target) -> _Api:
    """An API, whatever the environment that leads to it is called."""
    return target.account_id, target.region, target.kind, target.api_id

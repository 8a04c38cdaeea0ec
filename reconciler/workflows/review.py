"""review: what a change of the manifests does, told offline from two states of a repository.

Promise: reads both sides through `Files` and asks AWS nothing. Manifests are matched by what they are for (environment,
kind, and the id or name of the API as the environment has it), whatever they and their files are called. A base that
does not resolve as a whole is told and compared as far as it does; a head that does not is an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.diagnostics import Diagnostic, any_error, in_order, warning
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import git
from reconciler.manifest.files import Disk
from reconciler.manifest.revision import at_revision
from reconciler.models.desired import Desired
from reconciler.ports import Files
from reconciler.resolve import merge
from reconciler.resolve.configuration import IgnoreRule
from reconciler.review import ConfigurationChange, Place, PlacedReview, Review, State, compare_wishes
from reconciler.workflows.assignments import Assignment
from reconciler.workflows.declared import Declared, declare, nothing_found
from reconciler.workflows.request import Request

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states, and its files."""

    state: State
    files: Files


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review, and what is wrong with the manifests. `is_told`: they could be compared."""

    review: Review
    diagnostics: tuple[Diagnostic, ...] = ()
    is_told: bool = True

    @property
    def exit_code(self) -> ExitCode:
        """1 when the manifests at head have errors, else 0, whatever changed."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def sides(base: str | None, head: str | None, near: str | None) -> tuple[Side, Side, tuple[Diagnostic, ...]]:
    """What to compare, in the repository around `near`, and what is to be said of that.

    `base` None: what branches are taken from. `head` None: the working tree. Raises UsageError where there is no
    repository or no such revision.
    """
    root = git.repository(near, "review")
    left = git.left_at(base or git.trunk(near), root, head or "HEAD")
    name = left.revision.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    called = name if left.is_tip else f"where the branch left {name}"
    before = Side(State(called, left.commit), at_revision(left.commit, near))
    if head is None:
        return before, Side(State("the working tree"), Disk()), tuple(_unrelated(left))
    commit = git.commit_of(head, root)
    return before, Side(State(head, commit), at_revision(commit, near)), tuple(_unrelated(left))


def _unrelated(left: git.Base) -> Iterator[Diagnostic]:
    if left.is_tip:
        message = f"git finds no common history with {left.revision}: what changed there since shows as undone here"
        yield warning("no-merge-base", message, "fetch the whole history: git fetch --unshallow, or fetch-depth: 0")


def review(request: Request, base: Side, head: Side, said: Iterable[Diagnostic] = ()) -> Reviewed:
    """Declare both sides and compare them; `said` is what is known already.

    Raises UsageError for environments that head does not have, and for a request that names nothing there.
    """
    nothing = Review(base.state, head.state)
    now = declare(request, head.files)
    if now.is_broken:
        return Reviewed(nothing, in_order((*said, *now.diagnostics)), is_told=False)
    before, told = _declared_at_base(request, base)
    if now.is_empty and before.is_empty and not now.has_sets and not now.is_untouched:
        return Reviewed(nothing, (*said, nothing_found(request)), is_told=False)
    (old, _), (new, clashes) = _apis(before), _apis(now)
    found = replace(
        nothing,
        environments=tuple(dict.fromkeys(name for side in (now, before) for name in _environments(side))),
        apis=tuple(_compared(old, new)),
        configuration=tuple(_configuration(before, now)),
    )
    return Reviewed(found, in_order((*said, *told, *clashes, *_news(before, now))))


def _declared_at_base(request: Request, base: Side) -> tuple[Declared, tuple[Diagnostic, ...]]:
    """What resolves of the base, and what is to be said of the rest."""
    try:
        found = declare(request, base.files)
    except UsageError as failure:
        message = f"nothing can be compared with {base.state}, so everything shows as new: {failure.message}"
        return Declared((), (), ()), (warning("base", message, "this needs no mending"),)
    problems = [one for one in found.broken if one.is_error and not _is_new(one, request)]
    return found, tuple(_unsound(problems, base))


def _is_new(one: Diagnostic, request: Request) -> bool:
    """Whether it says that a PATH was not there yet."""
    place = one.location
    return one.rule == "missing-file" and place is not None and not place.line and place.file in request.paths


def _unsound(problems: list[Diagnostic], base: Side) -> Iterator[Diagnostic]:
    if problems:
        first = "; ".join(f"{one.location or 'the command line'}: {one.message}" for one in problems[:_MOST_NAMED])
        more = f"; and {len(problems) - _MOST_NAMED} more" if len(problems) > _MOST_NAMED else ""
        count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
        message = f"the manifests at {base.state} have {count}, and what they keep from being read shows as new"
        yield warning("base", f"{message}: {first}{more}", "mend nothing there: look at these with more care")


def _environments(side: Declared) -> Iterator[str]:
    return (one.name for one in side.assignments if one.name)


def _news(before: Declared, now: Declared) -> Iterator[Diagnostic]:
    """Errors, and the warnings that were not there before: those are news."""
    known = {(one.rule, one.message, one.address) for one in before.diagnostics}
    return (one for one in now.diagnostics if one.is_error or (one.rule, one.message, one.address) not in known)


_Apis: TypeAlias = Mapping[Place, Desired]


def _apis(side: Declared) -> tuple[_Apis, tuple[Diagnostic, ...]]:
    """Every API with all that its manifests want of it, and what they cannot agree on."""
    found: dict[Place, list[Desired]] = {}
    for assignment in side.assignments:
        for desired in assignment.manifests:
            found.setdefault(_place(assignment, desired), []).append(desired)
    merged = {place: merge(desireds) for place, desireds in found.items()}
    return {place: one for place, (one, _) in merged.items()}, tuple(
        clash for _, clashes in merged.values() for clash in clashes
    )


def _place(assignment: Assignment, desired: Desired) -> Place:
    ref = desired.manifests[0]
    here = assignment.environment
    said = here.apis.get(ref.name) if here else None
    if isinstance(said, str):
        api = f"id {said}"
    elif said is None:
        api = str(ref.api)
    else:
        api = ", ".join([*(f"id {said[region]} in {region}" for region in sorted(said)), f"else {ref.api}"])
    return Place(assignment.file, assignment.name, ref.kind, api)


def _compared(old: _Apis, new: _Apis) -> Iterator[PlacedReview]:
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
    return [one.name for one in desired.manifests]


def _paired(old: _Apis, new: _Apis) -> dict[Place, Place]:
    """Head -> base. Where a configuration was moved, its APIs are those of the same names, if only one can be meant."""
    pairs = {place: place for place in new if place in old}
    lost, unmet = (_by_name(one for one in side if one not in pairs) for side in (old, new))
    for name, places in unmet.items():
        if len(places) == len(lost.get(name, ())) == 1:
            pairs[places[0]] = lost[name][0]
    return pairs


def _by_name(places: Iterable[Place]) -> dict[Place, list[Place]]:
    """Without the files of their configurations."""
    found: dict[Place, list[Place]] = {}
    for place in places:
        found.setdefault(replace(place, file=""), []).append(place)
    return found


def _configuration(before: Declared, now: Declared) -> Iterator[ConfigurationChange]:
    """What configurations say otherwise about where and how the manifests of an environment are kept."""
    old = {(one.file, one.name): one for one in before.assignments}
    told: set[tuple[str, str]] = set()
    for one in now.assignments:
        was = old.get((one.file, one.name))
        if was is None:
            continue
        for name, said, says in zip(_SAID, _sayings(was), _sayings(one), strict=True):
            of_all = name in _OF_ALL
            if said != says and not (of_all and (one.file, name) in told):
                told.add((one.file, name))
                yield ConfigurationChange(one.file, None if of_all else one.name, name, said, says)


_SAID: Final = ("regions", "accountId", "profile", "assumeRole", "guard", "ignore")
_OF_ALL: Final = frozenset({"guard", "ignore"})


def _sayings(one: Assignment) -> tuple[str, ...]:
    here, guard = one.environment, one.settings.guard
    limits = {"maxDelete": guard.max_delete, "maxUpdate": guard.max_update}
    shares = [f"{name} {limit * 100:g}%" for name, limit in limits.items() if limit is not None]
    return (
        ", ".join(here.regions) if here else "",
        (here.account_id or "") if here else "",
        (here.profile or "") if here else "",
        (here.role.arn if here.role else "") if here else "",
        ", ".join([*shares, *([] if guard.start is None else [f"from {guard.start}"])]),
        "; ".join(map(_rule, one.settings.ignore)),
    )


def _rule(rule: IgnoreRule) -> str:
    fields = f" [{', '.join(rule.fields)}]" if rule.fields else ""
    return f"{rule.match}{fields}{f' until {rule.until}' if rule.until else ''}"

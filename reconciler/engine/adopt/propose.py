"""Findings -> the files as they would have to be, tried out before anything is written.

Promise: what is proposed was declared, bound and compared again, in memory, with the live state of the run: the
findings that count as adopted are gone, and no response differs that did not differ before. A finding that would not
come out so is left, with its reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.engine.adopt.consensus import Users, declared_scopes
from reconciler.engine.adopt.manifest_edits import (
    Blocker,
    EditableLayers,
    ManifestEdit,
    of_changed,
    of_missing,
    of_unexpected,
    stack,
    there,
)
from reconciler.engine.adopt.overlay_files import Patched
from reconciler.engine.adopt.proposal import AdoptOptions, AdoptRun, Left, Proposal, TargetFinding
from reconciler.engine.adopt.rewrite import Rewritten, SourceFiles, Wished, rewritten
from reconciler.engine.load.load import Declared, declare
from reconciler.engine.read.read import TargetState, beside
from reconciler.findings import Finding, Type, find_drift
from reconciler.models.keys import ResponseKey
from reconciler.ports import Files
from reconciler.resolve import merge
from reconciler.resolve.layers import Layer
from reconciler.resolve.origins import layers_of
from reconciler.yamlio.edit import holds_placeholder
from reconciler.yamlio.nodes import Path


@dataclass(frozen=True, slots=True)
class _Draft:
    """A try: what it makes of the files, and what is against it by the number of the finding.

    `needs`: method responses that adopted responses turn out to lack; nothing that manifests could fix.
    """

    rewritten: Rewritten
    wrong: Mapping[int, str]
    needs: tuple[Left, ...] = ()


_ByKey: TypeAlias = dict[tuple[ResponseKey, str], Finding]


class Proposer:
    """Proposals for the findings of one run."""

    def __init__(self, run: AdoptRun, files: Files, options: AdoptOptions) -> None:
        self._run = run
        self._files = files
        self._options = options
        self._sheets = SourceFiles(files)
        self._users = Users(run, files)
        self._before = {
            (number, finding.key, finding.subject)
            for number, read in enumerate(run.reads)
            for finding in find_drift(read.desired, read.live).findings
        }

    def proposal(self, chosen: Sequence[TargetFinding]) -> Proposal:
        """The files for these findings, without those that turn out not to be adoptable. Raises OSError."""
        left = {one.found.number: one for one in self._users.not_alike(chosen)}
        while True:
            taken = [one for one in chosen if one.number not in left]
            draft = self._draft(taken)
            if not draft.wrong:
                return _proposal(taken, draft.rewritten, [*left.values(), *draft.needs])
            left |= {one.number: Left(one, draft.wrong[one.number]) for one in taken if one.number in draft.wrong}

    def _draft(self, taken: Sequence[TargetFinding]) -> _Draft:
        wished: list[Wished] = []
        hindered: dict[int, list[Blocker]] = {}
        for found in taken:
            for wish in self._wishes(found):
                if isinstance(wish, ManifestEdit):
                    wished.append(Wished(found.number, wish))
                else:
                    hindered.setdefault(found.number, []).append(wish)
        readers = self._users.sharing.readers if any(one.wish.in_file is not None for one in wished) else {}
        made = rewritten(wished, self._sheets, readers)
        for number, ones in made.hindrances.items():
            hindered.setdefault(number, []).extend(ones)
        made = replace(made, hindrances={number: tuple(ones) for number, ones in hindered.items()})
        wrong = {number: one.reason for number, ones in hindered.items() for one in ones if not one.field}
        return _Draft(made, wrong) if wrong or not made.rewrites else self._tried(taken, made)

    def _tried(self, taken: Sequence[TargetFinding], made: Rewritten) -> _Draft:
        """What the files would lead to."""
        patched = Patched(self._files, {self._sheets.real(rewrite.file): rewrite.after for rewrite in made.rewrites})
        again = declare(self._run.request, patched, self._run.today)
        if again.is_broken:
            reason = next(one.message for one in again.broken if one.is_error)
            return _Draft(made, self._blamed(taken, f"the manifest would be wrong: {reason}"))
        needs: list[Left] = []
        wrong: dict[int, str] = {}
        for number, read in enumerate(self._run.reads):
            after: _ByKey = {(finding.key, finding.subject): finding for finding in self._findings(again, read)}
            ours = [one for one in taken if one.read is read]
            wrong |= {our.number: _STILL for our in ours if self._differs(our, after, made)}
            new = [one for one in after.values() if (number, one.key, one.subject) not in self._before]
            for one in new:
                if one.subject == "response":
                    wrong |= self._blamed(_close_to(one, taken), f"{one.address} would differ then")
                else:
                    needs += [Left(found, f"{one.note}; {METHOD_RESPONSE}") for found in ours if found.key == one.key]
        return _Draft(made, wrong, tuple(needs))

    def _findings(self, again: Declared, read: TargetState) -> tuple[Finding, ...]:
        """What drift would find of an API that was read before."""
        names = {ref.name for ref in read.aim.desired.manifests}
        was = read.aim.site.assignment
        desireds = [
            desired
            for assignment in again.assignments
            if (assignment.file, assignment.name) == (was.file, was.name)
            for desired in assignment.manifests
            if desired.manifests[0].name in names
        ]
        now = beside(replace(read.aim, desired=merge(desireds)[0]), read.live)
        return find_drift(now.desired, now.live).findings

    def _differs(self, found: TargetFinding, after: _ByKey, made: Rewritten) -> bool:
        """Whether more is left of a finding than what is known to be hindered."""
        left = after.get((found.key, "response"))
        if left is None:
            return False
        hindered = {one.field for one in made.hindrances.get(found.number, ())}
        return left.type is not found.finding.type or not {change.path for change in left.changes} <= hindered

    def _blamed(self, suspects: Sequence[TargetFinding], reason: str) -> dict[int, str]:
        """Those of several that are wrong on their own; all of them, if none is."""
        if len(suspects) > 1:
            alone = {
                suspect.number: found
                for suspect in suspects
                if (found := self._draft([suspect]).wrong.get(suspect.number))
            }
            if alone:
                return alone
        return {suspect.number: reason for suspect in suspects}

    # What a finding takes

    def _wishes(self, found: TargetFinding) -> Iterator[ManifestEdit | Blocker]:
        for scope in declared_scopes(found.read, found.key.scope):
            layers = layers_of(found.read.aim.desired.origins, scope)
            yield from self._of_scope(found, layers)

    def _of_scope(self, found: TargetFinding, layers: tuple[Layer, ...]) -> Iterator[ManifestEdit | Blocker]:
        environment = found.read.aim.site.assignment.name
        written = stack(layers, environment, shared=_is_shared(found.read, layers))
        if written is None:
            yield Blocker("", "where it is written cannot be told")
            return
        if self._is_variable(layers, found.key.code, ""):
            yield Blocker("", _PLACEHOLDER)
            return
        changes: list[FieldChange] = []
        for change in found.finding.changes if found.finding.type is Type.CHANGED else ():
            if self._is_variable(layers, found.key.code, change.path):
                yield Blocker(change.path, _PLACEHOLDER)
            elif (shared := self._shared(layers, found, change)) is not None:
                yield from of_changed(EditableLayers(layers, shared), found.key.code, [change])
            else:
                changes.append(change)
        yield from _of_finding(written, found, changes)

    def _is_variable(self, layers: Sequence[Layer], code: str, field: str) -> bool:
        """Whether a variable has the last word on a field, or on the response as a whole."""
        number, path = _last_word(layers, code, field)
        if number is None:
            return False
        here = self._sheets.written(layers[number].places, path)
        return holds_placeholder(here) or (field != "" and self._sheets.has_placeholder(layers[number].places, path))

    def _shared(self, layers: Sequence[Layer], found: TargetFinding, change: FieldChange) -> int | None:
        """The set that a value comes from, if it may be changed there."""
        number, _ = _last_word(layers, found.key.code, change.path)
        if number is None or not layers[number].set or not self._options.into_set:
            return None
        return number if self._users.are_unanimous(found, change) else None


METHOD_RESPONSE: Final = "no manifest holds method responses: declare it in AWS, or with `methodResponses: ensure`"
_PLACEHOLDER: Final = "there is a placeholder in it; change the variable, or the value by hand"
_STILL: Final = "it would differ still"


def _of_finding(
    written: EditableLayers, found: TargetFinding, changes: Sequence[FieldChange]
) -> Iterator[ManifestEdit | Blocker]:
    """What it takes to have it in the manifest itself; `changes` are those that belong there."""
    live = found.live()
    match found.finding.type:
        case Type.CHANGED:
            yield from of_changed(written, found.key.code, changes) if changes else ()
        case Type.UNEXPECTED if live is not None:
            yield from of_unexpected(written, found.key.code, live)
        case Type.MISSING:
            yield from of_missing(written, found.key.code, gone=found.key.scope not in found.read.live.methods)
        case _:
            yield Blocker("", "it could not be compared")


def _proposal(taken: Sequence[TargetFinding], made: Rewritten, left: Iterable[Left]) -> Proposal:
    by_number = {one.number: one for one in taken}
    partly = [
        Left(by_number[number], one.reason, one.field) for number, ones in made.hindrances.items() for one in ones
    ]
    whole = {
        one.number
        for one in taken
        if {change.path for change in one.finding.changes} <= {each.field for each in partly if each.found is one}
        and one.finding.type is Type.CHANGED
    }
    adopted = tuple(one for one in taken if one.number not in whole)
    return Proposal(made.rewrites, adopted).with_left([*left, *partly])


def _close_to(finding: Finding, taken: Sequence[TargetFinding]) -> Sequence[TargetFinding]:
    """Who may have made a response differ: who wrote of the same status, else everybody."""
    return [one for one in taken if one.key.code == finding.key.code] or taken


def _is_shared(read: TargetState, layers: Sequence[Layer]) -> bool:
    """Whether the body of a manifest is for other environments than this one."""
    body = next((layer for layer in layers if not layer.set), None)
    only = there(body.places, ("metadata", "environments")) if body else None
    among = read.aim.site.assignment.among
    return len([one for one in among if not isinstance(only, list) or one in only]) > 1


def _last_word(layers: Sequence[Layer], code: str, field: str) -> tuple[int | None, Path]:
    """The last layer that says something of a field ("" for the response), and where: there, or in a word for more."""
    name, _, entry = field.partition(".")
    steps = (code, *([name] if name else []), *([entry] if entry else []))
    for number in reversed(range(len(layers))):
        layer = layers[number]
        for length in range(1, len(steps) + 1):
            path = (*layer.at, *steps[:length])
            here = there(layer.places, path)
            if (length == len(steps) and here is not None) or isinstance(here, str):
                return number, path
    return None, ()

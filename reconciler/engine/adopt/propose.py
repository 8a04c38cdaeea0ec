"""Turn findings into proposed files, and try these out before anything is written.

A proposal is loaded, bound and compared again in memory, with the live state of the run: the adopted findings are gone
and no other response differs. A finding for which that does not hold is not adopted, and says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.engine.adopt.consensus import Consensus, manifest_scopes
from reconciler.engine.adopt.manifest_edits import (
    Blocker,
    EditableLayers,
    Edits,
    ManifestEdit,
    editable_layers,
    edits_for_changed,
    edits_for_missing,
    edits_for_unexpected,
    node_at,
)
from reconciler.engine.adopt.overlay_files import OverlayFiles
from reconciler.engine.adopt.proposal import (
    AdoptOptions,
    AdoptRun,
    EditedPlace,
    FilePreview,
    NotAdopted,
    Proposal,
    TargetFinding,
)
from reconciler.engine.adopt.rewrite import NumberedEdit, RewriteResult, SourceFiles, rewrite_files
from reconciler.engine.load.load import LoadResult, load_manifests
from reconciler.engine.read.read import TargetState, target_state
from reconciler.findings import Finding, Type, find_drift
from reconciler.manifest.schema.shapes import SET_KIND
from reconciler.models.keys import ResponseKey
from reconciler.ports import Files
from reconciler.resolve import merge
from reconciler.resolve.layers import Layer
from reconciler.resolve.origins import layers_of
from reconciler.yamlio.edit import has_placeholder
from reconciler.yamlio.nodes import Path


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The files of an attempt, and by finding number the reasons against it.

    `needs`: method responses that adopted responses turn out to lack, which no manifest can add.
    """

    result: RewriteResult
    reasons: Mapping[int, str]
    needs: tuple[NotAdopted, ...] = ()


_ByKey: TypeAlias = dict[tuple[ResponseKey, str], Finding]


class Proposer:
    """Proposes files for the findings of one run."""

    def __init__(self, run: AdoptRun, files: Files, options: AdoptOptions) -> None:
        self._run = run
        self._files = files
        self._options = options
        self._sources = SourceFiles(files)
        self._consensus = Consensus(run, files)
        self._before = {
            (number, finding.key, finding.subject)
            for number, state in enumerate(run.states)
            for finding in find_drift(state.desired, state.live).findings
        }

    def proposal(self, chosen: Sequence[TargetFinding]) -> Proposal:
        """Propose files for these findings, without those that turn out not to be adoptable. Raises OSError."""
        not_adopted = {leftover.finding.number: leftover for leftover in self._consensus.regional_differences(chosen)}
        while True:
            taken = [finding for finding in chosen if finding.number not in not_adopted]
            attempt = self._attempt(taken)
            reasons = attempt.reasons
            if not reasons:
                return _proposal(taken, attempt.result, [*not_adopted.values(), *attempt.needs])
            not_adopted |= {
                finding.number: NotAdopted(finding, reasons[finding.number])
                for finding in taken
                if finding.number in reasons
            }

    def preview(self, finding: TargetFinding) -> FilePreview:
        """Return what adopting one finding would change in the files, without trying it out."""
        attempt = self._edited([finding])
        blockers = attempt.result.blockers.get(finding.number, ())
        places = dict.fromkeys(_place(edit) for edit in self._edits(finding) if isinstance(edit, ManifestEdit))
        fields = {blocker.field for blocker in blockers}
        changes = finding.finding.changes if finding.finding.type is Type.CHANGED else ()
        is_blocked = bool(attempt.reasons) or (bool(changes) and {change.path for change in changes} <= fields)
        reasons = tuple((blocker.field, blocker.reason) for blocker in blockers)
        return FilePreview(attempt.result.rewrites, tuple(places), reasons, is_blocked)

    def _attempt(self, taken: Sequence[TargetFinding]) -> _Attempt:
        attempt = self._edited(taken)
        if attempt.reasons or not attempt.result.rewrites:
            return attempt
        return self._checked(taken, attempt.result)

    def _edited(self, taken: Sequence[TargetFinding]) -> _Attempt:
        """Return the files with the edits of some findings, not yet checked."""
        edits: list[NumberedEdit] = []
        blockers: dict[int, list[Blocker]] = {}
        for finding in taken:
            for edit in self._edits(finding):
                if isinstance(edit, ManifestEdit):
                    edits.append(NumberedEdit(finding.number, edit))
                else:
                    blockers.setdefault(finding.number, []).append(edit)
        changes_template = any(edit.edit.in_file is not None for edit in edits)
        uses = self._consensus.references.template_uses if changes_template else {}
        result = rewrite_files(edits, self._sources, uses)
        for number, more in result.blockers.items():
            blockers.setdefault(number, []).extend(more)
        result = replace(result, blockers={number: tuple(of_number) for number, of_number in blockers.items()})
        reasons = {
            number: blocker.reason
            for number, of_number in blockers.items()
            for blocker in of_number
            if not blocker.field
        }
        return _Attempt(result, reasons)

    def _checked(self, taken: Sequence[TargetFinding], result: RewriteResult) -> _Attempt:
        """Load the proposed files and compare them with the live state."""
        contents = {self._sources.real(rewrite.file): rewrite.after for rewrite in result.rewrites}
        loaded = load_manifests(self._run.request, OverlayFiles(self._files, contents), self._run.today)
        if loaded.is_broken:
            message = next(problem.message for problem in loaded.broken if problem.is_error)
            return _Attempt(result, self._blame(taken, f"the manifest would be invalid: {message}"))
        needs: list[NotAdopted] = []
        reasons: dict[int, str] = {}
        for number, state in enumerate(self._run.states):
            after: _ByKey = {(finding.key, finding.subject): finding for finding in self._findings(loaded, state)}
            of_state = [finding for finding in taken if finding.state is state]
            reasons |= {finding.number: _STILL_DIFFERS for finding in of_state if _differs(finding, after, result)}
            for new in after.values():
                if (number, new.key, new.subject) in self._before:
                    continue
                if new.subject == "response":
                    reasons |= self._blame(_suspects(new, taken), f"{new.address} would differ then")
                else:
                    reason = unmanaged_part(new)
                    needs += [NotAdopted(finding, reason) for finding in of_state if finding.key == new.key]
        return _Attempt(result, reasons, tuple(needs))

    def _findings(self, loaded: LoadResult, state: TargetState) -> tuple[Finding, ...]:
        """Return the drift of an API, read before, from the proposed manifests."""
        names = {ref.name for ref in state.request.desired.manifests}
        known = state.request.account_region.project
        desireds = [
            desired
            for project in loaded.projects
            if (project.file, project.name) == (known.file, known.name)
            for desired in project.manifests
            if desired.manifests[0].name in names
        ]
        proposed = target_state(replace(state.request, desired=merge(desireds)[0]), state.live)
        return find_drift(proposed.desired, proposed.live).findings

    def _blame(self, suspects: Sequence[TargetFinding], reason: str) -> dict[int, str]:
        """Return those of several findings that fail without the others, else all of them."""
        if len(suspects) > 1:
            failing = {
                suspect.number: own_reason
                for suspect in suspects
                if (own_reason := self._attempt([suspect]).reasons.get(suspect.number))
            }
            if failing:
                return failing
        return {suspect.number: reason for suspect in suspects}

    # The edits of a finding

    def _edits(self, finding: TargetFinding) -> Edits:
        for scope in manifest_scopes(finding.state, finding.key.scope):
            layers = layers_of(finding.state.request.desired.origins, scope)
            yield from self._edits_in(finding, layers)

    def _edits_in(self, finding: TargetFinding, layers: tuple[Layer, ...]) -> Edits:
        environment = finding.state.request.account_region.project.name
        editable = editable_layers(layers, environment, shared=_is_shared(finding.state, layers))
        code = finding.key.code
        if editable is None:
            yield Blocker("", "the place where it is declared is unknown")
            return
        if self._is_variable(layers, code, ""):
            yield Blocker("", _PLACEHOLDER)
            return
        changes: list[FieldChange] = []
        for change in finding.finding.changes if finding.finding.type is Type.CHANGED else ():
            if self._is_variable(layers, code, change.path):
                yield Blocker(change.path, _PLACEHOLDER)
            elif (set_number := self._editable_set(layers, finding, change)) is not None:
                yield from edits_for_changed(EditableLayers(layers, set_number), code, [change])
            else:
                changes.append(change)
        yield from _edits_for(editable, finding, changes)

    def _is_variable(self, layers: Sequence[Layer], code: str, field: str) -> bool:
        """Return whether a placeholder decides a field, or the response as a whole."""
        number, path = _last_definition(layers, code, field)
        if number is None:
            return False
        node = self._sources.written(layers[number].places, path)
        return has_placeholder(node) or (field != "" and self._sources.has_placeholder(layers[number].places, path))

    def _editable_set(self, layers: Sequence[Layer], finding: TargetFinding, change: FieldChange) -> int | None:
        """Return the number of the set's layer that a value comes from, if the set may be changed."""
        number, _ = _last_definition(layers, finding.key.code, change.path)
        if number is None or not layers[number].set or not self._options.into_set:
            return None
        return number if self._consensus.is_unanimous(finding, change) else None


def unmanaged_part(finding: Finding) -> str:
    """Return why a finding cannot be adopted because manifests do not contain its subject, "" if they do."""
    how = _UNMANAGED_PARTS.get(finding.subject)
    return f"{finding.note}; {how}" if how else ""


_UNMANAGED_PARTS: Final[Mapping[str, str]] = {
    "methodResponse": "manifests do not contain method responses: declare it in AWS, or set `methodResponses: ensure`",
    "routeResponse": "manifests do not contain route responses: apply adds it, or set `routeResponses: check`",
}
_PLACEHOLDER: Final = "it contains a placeholder; change the variable, or edit the value by hand"
_STILL_DIFFERS: Final = "it would still differ"


def _place(edit: ManifestEdit) -> EditedPlace:
    """Return where an edit is made; what does not exist yet is where its nearest parent is."""
    is_set = node_at(edit.places, ("kind",)) == SET_KIND
    name = node_at(edit.places, ("metadata", "name")) if is_set else ""
    overlay = edit.path[2] if edit.path[:2] == ("spec", "overlays") and len(edit.path) > 2 else ""  # noqa: PLR2004 - the name
    return EditedPlace(edit.places.of_key(edit.path), str(name), str(overlay), edit.in_file or "")


def _edits_for(editable: EditableLayers, finding: TargetFinding, changes: Sequence[FieldChange]) -> Edits:
    """Return the edits of the manifest itself; `changes` are those that belong into it."""
    live, code = finding.live(), finding.key.code
    match finding.finding.type:
        case Type.CHANGED:
            yield from edits_for_changed(editable, code, changes) if changes else ()
        case Type.UNEXPECTED if live is not None:
            yield from edits_for_unexpected(editable, code, live)
        case Type.MISSING:
            yield from edits_for_missing(editable, code, gone=finding.key.scope not in finding.state.live.methods)
        case _:
            yield Blocker("", "it could not be compared")


def _differs(finding: TargetFinding, after: _ByKey, result: RewriteResult) -> bool:
    """Return whether more of a finding remains than its blocked fields."""
    remaining = after.get((finding.key, "response"))
    if remaining is None:
        return False
    blocked = finding.left | {blocker.field for blocker in result.blockers.get(finding.number, ())}
    return remaining.type is not finding.finding.type or not {change.path for change in remaining.changes} <= blocked


def _proposal(taken: Sequence[TargetFinding], result: RewriteResult, not_adopted: Iterable[NotAdopted]) -> Proposal:
    by_number = {finding.number: finding for finding in taken}
    fields = [
        NotAdopted(by_number[number], blocker.reason, blocker.field)
        for number, blockers in result.blockers.items()
        for blocker in blockers
    ]
    adopted = tuple(finding for finding in taken if not _is_blocked(finding, fields))
    return Proposal(result.rewrites, adopted).with_not_adopted([*not_adopted, *fields])


def _is_blocked(finding: TargetFinding, fields: Iterable[NotAdopted]) -> bool:
    """Return whether every changed field of a finding is blocked."""
    blocked = {leftover.field for leftover in fields if leftover.finding is finding}
    return finding.finding.type is Type.CHANGED and {change.path for change in finding.finding.changes} <= blocked


def _suspects(new: Finding, taken: Sequence[TargetFinding]) -> Sequence[TargetFinding]:
    """Return the findings that may have caused a new one: those of the same status, else all."""
    return [finding for finding in taken if finding.key.code == new.key.code] or taken


def _is_shared(state: TargetState, layers: Sequence[Layer]) -> bool:
    """Return whether the body of a manifest serves other environments than this one."""
    body = next((layer for layer in layers if not layer.set), None)
    only = node_at(body.places, ("metadata", "environments")) if body else None
    every = state.request.account_region.project.all_environments
    return len([name for name in every if not isinstance(only, list) or name in only]) > 1


def _last_definition(layers: Sequence[Layer], code: str, field: str) -> tuple[int | None, Path]:
    """Return the last layer that defines a field ("" for the response), and the path of the definition in it.

    A word such as `absent` for the response or for its map defines all fields below.
    """
    name, _, entry = field.partition(".")
    steps = (code, *([name] if name else []), *([entry] if entry else []))
    for number in reversed(range(len(layers))):
        layer = layers[number]
        for length in range(1, len(steps) + 1):
            path = (*layer.at, *steps[:length])
            node = node_at(layer.places, path)
            if (length == len(steps) and node is not None) or isinstance(node, str):
                return number, path
    return None, ()

"""Ask about findings one by one, as `git add -p` asks about hunks, and gather the answers.

The same difference in several places is one question; its places can be asked about separately, and so can the fields
of one response. What is asked, and how, is for the caller: `choose` is a loop over `Ask`. Pure.
"""

import enum
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.engine.adopt.proposal import FilePreview, NotAdopted, TargetFinding
from reconciler.findings import Type
from reconciler.fleet.fingerprint import fingerprint

KEPT: Final = "kept the manifest's version; the next apply overwrites AWS"
KEPT_BEFORE: Final = "kept the manifest's version, as answered before; the next apply overwrites AWS"

_DIGITS: Final = 24


class AdoptAnswer(enum.StrEnum):
    """What the user says to a question."""

    YES = "y"
    NO = "n"
    SPLIT = "s"
    EDIT = "e"
    ALL = "a"
    NONE = "d"
    QUIT = "q"


@dataclass(frozen=True, slots=True)
class AdoptQuestion:
    """One difference, in one place or several: the number of the question, and how many there are so far."""

    number: int
    total: int
    findings: tuple[TargetFinding, ...]
    preview: FilePreview

    @property
    def finding(self) -> TargetFinding:
        """The first place."""
        return self.findings[0]

    @property
    def answers(self) -> tuple[AdoptAnswer, ...]:
        """The answers that make sense."""
        can_split = len(self.findings) > 1 or len(_fields(self.finding)) > 1
        left_out = {*(() if can_split else (AdoptAnswer.SPLIT,)), *(() if self.editable else (AdoptAnswer.EDIT,))}
        return tuple(answer for answer in AdoptAnswer if answer not in left_out)

    @property
    def editable(self) -> Mapping[str, str]:
        """The live values by field, as far as they can be edited: those that a changed response has in AWS."""
        changes = _fields(self.finding)
        return {change.path: change.before for change in changes if change.before is not None}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `values` are the edited ones by field."""

    answer: AdoptAnswer
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What to adopt, what not and why, and the findings that were not asked about because the user quit."""

    taken: tuple[TargetFinding, ...] = ()
    not_adopted: tuple[NotAdopted, ...] = ()
    left: tuple[TargetFinding, ...] = ()
    kept: frozenset[str] = frozenset()
    """The marks of what was kept, by which a later run knows it."""


Ask: TypeAlias = Callable[[AdoptQuestion], Reply]
Preview: TypeAlias = Callable[[TargetFinding], FilePreview]
Choose: TypeAlias = Callable[[Sequence[TargetFinding], Preview], Choices]


def marks(finding: TargetFinding) -> frozenset[str]:
    """Name a finding, or each of its fields, with its values: another difference in the same place has another mark."""
    name = fingerprint(finding.state.live.target, finding.finding)
    changes = finding.finding.changes
    each = [(change,) for change in changes] if finding.finding.type is Type.CHANGED else [changes]
    return frozenset(_digest(name, part) for part in each)


def _digest(name: str, changes: Iterable[FieldChange]) -> str:
    values = [(change.path, change.before, change.after) for change in changes]
    return hashlib.sha256(repr((name, values)).encode("utf-8", "backslashreplace")).hexdigest()[:_DIGITS]


def choose(findings: Sequence[TargetFinding], preview: Preview, ask: Ask, kept: Collection[str] = ()) -> Choices:
    """Ask about findings until all are decided or the user quits; `kept` are marks of what was kept before."""
    dialogue = _Dialogue(findings, kept)
    while dialogue.queue:
        findings_now = dialogue.queue[0]
        shown = preview(findings_now[0])
        if shown.is_blocked:
            dialogue.take(dialogue.next())  # the proposal says why it is not adopted
            continue
        question = AdoptQuestion(dialogue.done + 1, dialogue.done + len(dialogue.queue), findings_now, shown)
        dialogue.answered(question, ask(question))
    return dialogue.choices()


class _Dialogue:
    """The questions that are left, and the answers so far."""

    def __init__(self, findings: Sequence[TargetFinding], kept: Collection[str]) -> None:
        self.done = 0
        self._originals = {finding.number: finding for finding in findings}
        self._taken: list[TargetFinding] = []
        self._not_adopted: list[NotAdopted] = []
        self._kept: set[str] = set()
        self._kept_before = frozenset(kept)
        self._left: list[TargetFinding] = []
        self.keep((finding for finding in findings if self._was_kept(finding)), KEPT_BEFORE)
        self.queue = same_differences(finding for finding in findings if not self._was_kept(finding))

    def _was_kept(self, finding: TargetFinding) -> bool:
        return bool(self._kept_before) and marks(finding) <= self._kept_before

    def next(self) -> tuple[TargetFinding, ...]:
        """Take the next question off the queue."""
        return self.queue.pop(0)

    def take(self, findings: Iterable[TargetFinding]) -> None:
        """Adopt these."""
        self._taken += findings

    def keep(self, findings: Iterable[TargetFinding], reason: str = KEPT) -> None:
        """Keep what the manifests say about these."""
        for finding in findings:
            original = self._originals[finding.number]
            is_whole = finding.finding.changes == original.finding.changes
            paths = [""] if is_whole else [change.path for change in finding.finding.changes]
            self._not_adopted += [NotAdopted(original, reason, path, by_choice=True) for path in paths]
            self._kept |= marks(finding)

    def answered(self, question: AdoptQuestion, reply: Reply) -> None:
        """Act on an answer."""
        findings = self.next()
        if reply.answer is AdoptAnswer.SPLIT:
            self.queue[:0] = self._parts(findings)
            return
        self.done += 1
        match reply.answer:
            case AdoptAnswer.YES:
                self.take(findings)
            case AdoptAnswer.NO:
                self.keep(findings)
            case AdoptAnswer.EDIT:
                self._edit(findings, reply.values)
            case AdoptAnswer.ALL:
                self.take((*findings, *self._rest_of(question)))
            case AdoptAnswer.NONE:
                self.keep((*findings, *self._rest_of(question)))
            case AdoptAnswer.QUIT:
                self._left = [*findings, *(finding for group in self.queue for finding in group)]
                self.queue.clear()

    def _parts(self, findings: tuple[TargetFinding, ...]) -> list[tuple[TargetFinding, ...]]:
        """Return the places of a difference, or the fields of a place."""
        if len(findings) > 1:
            return [(finding,) for finding in findings]
        (finding,) = findings
        fields = [_with(finding, [change]) for change in finding.finding.changes]
        self.keep((one for one in fields if self._was_kept(one)), KEPT_BEFORE)
        return [(one,) for one in fields if not self._was_kept(one)]

    def _edit(self, findings: Iterable[TargetFinding], values: Mapping[str, str]) -> None:
        for finding in findings:
            changes = [
                replace(change, before=values.get(change.path, change.before)) for change in finding.finding.changes
            ]
            self.take([_with(finding, changes)])
            written = [
                replace(old, after=new.before) for old, new in zip(finding.finding.changes, changes, strict=True)
            ]
            # What differs until the next apply; fields that were not edited will not differ
            self._kept |= marks(_with(finding, [change for change in written if change.after != change.before]))

    def _rest_of(self, question: AdoptQuestion) -> list[TargetFinding]:
        """Take everything off the queue that is about the APIs of a question."""
        apis = {id(finding.state) for finding in question.findings}
        rest = [finding for group in self.queue for finding in group if id(finding.state) in apis]
        others = (tuple(finding for finding in group if id(finding.state) not in apis) for group in self.queue)
        self.queue = [group for group in others if group]
        return rest

    def choices(self) -> Choices:
        """Return the answers, the fields of each finding together again."""
        changes: dict[int, list[FieldChange]] = {}
        for finding in self._taken:
            changes.setdefault(finding.number, []).extend(finding.finding.changes)
        taken = [self._merged(number, of_finding) for number, of_finding in changes.items()]
        return Choices(tuple(taken), tuple(self._not_adopted), tuple(self._left), frozenset(self._kept))

    def _merged(self, number: int, changes: Sequence[FieldChange]) -> TargetFinding:
        original = self._originals[number]
        exact = {change.path for change in changes if change in original.finding.changes}
        places = [change.path for change in original.finding.changes]
        ordered = sorted(changes, key=lambda change: places.index(change.path))
        left = frozenset(change.path for change in original.finding.changes if change.path not in exact)
        return replace(_with(original, ordered), left=left) if left else original


def same_differences(findings: Iterable[TargetFinding]) -> list[tuple[TargetFinding, ...]]:
    """Return findings in groups of the same difference, in the order of their first ones."""
    groups: dict[object, list[TargetFinding]] = {}
    for finding in findings:
        one = finding.finding
        difference = (one.type, one.key.code, one.note, one.changes, finding.state.live.target.kind)
        groups.setdefault(difference, []).append(finding)
    return [tuple(group) for group in groups.values()]


def _fields(finding: TargetFinding) -> tuple[FieldChange, ...]:
    return finding.finding.changes if finding.finding.type is Type.CHANGED else ()


def _with(finding: TargetFinding, changes: Sequence[FieldChange]) -> TargetFinding:
    return replace(finding, finding=replace(finding.finding, changes=tuple(changes)))

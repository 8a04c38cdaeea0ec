"""What a plan does, without what is said about it: two plans are the same work if their canonical forms are equal.

Promise: pure. A form has, target by target, what was compared (digests), every action with the state before and after
it, in order, what is deferred, and what would be published where. It has no lines, reasons, causes, diagnostics, dates,
counts of what is left alone, and none of the numbers that actions have in the plan as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from reconciler.documents.models import (
    ActionDocument,
    DeferredDocument,
    PlanDocument,
    StageDocument,
    StageTarget,
    TargetDocument,
    TargetOfResponse,
)
from reconciler.models.targets import Target

Form: TypeAlias = Mapping[str, Any]

_WORDS = frozenset({"id", "reason", "source", "cause"})


@dataclass(frozen=True, slots=True, order=True)
class TargetId:
    """What tells one API of a plan from all others; `environment` "" for none."""

    environment: str
    account_id: str
    region: str
    kind: str
    api_id: str

    def __str__(self) -> str:
        environment = f"environment {self.environment}, " if self.environment else ""
        return f"{self.kind} {self.api_id} ({environment}account {self.account_id}, {self.region})"


@dataclass(frozen=True, slots=True)
class TargetForm:
    """One API's share of a plan."""

    manifests: tuple[str, ...]
    desired_digest: str
    live_digest: str
    actions: tuple[Form, ...]
    deferred: tuple[Form, ...]
    stages: tuple[Form, ...] = ()


def target_id(target: Target | TargetDocument | TargetOfResponse | StageTarget) -> TargetId:
    """Which API a target is, or a response or stage belongs to."""
    return TargetId(target.environment or "", target.account_id, target.region, target.kind, target.api_id)


def canonical(document: PlanDocument) -> dict[TargetId, TargetForm]:
    """The canonical form, by target."""
    actions, deferred = _by_target(document.actions), _by_target(document.deferred)
    stages = _by_target(document.deployments)
    return {
        here: TargetForm(
            tuple(sorted(target.manifests)),
            target.desired_digest,
            target.live_digest,
            tuple(_action(one) for one in actions.get(here, ())),
            tuple(_deferred(one) for one in deferred.get(here, ())),
            tuple(_stage(one) for one in stages.get(here, ())),
        )
        for target in document.targets
        for here in (target_id(target),)
    }


_Part = TypeVar("_Part", ActionDocument, DeferredDocument, StageDocument)


def _by_target(parts: Iterable[_Part]) -> Mapping[TargetId, Sequence[_Part]]:
    found: dict[TargetId, list[_Part]] = {}
    for part in parts:
        found.setdefault(target_id(part.target), []).append(part)
    return found


def _action(one: ActionDocument) -> Form:
    return one.model_dump(exclude=set(_WORDS))


def _deferred(one: DeferredDocument) -> Form:
    return one.model_dump(include={"address", "after"})


def _stage(one: StageDocument) -> Form:
    # What it serves is in the differences; a deployment of the same under another id changes nothing
    return one.model_dump(include={"stage", "due", "known", "pending", "not_compared"})

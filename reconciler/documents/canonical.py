"""The canonical form of a plan: two plans are the same work if their canonical forms are equal.

Pure. For each target a form contains what was compared (digests), every action with the state before and after it, in
order, what is deferred, and what would be published where. It contains no lines, reasons, causes, diagnostics, dates or
counts of unmanaged responses, and not the numbers that actions have in the whole plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from reconciler.documents.parts import StageTarget, TargetDocument, TargetOfResponse
from reconciler.documents.plan import ActionDocument, DeferredDocument, PlanDocument, StageDocument
from reconciler.models.targets import Target

Form: TypeAlias = Mapping[str, Any]

_DESCRIPTIVE = frozenset({"id", "reason", "source", "cause"})


@dataclass(frozen=True, slots=True, order=True)
class TargetId:
    """The identity of an API within a plan; `environment` is "" for none."""

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
    """Return the identity of a target, or of the API that a response or stage belongs to."""
    return TargetId(target.environment or "", target.account_id, target.region, target.kind, target.api_id)


def canonical(document: PlanDocument) -> dict[TargetId, TargetForm]:
    """Return the canonical form of a plan, by target."""
    actions, deferred = _by_target(document.actions), _by_target(document.deferred)
    stages = _by_target(document.deployments)
    return {
        identity: TargetForm(
            tuple(sorted(target.manifests)),
            target.desired_digest,
            target.live_digest,
            tuple(map(_action, actions.get(identity, ()))),
            tuple(map(_deferred, deferred.get(identity, ()))),
            tuple(map(_stage, stages.get(identity, ()))),
        )
        for target in document.targets
        for identity in (target_id(target),)
    }


_Part = TypeVar("_Part", ActionDocument, DeferredDocument, StageDocument)


def _by_target(parts: Iterable[_Part]) -> Mapping[TargetId, Sequence[_Part]]:
    by_target: dict[TargetId, list[_Part]] = {}
    for part in parts:
        by_target.setdefault(target_id(part.target), []).append(part)
    return by_target


def _action(action: ActionDocument) -> Form:
    return action.model_dump(exclude=set(_DESCRIPTIVE))


def _deferred(deferred: DeferredDocument) -> Form:
    return deferred.model_dump(include={"address", "after"})


def _stage(stage: StageDocument) -> Form:
    # The differences show what it serves; the same content under another deployment id changes nothing
    return stage.model_dump(include={"stage", "due", "known", "pending", "not_compared"})

"""What a plan does, without what is said about it: two plans are the same work if their canonical forms are equal.

Promise: pure. A form has, target by target, what was compared (digests), every action with the state before and after
it, in order, what is deferred, and what would be published where. It has no lines, reasons, diagnostics, dates, counts
of what is left alone, and none of the numbers that actions have in the plan as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from reconciler.documents.shapes import (
    ActionDocument,
    DeferredDocument,
    PlanDocument,
    StageDocument,
    StageTarget,
    TargetDocument,
    TargetOfResponse,
)

Form: TypeAlias = Mapping[str, Any]

_WORDS = frozenset({"id", "reason", "source"})


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


def target_id(target: TargetDocument) -> TargetId:
    """Which API a target is."""
    return TargetId(target.environment or "", target.account_id, target.region, target.kind, target.api_id)


def canonical(document: PlanDocument) -> dict[TargetId, TargetForm]:
    """The canonical form, by target."""
    return {
        target_id(target): TargetForm(
            tuple(sorted(target.manifests)),
            target.desired_digest,
            target.live_digest,
            tuple(_action(one) for one in document.actions if is_of(one.target, target)),
            tuple(_deferred(one) for one in document.deferred if is_of(one.target, target)),
            tuple(_stage(one) for one in document.deployments if is_of(one.target, target)),
        )
        for target in document.targets
    }


def is_of(response: TargetOfResponse | StageTarget, target: TargetDocument) -> bool:
    """Whether a response or a stage belongs to a target."""
    return (response.environment or "", response.account_id, response.region, response.kind, response.api_id) == (
        target.environment or "",
        target.account_id,
        target.region,
        target.kind,
        target.api_id,
    )


def _action(one: ActionDocument) -> Form:
    return one.model_dump(exclude=set(_WORDS))


def _deferred(one: DeferredDocument) -> Form:
    return one.model_dump(include={"address", "after"})


def _stage(one: StageDocument) -> Form:
    # What it serves is in the differences; a deployment of the same under another id changes nothing
    return one.model_dump(include={"stage", "due", "known", "pending"})

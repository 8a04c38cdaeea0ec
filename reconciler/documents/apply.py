"""The JSON documents of an apply and of a rollback: their shapes, and how they are built."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.apply import Outcome, Published
from reconciler.documents.parts import FORMAT_VERSION, FormatVersion, JsonDocument, StageTarget, stage_target
from reconciler.documents.plan import PlanDocument


class OutcomeDocument(JsonDocument):
    """What became of an action of the plan."""

    id: str
    address: str
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    detail: str


class PublishedDocument(JsonDocument):
    """What became of a stage that was to be deployed to."""

    target: StageTarget
    stage: str
    before: str | None = Field(description="The id of the deployment that it served.")
    after: str | None = Field(description="The id of the deployment that it serves now; null if unknown.")
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    verified: bool = Field(description="False if it was deployed but could not be verified to serve the draft.")
    detail: str


class ApplySummary(JsonDocument):
    """Counts of actions, steps included."""

    applied: int
    skipped: int
    failed: int
    unknown: int
    not_run: int


class RollbackDocument(JsonDocument):
    """What `rollback --format json` prints, and what an apply reports about its own rollback."""

    format_version: FormatVersion
    kind: Literal["Rollback"]
    tool_version: str
    created_at: str
    run: str | None = Field(description="The rollback's own id in the journal; null: nothing was written.")
    rolls_back: str = Field(description="The id of the run that is rolled back.")
    summary: ApplySummary
    plan: PlanDocument | None = Field(description="Null when no plan could be made.")
    outcomes: list[OutcomeDocument]
    verified: bool | None = Field(description="Whether re-reading found nothing left to do; null: nothing was written.")
    deployments: list[PublishedDocument] = Field(description="The stages to roll back.")
    kept: list[str] = Field(description="Method responses that the run created and the rollback keeps, by address.")
    kept_routes: list[str] = Field(
        [], description="Routes that the run made two-way and that stay so, with their manifest, as in `chat: ping`."
    )
    failure: str | None = Field(description="Why nothing could be rolled back.")


class ApplyDocument(JsonDocument):
    """What `apply --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Apply"]
    tool_version: str
    created_at: str
    summary: ApplySummary
    plan: PlanDocument
    outcomes: list[OutcomeDocument]
    verified: bool | None = Field(description="Whether re-reading found nothing left to do; null: nothing was written.")
    deployed: bool = Field(description="Whether every stage that was due now serves the draft; false if none was due.")
    deployments: list[PublishedDocument] = Field(description="The stages to deploy to.")
    run: str | None = Field(default=None, description="The run's id in the journal; null: nothing was written.")
    rollback: RollbackDocument | None = Field(
        default=None, description="What --rollback-on-failure did; null: there was nothing to roll back."
    )
    reasons: list[str] = Field(description="Why a saved plan was not applied: what has changed since it was made.")


def apply_document(  # noqa: PLR0913 - the parts of the document
    plan: PlanDocument,
    outcomes: Iterable[Outcome],
    created_at: str,
    published: Sequence[Published] = (),
    *,
    verified: bool | None,
    run: str | None = None,
    rollback: RollbackDocument | None = None,
    reasons: Iterable[str] = (),
) -> ApplyDocument:
    """Return an apply: its plan, and the result of every action and every stage."""
    documents = _outcomes(outcomes)
    return ApplyDocument(
        format_version=FORMAT_VERSION,
        kind="Apply",
        tool_version=__version__,
        created_at=created_at,
        summary=outcome_counts(documents),
        plan=plan,
        outcomes=documents,
        verified=verified,
        deployed=bool(published) and all(deployment.is_done for deployment in published),
        deployments=published_documents(published),
        run=run,
        rollback=rollback,
        reasons=list(reasons),
    )


@dataclass(frozen=True, slots=True)
class Rollback:
    """A rollback: the run that it rolls back, its own run, what it keeps, and why it could not be done at all."""

    rolls_back: str
    run: str | None = None
    kept: Sequence[str] = ()
    kept_routes: Sequence[str] = ()
    failure: str | None = None


def rollback_document(  # noqa: PLR0913 - the parts of the document
    rollback: Rollback,
    plan: PlanDocument | None,
    outcomes: Iterable[Outcome],
    created_at: str,
    published: Iterable[Published] = (),
    *,
    verified: bool | None,
) -> RollbackDocument:
    """Return a rollback: its plan, and the result of every action and every stage."""
    documents = _outcomes(outcomes)
    return RollbackDocument(
        format_version=FORMAT_VERSION,
        kind="Rollback",
        tool_version=__version__,
        created_at=created_at,
        run=rollback.run,
        rolls_back=rollback.rolls_back,
        summary=outcome_counts(documents),
        plan=plan,
        outcomes=documents,
        deployments=published_documents(published),
        verified=verified,
        kept=list(rollback.kept),
        kept_routes=list(rollback.kept_routes),
        failure=rollback.failure,
    )


def _outcomes(outcomes: Iterable[Outcome]) -> list[OutcomeDocument]:
    return [
        OutcomeDocument(
            id=outcome.action_id,
            address=outcome.action.address,
            outcome=outcome.result.value,
            detail=outcome.full_detail,
        )
        for outcome in outcomes
    ]


def outcome_counts(outcomes: Sequence[OutcomeDocument]) -> ApplySummary:
    """Count the outcomes of each kind."""
    counts = Counter(outcome.outcome for outcome in outcomes)
    return ApplySummary(
        applied=counts["applied"],
        skipped=counts["skipped"],
        failed=counts["failed"],
        unknown=counts["unknown"],
        not_run=counts["not-run"],
    )


def published_documents(published: Iterable[Published]) -> list[PublishedDocument]:
    """Return the results of stages."""
    return [_published(deployment) for deployment in published]


def _published(deployment: Published) -> PublishedDocument:
    return PublishedDocument(
        target=stage_target(deployment.stage.manifests, deployment.stage.target),
        stage=deployment.stage.name,
        before=deployment.before or None,
        after=deployment.after or None,
        outcome=deployment.result.value,
        verified=deployment.is_verified,
        detail=deployment.detail,
    )

"""The JSON documents of the journal: the list of runs, and one run in detail."""

from typing import Literal

from pydantic import Field

from reconciler.documents.apply import ApplySummary, OutcomeDocument
from reconciler.documents.parts import FormatVersion, JsonDocument, TargetDocument
from reconciler.documents.plan import PlanDocument


class DeploymentDocument(JsonDocument):
    """A stage that a run pointed at another deployment."""

    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str
    stage: str
    before: str | None = Field(description="The deployment that it served; null for none, or none that is known.")
    after: str | None
    detail: str


class RunDocument(JsonDocument):
    """One run, as its journal has it."""

    run: str
    command: str | None = Field(description="Null when the journal is damaged.")
    started_at: str | None
    ended_at: str | None = Field(description="Null if the run did not finish.")
    state: Literal["running", "ok", "failed", "interrupted", "torn", "damaged"] = Field(
        description="torn: the process died before the run finished."
    )
    rolls_back: str | None = Field(description="The run that this one rolls back.")
    rolled_back_by: str | None = Field(description="The last run that rolled this one back and finished.")
    endpoint_url: str | None = Field(
        default=None,
        description="The endpoint if it was not AWS, as of a sandbox; `latest` considers only runs of one endpoint.",
    )
    targets: list[TargetDocument]
    summary: ApplySummary | None = Field(description="unknown: includes actions in progress at the end.")
    deployed: int = Field(description="How many stages were made to serve another deployment.")
    is_cut_off: bool = Field(description="Whether the journal's last line is incomplete.")
    problem: str | None = Field(description="What is wrong with a damaged journal.")
    actor: str | None = Field(
        default=None, description="Who started it: the person that the CI job names, else the user of the system."
    )
    principals: list[str] = Field(default=[], description="The ARNs of the AWS credentials.")
    commit: str | None = Field(
        default=None, description="The revision of the manifests, with `+` if files differed from it."
    )
    job: str | None = Field(default=None, description="The address of the CI job.")


class RunsDocument(JsonDocument):
    """What `runs --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Runs"]
    tool_version: str
    folder: str
    runs: list[RunDocument] = Field(description="Newest first.")
    omitted: int = Field(default=0, description="How many older runs `-n` leaves out, of any environment.")


class KeptRun(JsonDocument):
    """A run that is old enough to be deleted, and is not."""

    run: str
    reason: str


class PrunedRunsDocument(JsonDocument):
    """What `runs prune --format json` prints."""

    format_version: FormatVersion
    kind: Literal["PrunedRuns"]
    tool_version: str
    folder: str
    keep: str = Field(description="As it was given: an age, as in 90d, or a number of runs.")
    is_done: bool = Field(description="False with --dry-run, and if it was declined: `deleted` are still there.")
    deleted: list[RunDocument] = Field(description="Newest first.")
    kept: list[KeptRun] = Field(description="Those that are kept although they are older, newest first.")
    remaining: int = Field(description="How many runs are not deleted, these included.")


class OneRunDocument(JsonDocument):
    """What `runs RUN --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Run"]
    tool_version: str
    run: RunDocument
    plan: PlanDocument
    outcomes: list[OutcomeDocument] = Field(description="Of every action of the plan, in its order.")
    deployments: list[DeploymentDocument]

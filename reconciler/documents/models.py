"""The documents' models: every key, what it means, and what it may be."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from reconciler.plan.actions import Operation
from reconciler.rules import GuardRule

FORMAT_VERSION = "1.0"

FormatVersion: TypeAlias = Annotated[
    str, Field(pattern=r"^1\.\d+$", description="Grows its second number when the document gains something.")
]
Text: TypeAlias = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"$text": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}},
                    "required": ["$text"],
                    "additionalProperties": False,
                    "description": "In saved plans: a long text, which stands in `texts` under this digest.",
                },
            ]
        }
    ),
]
State: TypeAlias = dict[str, Text | dict[str, Text]]


class JsonDocument(BaseModel):
    """What all parts have in common: camelCase keys, and none but these."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class SourceDocument(JsonDocument):
    """A place in a manifest."""

    file: str
    line: int = Field(description="Counts from 1; 0 for the file as a whole.")


class ChangeDocument(JsonDocument):
    """One value: `before` is live, `after` is what the manifest wants; null means not set."""

    path: str = Field(description="As in `responseTemplates.application/json`.")
    before: Text | None
    after: Text | None


class TargetDocument(JsonDocument):
    """The API that manifests resolve to, and digests of what was compared."""

    manifests: list[str]
    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str
    api_name: str | None = Field(description="Null when the manifest names the API by its id.")
    live_digest: str = Field(description="Of the listed methods, as read.")
    desired_digest: str = Field(description="Of what the manifests resolve to.")


class ResponseTarget(JsonDocument):
    """What names one response of a REST API."""

    manifest: str
    kind: str
    api_id: str
    resource_id: str | None = Field(description="Null when the path is gone from the API.")
    path: str
    method: str
    status_code: str
    environment: str | None
    account_id: str
    region: str


class WebSocketResponseTarget(JsonDocument):
    """What names one response of a WebSocket API."""

    manifest: str
    kind: str
    api_id: str
    route_key: str | None = Field(description="Null when the manifest names the integration by its id.")
    integration_id: str | None = Field(description="Null when the route is gone from the API.")
    integration_response_key: str
    environment: str | None
    account_id: str
    region: str


TargetOfResponse: TypeAlias = ResponseTarget | WebSocketResponseTarget


class ActionDocument(JsonDocument):
    """One write."""

    id: str
    address: str
    op: Literal["create", "update", "delete"]
    step: Literal["methodResponse", "park", "replace"] | None = Field(
        description="An extra write that a response needs; it counts as no change of its own."
    )
    operation: Operation
    reason: str
    target: TargetOfResponse
    before: State | None
    after: State | None
    changes: list[ChangeDocument]
    source: SourceDocument | None
    cause: Literal["manifest", "drift", "both"] | None = Field(
        description="What changed since the base: the manifests, AWS, or both. Null if that cannot be told."
    )


class DeferredDocument(JsonDocument):
    """A response that is wanted on a method which does not exist yet."""

    address: str
    target: TargetOfResponse
    after: State
    message: str
    source: SourceDocument | None


class RequestDocument(JsonDocument):
    """What a saved plan was asked for: an apply of it takes these from here, not from its command line."""

    paths: list[str] = Field(description="Relative to the folder in which plan and apply run.")
    config: str | None
    environments: list[str]
    variables: dict[str, str]
    selectors: list[dict[str, str]]
    only: list[str]
    touched: list[str] | None = Field(description="The files that counted as changed; null for all.")
    force: list[GuardRule] = Field(description="The guard rules that were waived.")
    region: str | None
    profile: str | None
    allow_missing: bool
    deploy: bool
    stages: list[str] = Field(description="Instead of those that the manifests declare; none for these.")
    publish_all: bool = Field(description="Whether what is not of the plan may be published too.")
    writes: bool = Field(description="False where drafts are only deployed, as they are.")


class SummaryDocument(JsonDocument):
    """Counts of responses, not of steps."""

    create: int
    update: int
    delete: int
    unchanged: int
    unmanaged: int = Field(description="Live responses that no manifest lists.")
    unmanaged_methods: int = Field(description="Methods with responses that no manifest lists.")
    not_selected: int = Field(0, description="Responses that are not compared because `--only` does not name them.")
    ignored: int = Field(0, description="Live responses that ignore rules leave alone.")


class RefusalDocument(JsonDocument):
    """A guard rule that stands against the plan, or that `--force` waived."""

    rule: str
    target: str
    message: str


class DiagnosticDocument(JsonDocument):
    """A problem, with its place."""

    severity: Literal["error", "warning"]
    rule: str
    message: str
    remedy: str
    file: str | None
    line: int | None
    column: int | None
    address: str | None


class StageTarget(JsonDocument):
    """The API whose stage it is."""

    manifests: list[str]
    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str


class PendingDocument(JsonDocument):
    """One thing that a deployment would publish: `before` is served, `after` is what the draft will be."""

    subject: Literal[
        "response",
        "methodResponse",
        "integration",
        "access",
        "method",
        "responses",
        "api",
        "model",
        "requestValidator",
        "gatewayResponse",
    ] = Field(description="`responses` and `api` of WebSocket APIs: all listed responses, and everything else.")
    op: Literal["create", "update", "delete"]
    address: str
    outside: str | None = Field(description="Why it is not of this plan; null for what is.")
    changes: list[ChangeDocument]


class StageDocument(JsonDocument):
    """A stage that is to be deployed to, and everything that a deployment would publish there."""

    target: StageTarget
    stage: str
    serves: str | None = Field(description="The id of the deployment that it serves now.")
    back_to: str | None = Field(description="In rollbacks: the deployment that it is to serve again.")
    due: bool = Field(description="Whether it is to be deployed to, or to go back.")
    known: bool = Field(description="Whether `pending` is all of it: of WebSocket APIs it cannot always be told.")
    pending: list[PendingDocument]
    not_compared: list[str] = Field(
        default_factory=list, description="What of a REST API cannot be compared, so that more of it may be published."
    )


class PlanDocument(JsonDocument):
    """What `plan --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Plan"]
    tool_version: str
    created_at: str = Field(description="UTC, ISO 8601.")
    summary: SummaryDocument
    targets: list[TargetDocument]
    actions: list[ActionDocument]
    waivers: list[RefusalDocument]
    refusals: list[RefusalDocument]
    diagnostics: list[DiagnosticDocument]
    texts: dict[str, str] = Field(description="Long texts by digest, where a saved plan refers to them.")
    deferred: list[DeferredDocument] = Field(description="Run by an apply of the saved plan once their methods exist.")
    deployments: list[StageDocument] = Field(description="With --deploy: the stages, and what would be published.")
    request: RequestDocument | None = Field(default=None, description="In saved plans only.")
    checksum: str | None = Field(default=None, description="In saved plans: of everything else in the file.")


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
    after: str | None = Field(description="The id of the deployment that it serves now; null where that is not known.")
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    verified: bool = Field(description="False where it was deployed and could not be seen to serve the draft.")
    detail: str


class ApplySummary(JsonDocument):
    """Counts of actions, steps included."""

    applied: int
    skipped: int
    failed: int
    unknown: int
    not_run: int


class RollbackDocument(JsonDocument):
    """What `rollback --format json` prints, and what an apply says of a rollback of its own."""

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
    deployments: list[PublishedDocument] = Field(description="The stages that were to go back.")
    kept: list[str] = Field(description="Method responses that the run made and that stay, by address.")
    failure: str | None = Field(description="Why it could not be done at all.")


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
    deployed: bool = Field(description="Whether every stage that was due serves the draft now; false without any.")
    deployments: list[PublishedDocument] = Field(description="The stages that were to be deployed to.")
    run: str | None = Field(default=None, description="The run's id in the journal; null: nothing was written.")
    rollback: RollbackDocument | None = Field(
        default=None, description="What --rollback-on-failure did; null: there was nothing to roll back."
    )
    reasons: list[str] = Field(description="Why a saved plan was not applied: what is not as it was any more.")


class FindingDocument(JsonDocument):
    """One difference between manifest and AWS."""

    type: Literal["changed", "missing", "unexpected", "error"]
    subject: Literal["response", "methodResponse", "target", "stage"]
    stage: str | None = Field(description="The stage that serves it like this; null for the draft.")
    environment: str | None = Field(None, description="Null where there are no environments.")
    address: str
    target: TargetOfResponse | None = Field(description="Null for a target or stage as a whole.")
    message: str
    changes: list[ChangeDocument]
    source: SourceDocument | None


class DriftSummaryDocument(JsonDocument):
    """Counts of responses."""

    in_sync: int
    changed: int
    missing: int
    unexpected: int
    unmanaged: int
    not_selected: int = Field(0, description="Responses that are not compared because `--only` does not name them.")
    ignored: int = Field(0, description="Live responses that ignore rules leave alone.")
    errors: int
    stages: int = Field(description="How many stages were compared; the other counts but `errors` are of drafts.")
    deployed: int = Field(description="Differences between the manifests and what stages serve.")


class DriftDocument(JsonDocument):
    """What `drift --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Drift"]
    tool_version: str
    created_at: str
    summary: DriftSummaryDocument
    targets: list[TargetDocument]
    findings: list[FindingDocument]
    diagnostics: list[DiagnosticDocument]


class ValidationSummary(JsonDocument):
    """Counts."""

    manifests: int
    responses: int
    errors: int
    warnings: int


class ValidationDocument(JsonDocument):
    """What `validate --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Validation"]
    tool_version: str
    summary: ValidationSummary
    diagnostics: list[DiagnosticDocument]


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
    ended_at: str | None = Field(description="Null when the run never came to its end.")
    state: Literal["running", "ok", "failed", "interrupted", "torn", "damaged"] = Field(
        description="torn: the run never came to its end, it was killed for example."
    )
    rolls_back: str | None = Field(description="The run that this one rolls back.")
    rolled_back_by: str | None = Field(description="The last run that rolled this one back to its end.")
    endpoint_url: str | None = Field(
        default=None,
        description="Where its calls went that did not go to AWS, such as a sandbox; never `latest` from elsewhere.",
    )
    targets: list[TargetDocument]
    summary: ApplySummary | None = Field(description="unknown: those included that may have been under way at the end.")
    deployed: int = Field(description="How many stages were made to serve another deployment.")
    is_cut_off: bool = Field(description="Whether the journal's last line is not whole.")
    problem: str | None = Field(description="What is wrong with a damaged journal.")


class RunsDocument(JsonDocument):
    """What `runs --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Runs"]
    tool_version: str
    folder: str
    runs: list[RunDocument] = Field(description="Newest first.")


class OneRunDocument(JsonDocument):
    """What `runs RUN --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Run"]
    tool_version: str
    run: RunDocument
    plan: PlanDocument
    outcomes: list[OutcomeDocument] = Field(description="Of every action of the plan, in its order.")
    deployments: list[DeploymentDocument]

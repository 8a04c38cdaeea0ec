"""The lines of a run's `outcomes.jsonl`, each a JSON object.

The first line is a `begin`, the last line of a finished run an `end`; between them every action has at most one `sent`
and one `outcome`. Keys and values are stable, as in the other documents.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from reconciler.documents.parts import JsonDocument


class BeginLine(JsonDocument):
    """The start of a run. `rolls_back` is the run that it undoes, if any.

    `endpoint_url`: where its calls went, None for AWS's own endpoints (and for runs of versions that did not record
    it). `marks_sent`: a `sent` line precedes each action's call, so an action without one was never sent; False for
    runs of versions that wrote no such lines. `actor`, `principals`, `commit` and `job` are as in `RunOrigin`, None or
    empty where they are unknown.
    """

    line: Literal["begin"] = "begin"
    format_version: str
    tool_version: str
    run: str
    command: str
    rolls_back: str | None = None
    endpoint_url: str | None = None
    marks_sent: bool = False
    actor: str | None = None
    principals: tuple[str, ...] = ()
    commit: str | None = None
    job: str | None = None
    host: str
    pid: int
    at: str


class SentLine(JsonDocument):
    """An action's call is about to be sent."""

    line: Literal["sent"] = "sent"
    id: str
    at: str


class OutcomeLine(JsonDocument):
    """The outcome of an action."""

    line: Literal["outcome"] = "outcome"
    id: str
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    detail: str = ""
    at: str


class DeploymentLine(JsonDocument):
    """A stage that now serves another deployment: the ids before and after; None for none, or unknown."""

    line: Literal["deployment"] = "deployment"
    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str
    stage: str
    before: str | None
    after: str | None
    detail: str = ""
    at: str


class EndLine(JsonDocument):
    """The end of a finished run."""

    line: Literal["end"] = "end"
    exit_code: int
    at: str


Line: TypeAlias = BeginLine | SentLine | OutcomeLine | DeploymentLine | EndLine

LINE: Final[TypeAdapter[Line]] = TypeAdapter(Annotated[Line, Field(discriminator="line")])

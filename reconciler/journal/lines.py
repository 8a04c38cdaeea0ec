"""The lines of a run's `outcomes.jsonl`, each a JSON object.

Promise: the first is a `begin`, the last of a run that came to its end an `end`; between them every action has at most
one `sent` and one `outcome`. Keys and words that stand keep standing, as in the other documents.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from reconciler.documents.parts import JsonDocument


class BeginLine(JsonDocument):
    """Which run it is. `rolls_back` is the run that it undoes, if it does that.

    `endpoint_url`: where its calls went, None for AWS's own endpoints (and for runs of versions that did not say).
    `marks_sent`: a `sent` line precedes each action's call, so an action without one was not carried out; False for
    runs of versions that wrote no such lines.
    """

    line: Literal["begin"] = "begin"
    format_version: str
    tool_version: str
    run: str
    command: str
    rolls_back: str | None = None
    endpoint_url: str | None = None
    marks_sent: bool = False
    host: str
    pid: int
    at: str


class SentLine(JsonDocument):
    """The call of an action of the plan is about to be sent."""

    line: Literal["sent"] = "sent"
    id: str
    at: str


class OutcomeLine(JsonDocument):
    """What became of an action of the plan."""

    line: Literal["outcome"] = "outcome"
    id: str
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    detail: str = ""
    at: str


class DeploymentLine(JsonDocument):
    """A stage that was pointed at another deployment: the ids before and after; None for none, or none known."""

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
    """The run came to its end, and how."""

    line: Literal["end"] = "end"
    exit_code: int
    at: str


Line: TypeAlias = BeginLine | SentLine | OutcomeLine | DeploymentLine | EndLine

LINE: Final[TypeAdapter[Line]] = TypeAdapter(Annotated[Line, Field(discriminator="line")])

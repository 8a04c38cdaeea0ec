"""The JSON document that a webhook receives."""

from collections.abc import Iterable
from typing import Final, Literal

from pydantic import Field

from reconciler import __version__
from reconciler.documents.parts import FORMAT_VERSION, FormatVersion, JsonDocument
from reconciler.fleet.history import OpenFinding
from reconciler.fleet.news import News

MAX_FINDINGS: Final = 100
MAX_FINGERPRINTS: Final = 1_000
_MAX_TEXT: Final = 500


class NotifiedFinding(JsonDocument):
    """An open finding."""

    fingerprint: str = Field(description="As in the document of the drift.")
    type: Literal["changed", "missing", "unexpected", "error"]
    address: str
    stage: str | None = Field(description="The stage that has this difference; null for the draft.")
    environment: str | None
    account_id: str | None
    region: str | None
    is_new: bool = Field(description="Whether this channel has not heard of it yet.")
    first_seen: str | None = Field(description="Null without a history.")


class NotificationDocument(JsonDocument):
    """What a webhook receives. `text` is for people, and what chat services show."""

    format_version: FormatVersion
    kind: Literal["DriftNotification"]
    tool_version: str
    created_at: str = Field(description="When the run began.")
    reason: Literal["changed", "cleared", "reminder"] = Field(
        description="Since the last delivery to this channel: the set of findings changed, all of them were resolved, "
        "or nothing changed and a reminder was due."
    )
    title: str
    text: str
    open: int = Field(description="How many findings there are, those of earlier runs that could not be read included.")
    errors: int = Field(description="How many of them are about what could not be read.")
    new: list[str] = Field(description="Fingerprints that this channel has not heard of yet; at most 1,000.")
    resolved: list[str] = Field(description="Fingerprints that it was sent, and that are resolved; at most 1,000.")
    findings: list[NotifiedFinding] = Field(description="The open findings, the new ones first; at most 100.")
    omitted: int = Field(description="How many open findings are left out.")
    link: str | None = Field(description="The page of the CI job, where its variables name one.")


def notification_document(  # noqa: PLR0913, PLR0917 - what it is made of
    created_at: str, news: News, findings: Iterable[OpenFinding], title: str, text: str, link: str
) -> NotificationDocument:
    """Return the document about these findings, in this order."""
    every = tuple(findings)
    shown = every[:MAX_FINDINGS]
    return NotificationDocument(
        format_version=FORMAT_VERSION,
        kind="DriftNotification",
        tool_version=__version__,
        created_at=created_at,
        reason=news.reason,
        title=title,
        text=text,
        open=len(every),
        errors=sum(finding.type == "error" for finding in every),
        new=sorted(news.new)[:MAX_FINGERPRINTS],
        resolved=sorted(news.resolved)[:MAX_FINGERPRINTS],
        findings=[_finding(finding, news) for finding in shown],
        omitted=len(every) - len(shown),
        link=link or None,
    )


def _finding(finding: OpenFinding, news: News) -> NotifiedFinding:
    return NotifiedFinding(
        fingerprint=finding.fingerprint,
        type=finding.type,  # type: ignore[arg-type] # one of the words of `findings.Type`
        address=finding.address[:_MAX_TEXT],
        stage=finding.stage,
        environment=finding.environment,
        account_id=finding.account_id or None,
        region=finding.region or None,
        is_new=finding.fingerprint in news.new,
        first_seen=finding.first_seen or None,
    )

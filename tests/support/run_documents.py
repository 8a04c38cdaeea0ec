"""Runs as documents, without a journal."""

from typing import Any

from reconciler.documents import FORMAT_VERSION, RunDocument, RunsDocument
from reconciler.documents.apply import ApplySummary
from reconciler.documents.parts import TargetDocument

AT = "2026-12-01T10:00:00Z"


def counts(applied: int = 0, failed: int = 0, not_run: int = 0) -> ApplySummary:
    """The outcomes of a run."""
    return ApplySummary(applied=applied, skipped=0, failed=failed, unknown=0, not_run=not_run)


def api(environment: str | None = "prod") -> TargetDocument:
    """The API of a run."""
    return TargetDocument(
        manifests=["petstore"],
        kind="RestApi",
        environment=environment,
        account_id="123456789012",
        region="eu-west-1",
        api_id="a1b2c3d4e5",
        api_name="petstore",
        live_digest="",
        desired_digest="",
    )


def run_of(number: int = 1, **more: Any) -> RunDocument:  # noqa: ANN401 - the members of a run
    """A run that applied eight changes."""
    members: dict[str, Any] = {
        "run": f"20261201T10000{number}Z-3f9a2c",
        "command": "apply",
        "started_at": AT,
        "ended_at": AT,
        "state": "ok",
        "rolls_back": None,
        "rolled_back_by": None,
        "targets": [api()],
        "summary": counts(8),
        "deployed": 0,
        "is_cut_off": False,
        "problem": None,
        "actor": "kim",
        "commit": "7b2f3ec",
    }
    return RunDocument(**{**members, **more})


def runs_of(*runs: RunDocument, omitted: int = 0) -> RunsDocument:
    """A list of these runs."""
    return RunsDocument(
        format_version=FORMAT_VERSION, kind="Runs", tool_version="1", folder="runs", runs=list(runs), omitted=omitted
    )


def damaged(number: int = 1) -> RunDocument:
    """A run whose journal cannot be read."""
    nothing = dict.fromkeys(("command", "started_at", "ended_at", "summary", "actor", "commit"))
    return run_of(number, **nothing, state="damaged", targets=[], problem="plan.json: it is\x1b[31m cut off")

"""What became of a run, in words: for the list of runs, and for one of them."""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.documents import RunDocument
from reconciler.documents.apply import ApplySummary
from reconciler.documents.parts import TargetDocument
from reconciler.render.style import Tone, plural, printable

OUTCOME_TONES: Final[Mapping[str, Tone]] = {
    "applied": "good",
    "skipped": "faint",
    "failed": "error",
    "unknown": "error",
    "not-run": "warning",
}
_STATE_TONES: Final[Mapping[str, Tone]] = {
    "running": "step",
    "ok": "good",
    "failed": "error",
    "interrupted": "warning",
    "torn": "warning",
    "damaged": "error",
}
_STATES: Final[Mapping[str, str]] = {"running": "in progress", "torn": "incomplete"}
INCOMPLETE: Final = "incomplete: the process died before the run finished"


def state_words(run: RunDocument) -> str:
    """Return what became of a run: `applied`, `stopped part-way`, `rolled back`, `in progress`."""
    if run.state == "failed":
        return "stopped part-way" if _is_unfinished(run.summary) else "finished with errors"
    if run.state != "ok":
        return _STATES.get(run.state, run.state)
    done = {"rollback": "restored", "deploy": "deployed"}.get(run.command or "", "applied")
    return "rolled back" if run.rolled_back_by else done


def _is_unfinished(summary: ApplySummary | None) -> bool:
    return bool(summary and (summary.failed or summary.unknown or summary.not_run))


def state_tone(run: RunDocument) -> Tone:
    """Return the tone of these words."""
    return "faint" if run.state == "ok" and run.rolled_back_by else _STATE_TONES[run.state]


def count_words(run: RunDocument) -> str:
    """Return the counts of a run: `8 applied, 1 failed, 2 stages deployed`; "" if it did nothing."""
    parts = [f"{count:,} {name}" for name, count in _counts(run.summary).items() if count] if run.summary else []
    parts += [f"{plural(run.deployed, 'stage')} deployed"] if run.deployed else []
    return ", ".join(parts)


def _counts(summary: ApplySummary) -> Mapping[str, int]:
    return {
        "applied": summary.applied,
        "skipped": summary.skipped,
        "failed": summary.failed,
        "unknown": summary.unknown,
        "not run": summary.not_run,
    }


def environment_words(run: RunDocument) -> str:
    """Return the environments of a run; "" without environments."""
    return printable(", ".join(dict.fromkeys(target.environment for target in run.targets if target.environment)))


def who(run: RunDocument) -> str:
    """Return who started a run: its actor, else what its AWS credentials are called; "" if neither is known."""
    return printable(run.actor or ", ".join(principal.rpartition(":")[2] for principal in run.principals))


def target_words(target: TargetDocument) -> str:
    """Return an API of a run: its manifests, and where it is."""
    names = ", ".join(target.manifests)
    environment = f"environment {target.environment}, " if target.environment else ""
    line = f"{target.kind} {target.api_id}, {environment}account {target.account_id}, {target.region}"
    return printable(f"{names} ({line})")


def detail_lines(run: RunDocument) -> Iterator[str]:
    """Yield what else is known of a run: its relatives, credentials and CI job, its endpoint and its APIs."""
    if run.rolls_back:
        yield f"rolls back {printable(run.rolls_back)}"
    if run.rolled_back_by:
        yield f"rolled back by {printable(run.rolled_back_by)}"
    yield from (f"AWS principal {printable(principal)}" for principal in run.principals)
    if run.job:
        yield f"CI job {printable(run.job)}"
    if run.endpoint_url:
        yield f"not on AWS: {printable(run.endpoint_url)}"
    yield from map(target_words, run.targets)

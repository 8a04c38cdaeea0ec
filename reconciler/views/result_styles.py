"""How each result of a write or a deployment appears in each format."""

from collections.abc import Mapping
from typing import Final

from reconciler.apply import Result
from reconciler.render.junit import CaseStatus
from reconciler.render.remarks import Level
from reconciler.render.style import Tone

RESULT_TONES: Final[Mapping[Result, Tone]] = {
    Result.APPLIED: "good",
    Result.SKIPPED: "faint",
    Result.FAILED: "error",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "warning",
}
RESULT_LEVELS: Final[Mapping[Result, Level]] = {
    Result.FAILED: "error",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "warning",
}
"""The level of its remark, where that is more than a note."""

RESULT_STATUSES: Final[Mapping[Result, CaseStatus]] = {
    Result.APPLIED: "passed",
    Result.SKIPPED: "passed",
    Result.FAILED: "failed",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "skipped",
}
"""The status of its test case."""

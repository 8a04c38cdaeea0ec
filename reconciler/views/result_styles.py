"""How each result of a write or a deployment appears in each format."""

from collections.abc import Mapping
from typing import Final

from reconciler.apply import ActionResult
from reconciler.render.junit import CaseStatus
from reconciler.render.remarks import Level
from reconciler.render.style import Tone

RESULT_TONES: Final[Mapping[ActionResult, Tone]] = {
    ActionResult.APPLIED: "good",
    ActionResult.SKIPPED: "faint",
    ActionResult.FAILED: "error",
    ActionResult.UNKNOWN: "error",
    ActionResult.NOT_RUN: "warning",
}
RESULT_LEVELS: Final[Mapping[ActionResult, Level]] = {
    ActionResult.FAILED: "error",
    ActionResult.UNKNOWN: "error",
    ActionResult.NOT_RUN: "warning",
}
"""The level of its remark, where that is more than a note."""

RESULT_STATUSES: Final[Mapping[ActionResult, CaseStatus]] = {
    ActionResult.APPLIED: "passed",
    ActionResult.SKIPPED: "passed",
    ActionResult.FAILED: "failed",
    ActionResult.UNKNOWN: "error",
    ActionResult.NOT_RUN: "skipped",
}
"""The status of its test case."""

"""What became of something, as it looks: of an action, of a deployment."""

from typing import Final

from reconciler.apply import Result
from reconciler.render.style import Tone

RESULT_TONES: Final[dict[Result, Tone]] = {
    Result.APPLIED: "good",
    Result.SKIPPED: "faint",
    Result.FAILED: "error",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "warning",
}

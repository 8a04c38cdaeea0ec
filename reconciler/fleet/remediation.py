"""What a drift run did about the drift that it found."""

from dataclasses import dataclass

from reconciler.errors import ExitCode
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An API with drift that was not touched, and why."""

    target: Target
    manifests: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Remediation:
    """The apply that followed a drift run.

    `run` is its id in the journal, "" where nothing was written; `undo` is the command that reverts it. `written`
    counts responses. `restored` are the APIs that were verified to match their manifests afterwards. `left` are those
    that were not touched. `refusals` are the reasons why nothing was written, or not all of it. `exit_code` is that of
    the apply.
    """

    run: str = ""
    undo: str = ""
    written: int = 0
    restored: tuple[Target, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    refusals: tuple[str, ...] = ()
    exit_code: ExitCode = ExitCode.OK

"""Remarks: messages about places in files, from which GitHub annotations and SARIF are made.

Pure. Rule ids are stable: diagnostics keep theirs, the others are named `guard/RULE`, `plan/OP`, `drift/TYPE`,
`apply/RESULT`, `deploy/RESULT` and `review/EFFECT`. Each view builds its own remarks.
"""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.render.style import printable
from reconciler.rules import Rule, require_rule

Level: TypeAlias = Literal["error", "warning", "note"]
Baseline: TypeAlias = Literal["new", "unchanged"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
"""The most severe first."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One message; `identity` stays the same from run to run when lines move and values change.

    `baseline`: whether the run before had it too, None if that is unknown.
    """

    level: Level
    rule: Rule
    message: str
    remedy: str = ""
    location: Location | None = None
    identity: str = ""
    baseline: Baseline | None = None

    def __post_init__(self) -> None:
        require_rule(self.rule)

    @property
    def text(self) -> str:
        """Message and remedy on one printable line."""
        return printable(f"{self.message}; {self.remedy}" if self.remedy else self.message)


def most_severe_first(remarks: Iterable[Remark]) -> list[Remark]:
    """Sort by level and keep the given order within a level."""
    return sorted(remarks, key=lambda remark: LEVELS.index(remark.level))


@dataclass(frozen=True, slots=True)
class FileLocator:
    """Resolve file names against `here`, the folder they are relative to, and show them relative to `root`.

    `root` is the folder of the repository. Both paths are absolute.
    """

    here: str
    root: str

    def relative(self, file: str) -> str:
        """Return the file relative to the root if it is below it, else its absolute path."""
        whole = posixpath.normpath(posixpath.join(self.here, file))
        below = posixpath.normpath(self.root).rstrip("/") + "/"
        return whole.removeprefix(below)

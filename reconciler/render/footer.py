"""The last line of Markdown and HTML reports: which state of the manifests they are about, and how they were made."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.render.style import printable

_SHORT = 10


@dataclass(frozen=True, slots=True)
class FooterPart:
    """A fact about a report; `label` comes first, and `is_code`: the text is code."""

    text: str
    label: str = ""
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class Footer:
    """Facts about a run; what is unknown is "" or 0.

    `commit` and `branch` are of the manifests, `words` is the command line without secrets; `can_repeat`: nothing was
    left out of it, so that it can be run again. `created_at` is in ISO 8601, `seconds` is how long the run took.
    """

    commit: str = ""
    branch: str = ""
    words: tuple[str, ...] = field(default=())
    can_repeat: bool = False
    version: str = ""
    created_at: str = ""
    seconds: float = 0.0

    @property
    def parts(self) -> tuple[FooterPart, ...]:
        """What is known."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[FooterPart]:
        if self.commit:
            yield FooterPart(printable(self.commit[:_SHORT]), "commit")
        if self.branch:
            yield FooterPart(printable(self.branch), "branch")
        if self.words:
            yield FooterPart(printable(shlex.join(self.words)))
        if self.version:
            yield FooterPart(f"reconciler {self.version}", is_code=False)
        if self.created_at:
            yield FooterPart(printable(self.created_at))
        if self.seconds:
            yield FooterPart(f"{self.seconds:,.1f} s", is_code=False)

    def forcing(self, rules: Iterable[str]) -> str:
        """Return the command line that waives these rules as well; "" where there are none or it cannot be repeated."""
        forced = [word for rule in rules for word in ("--force", rule)]
        return shlex.join((*self.words, *forced)) if forced and self.can_repeat and self.words else ""

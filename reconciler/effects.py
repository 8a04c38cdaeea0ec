"""What a change of responses does to the answers that clients get, as response tests show it. Plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.diagnostics import Location
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.changes import AnswerChange
from reconciler.models.keys import Scope
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class ClientEffect:
    """What a client gets before and after, for the call and the backend's answer of one response test.

    `test` is the test's title, `source` where it is written. `target` is None offline. `response` is where the response
    is written that the client gets, or that it got before.
    """

    test: str
    manifest: str
    scope: Scope
    before: Answer
    after: Answer
    changes: tuple[AnswerChange, ...]
    source: Location
    response: Location | None = None
    environment: str | None = None
    target: Target | None = None

    @property
    def address(self) -> str:
        """The method, as in `petstore: GET /pets`."""
        return f"{self.manifest}: {self.scope}"

    @property
    def breaking(self) -> tuple[AnswerChange, ...]:
        """The changes that may break clients."""
        return tuple(change for change in self.changes if change.breaks)


@dataclass(frozen=True, slots=True)
class ClientEffects:
    """The effects of all tests of the methods that change.

    `tests` counts those that ran, whether their answers change or not. `untested` are the addresses of responses that
    change and that no test selects: what their clients get is not shown.
    """

    effects: tuple[ClientEffect, ...] = ()
    tests: int = 0
    untested: tuple[str, ...] = ()

    @property
    def breaking(self) -> tuple[ClientEffect, ...]:
        """The effects that may break clients."""
        return tuple(effect for effect in self.effects if effect.breaking)


AlikeEffect: TypeAlias = tuple[ClientEffect, tuple[str, ...]]
"""An effect, and the environments in which the test has it."""


def alike(effects: Iterable[ClientEffect]) -> tuple[AlikeEffect, ...]:
    """Return each effect once, with all the environments that have it."""
    groups: dict[tuple[str, tuple[AnswerChange, ...], Location], list[ClientEffect]] = {}
    for effect in effects:
        groups.setdefault((effect.test, effect.changes, effect.source), []).append(effect)
    return tuple((group[0], _environments(group)) for group in groups.values())


def _environments(effects: Iterable[ClientEffect]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(effect.environment for effect in effects if effect.environment))

"""What a change of responses does to the answers that clients get, by the response tests of a manifest. Plain values."""

from collections.abc import Iterable, Sequence
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

    `test` is the test's title, `source` where it is written. `environments` have this effect in common; `target` is
    None offline. `response` is where the response is written that the client gets, or that it got before.
    """

    test: str
    manifest: str
    scope: Scope
    before: Answer
    after: Answer
    changes: tuple[AnswerChange, ...]
    source: Location
    response: Location | None = None
    environments: tuple[str, ...] = ()
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

    `tests` counts those that ran, whether their answers change or not. `untested` are the addresses of methods that
    change and that no test calls: what their clients get is not shown.
    """

    effects: tuple[ClientEffect, ...] = ()
    tests: int = 0
    untested: tuple[str, ...] = ()

    @property
    def breaking(self) -> tuple[ClientEffect, ...]:
        """The effects that may break clients."""
        return tuple(effect for effect in self.effects if effect.breaking)


_Kind: TypeAlias = tuple[str, tuple[AnswerChange, ...], Location]


def joined(effects: Iterable[ClientEffect]) -> tuple[ClientEffect, ...]:
    """Return the effects with those of one test that are the same in several environments as one."""
    groups: dict[_Kind, list[ClientEffect]] = {}
    for effect in effects:
        groups.setdefault((effect.test, effect.changes, effect.source), []).append(effect)
    return tuple(_joined(group) for group in groups.values())


def _joined(group: Sequence[ClientEffect]) -> ClientEffect:
    first = group[0]
    names = dict.fromkeys(name for effect in group for name in effect.environments)
    return ClientEffect(
        test=first.test,
        manifest=first.manifest,
        scope=first.scope,
        before=first.before,
        after=first.after,
        changes=first.changes,
        source=first.source,
        response=first.response,
        environments=tuple(names),
        target=first.target if len(group) == 1 else None,
    )

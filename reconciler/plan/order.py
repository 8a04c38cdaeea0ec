"""Order the writes of one method so that AWS refuses none of them.

`order_writes` returns every change exactly once, in an order that depends on the changes alone, not on their input
order. No write puts a pattern that another status holds at that moment, and no key is deleted and created again. A
selection pattern is a unique key within the method (AWS answers 409 to a second holder, "default" being the empty
pattern), and Put, which replaces the whole response, is the only write but Delete.

The rules, each tried before the next: (1) put what has its pattern free; (2) delete what blocks a put; (3) only cycles
of updates are left: park one member of the first cycle, that is, put its desired content under a pattern that never
matches; (4) delete the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from reconciler.diff import ResponseChange
from reconciler.models.responses import RestResponse


@dataclass(frozen=True, slots=True)
class Write:
    """One write within a method; `holder` is the status that made a park necessary."""

    verb: Literal["put", "delete", "park"]
    code: str
    before: RestResponse | None
    after: RestResponse | None
    holder: str = ""


class BlockedPattern(Exception):  # noqa: N818 - a fact about the input, turned into a diagnostic by the caller
    """A pattern that a put needs is held by a response that the plan may not touch."""

    def __init__(self, code: str, holder: str, pattern: str) -> None:
        super().__init__(f"{code} needs the pattern {pattern!r} that {holder} holds")
        self.code = code
        self.holder = holder
        self.pattern = pattern


def order_writes(changes: Iterable[ResponseChange], live: Mapping[str, RestResponse]) -> list[Write]:
    """Order one method's changes, `live` being all its responses. Raises BlockedPattern."""
    return _Ordering(changes, live).run()


class _Ordering:
    """A simulation: which status holds which pattern, and which writes remain."""

    def __init__(self, changes: Iterable[ResponseChange], live: Mapping[str, RestResponse]) -> None:
        in_order = sorted(changes, key=lambda change: change.key)
        self.puts = {change.key.code: change.after for change in in_order if isinstance(change.after, RestResponse)}
        self.deletes = sorted(change.key.code for change in in_order if change.after is None)
        self.current = dict(sorted(live.items()))
        self.writes: list[Write] = []

    def run(self) -> list[Write]:
        while self.puts:
            ready = next((code for code in self.puts if self._blocker(code) is None), None)
            if ready is None:
                self._unblock()
            else:
                self._put("put", ready, self.puts.pop(ready))
        while self.deletes:
            self._delete(self.deletes[0])
        return self.writes

    def _blocker(self, code: str) -> str | None:
        """Return the other status that holds the pattern that this one needs."""
        pattern = self.puts[code].selection_pattern
        return next(
            (other for other, held in self.current.items() if held.selection_pattern == pattern and other != code), None
        )

    def _unblock(self) -> None:
        blockers = {code: holder for code in self.puts if (holder := self._blocker(code))}
        deletable = [code for code in self.deletes if code in blockers.values()]
        if deletable:
            self._delete(deletable[0])
        else:
            self._park(min(self._cycle(blockers)), blockers)

    def _cycle(self, blockers: Mapping[str, str]) -> list[str]:
        """Return the first cycle of puts that wait for each other."""
        code = next(iter(blockers))
        seen: list[str] = []
        while code not in seen:
            if code not in blockers:
                waiting = seen[-1]
                raise BlockedPattern(waiting, code, self.puts[waiting].selection_pattern)
            seen.append(code)
            code = blockers[code]
        return seen[seen.index(code) :]

    def _put(self, verb: Literal["put", "park"], code: str, after: RestResponse, holder: str = "") -> None:
        self.writes.append(Write(verb, code, self.current.get(code), after, holder))
        self.current[code] = after

    def _delete(self, code: str) -> None:
        self.deletes.remove(code)
        self.writes.append(Write("delete", code, self.current.pop(code), None))

    def _park(self, code: str, blockers: Mapping[str, str]) -> None:
        waiting = next(other for other, holder in blockers.items() if holder == code)
        self._put("park", code, replace(self.puts[code], selection_pattern=self._parking_pattern(code)), waiting)

    def _parking_pattern(self, code: str) -> str:
        """An empty negative lookahead fails at every position; the rest makes it unique."""
        taken = {response.selection_pattern for response in (*self.current.values(), *self.puts.values())}
        candidate = f"(?!)parked-{code}"
        while candidate in taken:
            candidate += "-"
        return candidate

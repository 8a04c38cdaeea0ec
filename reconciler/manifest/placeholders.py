"""`${{ vars.NAME }}` and `${{ env.NAME }}` in a manifest's scalars.

Promise: `substitute` gives the tree that a written one stands for in an environment, before its shape is looked at, so
that a placeholder may stand wherever a value may. The written tree stays as it is, and is shared where nothing is put
in, so that it is read once for all environments; places stay. A value that is one placeholder takes the variable's
type. `$${{` is a literal `${{`. What is put in is not looked through again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from reconciler.diagnostics import MOST, Diagnostic, Location, error, warning
from reconciler.manifest.variables import Undefined, Value, Variables
from reconciler.rules import InputRule, Rule
from reconciler.wording import code
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

_OPEN: Final = "${{"
_ESCAPED: Final = "$${{"
_CLOSE: Final = "}}"
_NAME: Final = re.compile(r"\s*(?P<source>vars|env)\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)\s*")


MOST_CHARACTERS: Final = 64 * 1024 * 1024
"""What the scalars with placeholders of one document may come to, in characters, once the values are put in."""


@dataclass(frozen=True, slots=True)
class _Placeholder:
    """What was written, and what stands between the braces: None where it is not closed, or where it is `$${{`."""

    text: str
    inner: str | None


def _pieces(text: str) -> Iterator[str | _Placeholder]:
    """Literal texts and placeholders in turn, in one pass."""
    at = 0
    while (begin := text.find(_OPEN, at)) >= 0:
        if begin > at and text[begin - 1] == "$":
            yield text[at : begin - 1]
            yield _Placeholder(_ESCAPED, None)
            at = begin + len(_OPEN)
            continue
        yield text[at:begin]
        end = text.find(_CLOSE, begin + len(_OPEN))
        if end < 0:  # then no other one is closed, and one error says so
            yield _Placeholder(text[begin:], None)
            return
        at = end + len(_CLOSE)
        yield _Placeholder(text[begin:at], text[begin + len(_OPEN) : end])
    yield text[at:]


@dataclass(frozen=True, slots=True)
class Substituted:
    """The tree with everything put in, and what is wrong.

    `symbolic` is where a placeholder was left standing, wrong or unset: what else is said of such a value says nothing
    about the real one.
    """

    places: SourceMap
    diagnostics: tuple[Diagnostic, ...] = ()
    symbolic: frozenset[Location] = frozenset()


def mentions(places: SourceMap) -> tuple[Path, ...]:
    """Where a key or scalar holds `${{`; once in what aliases share."""
    if not isinstance(places.root, YamlMap | YamlList):
        return ()
    return tuple(_mentions(places.root, set()))


def _mentions(node: YamlMap | YamlList, done: set[int]) -> list[Path]:
    if id(node) in done:
        return []
    done.add(id(node))
    entries: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, YamlMap) else enumerate(node)
    found: list[Path] = []
    for step, value in entries:
        if isinstance(value, (YamlMap, YamlList)):
            found += [(step, *below) for below in _mentions(value, done)]
        if (isinstance(value, str) and _OPEN in value) or (isinstance(step, str) and _OPEN in step):
            found.append((step,))
    return found


def variables_in(places: SourceMap, mentioned: Iterable[Path]) -> Iterator[str]:
    """The NAME of every `${{ vars.NAME }}` in a document whose placeholders are where they are `mentioned`."""
    for path in mentioned:
        value = places.node(path)
        for found in _pieces(value) if isinstance(value, str) else ():
            named = _NAME.fullmatch(found.inner or "") if isinstance(found, _Placeholder) else None
            if named and named["source"] == "vars":
                yield named["name"]


def substitute(
    places: SourceMap, mentioned: Iterable[Path], variables: Variables, *, leave_unset: bool = False
) -> Substituted:
    """Put the variables in where the placeholders are `mentioned`.

    `leave_unset`: an environment variable that may be read and is not set leaves its placeholder standing, with a
    warning; else it is an error.
    """
    mentioned = tuple(mentioned)
    if not mentioned:
        return Substituted(places)
    filling = _Filling(places, variables, leave_unset=leave_unset)
    for path in mentioned:
        filling.fill(path)
    return Substituted(filling.result(), tuple(filling.told()), frozenset(filling.symbolic))


class _Filling:
    """One document on its way from what is written to what it stands for."""

    def __init__(self, places: SourceMap, variables: Variables, *, leave_unset: bool) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.symbolic: set[Location] = set()
        self.unlisted = 0
        self._places = places
        self._variables = variables
        self._leave_unset = leave_unset
        self._filled: dict[int, tuple[YamlMap | YamlList, dict[Any, Value]]] = {}
        self._known: dict[tuple[str, str], Value | Undefined] = {}
        self._whole: dict[str, Value] = {}
        self._characters = 0
        self._left: Path | None = None

    def told(self) -> Iterator[Diagnostic]:
        """What is wrong, and how much of it is not listed."""
        yield from self.diagnostics
        if self.unlisted:
            message = f"{self.unlisted:,} more placeholder problems in this document are not listed"
            yield error(InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first", self._places.of_value(()))

    def fill(self, path: Path) -> None:
        """Work out one scalar; what stands in a key is refused."""
        around: Any = self._places.node(path[:-1])
        step, value = path[-1], around[path[-1]]
        if isinstance(step, str) and _OPEN in step:
            remedy = "write the key out"
            at = self._places.of_key(path)
            self.symbolic.add(at)
            self.diagnostics.append(error(InputRule.PLACEHOLDER, "a key cannot contain a placeholder", remedy, at))
        if isinstance(value, str) and _OPEN in value:
            self._filled.setdefault(id(around), (around, {}))[1][step] = self._value(value, path)

    def _refuse(self, message: str, remedy: str, path: Path, rule: Rule = InputRule.PLACEHOLDER) -> str:
        """Note what is wrong with a scalar; gives what is left standing in it."""
        self._leave(path)
        if len(self.diagnostics) < MOST:
            self.diagnostics.append(error(rule, message, remedy, self._places.of_value(path)))
        else:
            self.unlisted += 1
        return _OPEN

    def _leave(self, path: Path) -> None:
        if path != self._left:  # a long text is left once, however many placeholders are in it
            self._left = path
            self.symbolic |= {self._places.of_value(path), self._places.of_key(path)}

    def _value(self, text: str, path: Path) -> Value:
        """What a scalar stands for. The same text, which aliases may repeat, is worked out once where it is right."""
        if text not in self._whole:
            before = len(self.diagnostics)
            value = self._worked_out(text, path)
            if len(self.diagnostics) > before or self.unlisted:
                return value
            self._whole[text] = value
        return self._whole[text]

    def _worked_out(self, text: str, path: Path) -> Value:
        pieces = [piece for piece in _pieces(text) if piece]
        match pieces:
            case [_Placeholder() as only]:
                return self._one(only, path)
            case _:
                return self._joined(pieces, path)

    def _joined(self, pieces: Iterable[str | _Placeholder], path: Path) -> str:
        """Text with values in it. What is wrong more than once is said once."""
        values: dict[_Placeholder, str] = {}
        written: list[str] = []
        for piece in pieces:
            if isinstance(piece, _Placeholder):
                if piece not in values:
                    values[piece] = _written(self._one(piece, path))
                piece = values[piece]  # noqa: PLW2901 - the value takes its place
            self._characters += len(piece)
            if self._characters > MOST_CHARACTERS:
                message = (
                    f"with its variables inserted, the document has more than {MOST_CHARACTERS:,} characters of text"
                )
                return self._refuse(message, "use shorter values, or split the manifest", path, InputRule.TOO_LARGE)
            written.append(piece)
        return "".join(written)

    def _one(self, found: _Placeholder, path: Path) -> Value:
        """What one placeholder stands for; what begins one, where that is wrong or not known."""
        if found.text == _ESCAPED:
            return _OPEN
        if found.inner is None:
            remedy = "write `}}` after it, or `$${{` for text that contains `${{`"
            return self._refuse("a placeholder is not closed", remedy, path)
        named = _NAME.fullmatch(found.inner)
        if not named:
            remedy = "write `${{ vars.NAME }}` or `${{ env.NAME }}`, or `$${{` for text that contains `${{`"
            return self._refuse(f"{code(found.text)} is not a placeholder", remedy, path)
        known = self._variable(named["source"], named["name"])
        return self._missing(known, found.text, path) if isinstance(known, Undefined) else known

    def _variable(self, source: str, name: str) -> Value | Undefined:
        """The value of a variable, or why there is none; both are looked up once."""
        if (source, name) not in self._known:
            look_up = self._variables.of_environment if source == "vars" else self._variables.of_process
            self._known[source, name] = look_up(name)
        return self._known[source, name]

    def _missing(self, why: Undefined, text: str, path: Path) -> str:
        if not (why.is_unset and self._leave_unset):
            return self._refuse(why.message, why.remedy, path, InputRule.UNDEFINED_VARIABLE)
        self._leave(path)
        at = self._places.of_value(path)
        self.diagnostics.append(warning(InputRule.UNSET_VARIABLE, f"{why.message}: left as it is", why.remedy, at))
        return text

    def result(self) -> SourceMap:
        """The tree, copied only along the ways that lead to a change."""
        return SourceMap(self._places.file, self._copied(self._places.root, {}), self._places.start)

    def _copied(self, node: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - whatever a tree holds
        if not isinstance(node, YamlMap | YamlList):
            return node
        if id(node) not in done:
            done[id(node)] = self._copy(node, done)
        return done[id(node)]

    def _copy(self, node: YamlMap | YamlList, done: dict[int, Any]) -> YamlMap | YamlList:
        filled = self._filled.get(id(node), (node, {}))[1]
        entries: Iterator[tuple[Any, Any]] = iter(node.items() if isinstance(node, YamlMap) else enumerate(node))
        changed = {
            step: new for step, value in entries if (new := filled.get(step, self._copied(value, done))) is not value
        }
        return _with(node, changed) if changed else node


def _with(node: YamlMap | YamlList, changed: dict[Any, Any]) -> YamlMap | YamlList:
    """A copy with other values in the same places."""
    if isinstance(node, YamlMap):
        copy = YamlMap()
        copy.update({**node, **changed})
        copy.marks = node.marks
        return copy
    items = YamlList()
    items.extend(changed.get(number, value) for number, value in enumerate(node))
    items.marks = node.marks
    return items


def _written(value: Value) -> str:
    """A value as part of a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)

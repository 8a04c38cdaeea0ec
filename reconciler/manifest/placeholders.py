"""Substitute `${{ vars.NAME }}` and `${{ env.NAME }}` in the scalars of a manifest.

`substitute` returns the tree of a document for one environment, before its shape is validated, so that a placeholder
may stand for any value. The parsed tree is not changed; the new one shares all parts without placeholders, so that a
document is read once for all environments. Places stay the same. A value that is a single placeholder takes the type of
the variable. `$${{` is a literal `${{`. Substituted text is not searched for placeholders again.
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


MAX_CHARACTERS: Final = 64 * 1024 * 1024
"""The limit for the scalars with placeholders of one document, after substitution."""


@dataclass(frozen=True, slots=True)
class _Placeholder:
    """A placeholder as written, and the text between its braces: None if it is not closed, or if it is `$${{`."""

    text: str
    inner: str | None


def _split(text: str) -> Iterator[str | _Placeholder]:
    """Yield literal texts and placeholders in turn, in one pass."""
    at = 0
    while (begin := text.find(_OPEN, at)) >= 0:
        if begin > at and text[begin - 1] == "$":
            yield text[at : begin - 1]
            yield _Placeholder(_ESCAPED, None)
            at = begin + len(_OPEN)
            continue
        yield text[at:begin]
        end = text.find(_CLOSE, begin + len(_OPEN))
        if end < 0:  # then no later one is closed either, and one error is enough
            yield _Placeholder(text[begin:], None)
            return
        at = end + len(_CLOSE)
        yield _Placeholder(text[begin:at], text[begin + len(_OPEN) : end])
    yield text[at:]


@dataclass(frozen=True, slots=True)
class Substituted:
    """The tree after substitution, and its problems.

    `symbolic` are the places of placeholders that were not substituted, because they are wrong or unset: any other
    diagnostic there would not be about the real value.
    """

    places: SourceMap
    diagnostics: tuple[Diagnostic, ...] = ()
    symbolic: frozenset[Location] = frozenset()


def find_placeholders(places: SourceMap) -> tuple[Path, ...]:
    """Return the path of every key or scalar that holds `${{`, once for what aliases share."""
    if not isinstance(places.root, YamlMap | YamlList):
        return ()
    return tuple(_find_placeholders(places.root, set()))


def _find_placeholders(node: YamlMap | YamlList, seen: set[int]) -> list[Path]:
    if id(node) in seen:
        return []
    seen.add(id(node))
    entries: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, YamlMap) else enumerate(node)
    paths: list[Path] = []
    for step, value in entries:
        if isinstance(value, (YamlMap, YamlList)):
            paths += [(step, *below) for below in _find_placeholders(value, seen)]
        if (isinstance(value, str) and _OPEN in value) or (isinstance(step, str) and _OPEN in step):
            paths.append((step,))
    return paths


def variables_in(places: SourceMap, paths: Iterable[Path]) -> Iterator[str]:
    """Yield the NAME of every `${{ vars.NAME }}` at these paths of a document."""
    for path in paths:
        value = places.node(path)
        for piece in _split(value) if isinstance(value, str) else ():
            match = _NAME.fullmatch(piece.inner or "") if isinstance(piece, _Placeholder) else None
            if match and match["source"] == "vars":
                yield match["name"]


def substitute(
    places: SourceMap, paths: Iterable[Path], variables: Variables, *, leave_unset: bool = False
) -> Substituted:
    """Substitute the placeholders at these paths of a document.

    `leave_unset`: the placeholder of an environment variable that may be read and is not set stays, with a warning;
    without it, that is an error.
    """
    paths = tuple(paths)
    if not paths:
        return Substituted(places)
    substitution = _Substitution(places, variables, leave_unset=leave_unset)
    for path in paths:
        substitution.evaluate(path)
    return Substituted(substitution.result(), tuple(substitution.all_problems()), frozenset(substitution.symbolic))


class _Substitution:
    """The substitution of one document."""

    def __init__(self, places: SourceMap, variables: Variables, *, leave_unset: bool) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.symbolic: set[Location] = set()
        self.omitted = 0
        self._places = places
        self._variables = variables
        self._leave_unset = leave_unset
        self._filled: dict[int, tuple[YamlMap | YamlList, dict[Any, Value]]] = {}
        self._looked_up: dict[tuple[str, str], Value | Undefined] = {}
        self._by_text: dict[str, Value] = {}
        self._characters = 0
        self._last_unresolved: Path | None = None

    def all_problems(self) -> Iterator[Diagnostic]:
        """Yield the diagnostics, and how many more are not listed."""
        yield from self.diagnostics
        if self.omitted:
            message = f"{self.omitted:,} more problems with placeholders in this document are not listed"
            yield error(InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first", self._places.of_value(()))

    def evaluate(self, path: Path) -> None:
        """Substitute one scalar; a placeholder in a key is an error."""
        parent: Any = self._places.node(path[:-1])
        step, value = path[-1], parent[path[-1]]
        if isinstance(step, str) and _OPEN in step:
            remedy = "write the key out; placeholders are allowed in values only"
            at = self._places.of_key(path)
            self.symbolic.add(at)
            self.diagnostics.append(error(InputRule.PLACEHOLDER, "a key cannot contain a placeholder", remedy, at))
        if isinstance(value, str) and _OPEN in value:
            self._filled.setdefault(id(parent), (parent, {}))[1][step] = self._value(value, path)

    def _report(self, message: str, remedy: str, path: Path, rule: Rule = InputRule.PLACEHOLDER) -> str:
        """Record a problem of a scalar, and return the text that stays in its place."""
        self._mark_symbolic(path)
        if len(self.diagnostics) < MOST:
            self.diagnostics.append(error(rule, message, remedy, self._places.of_value(path)))
        else:
            self.omitted += 1
        return _OPEN

    def _mark_symbolic(self, path: Path) -> None:
        if path != self._last_unresolved:  # once for a long text with many placeholders
            self._last_unresolved = path
            self.symbolic |= {self._places.of_value(path), self._places.of_key(path)}

    def _value(self, text: str, path: Path) -> Value:
        """Return the value of a scalar. A text that aliases repeat is evaluated once, unless it is wrong."""
        if text not in self._by_text:
            before = len(self.diagnostics)
            value = self._evaluate(text, path)
            if len(self.diagnostics) > before or self.omitted:
                return value
            self._by_text[text] = value
        return self._by_text[text]

    def _evaluate(self, text: str, path: Path) -> Value:
        pieces = [piece for piece in _split(text) if piece]
        match pieces:
            case [_Placeholder() as only]:
                return self._resolve(only, path)
            case _:
                return self._join(pieces, path)

    def _join(self, pieces: Iterable[str | _Placeholder], path: Path) -> str:
        """Return a text with its placeholders substituted; a repeated problem is reported once."""
        values: dict[_Placeholder, str] = {}
        texts: list[str] = []
        for piece in pieces:
            if isinstance(piece, _Placeholder):
                if piece not in values:
                    values[piece] = _as_text(self._resolve(piece, path))
                piece = values[piece]  # noqa: PLW2901 - the value replaces it
            self._characters += len(piece)
            if self._characters > MAX_CHARACTERS:
                message = (
                    f"with its variables substituted, the document has more than {MAX_CHARACTERS:,} characters of text"
                )
                return self._report(message, "use shorter values, or split the manifest", path, InputRule.TOO_LARGE)
            texts.append(piece)
        return "".join(texts)

    def _resolve(self, placeholder: _Placeholder, path: Path) -> Value:
        """Return the value of one placeholder; its opening text if it is wrong or undefined."""
        if placeholder.text == _ESCAPED:
            return _OPEN
        if placeholder.inner is None:
            remedy = "close it with `}}`, or write `$${{` for a literal `${{`"
            return self._report("a placeholder is not closed", remedy, path)
        match = _NAME.fullmatch(placeholder.inner)
        if not match:
            remedy = "write `${{ vars.NAME }}` or `${{ env.NAME }}`, or `$${{` for a literal `${{`"
            return self._report(f"{code(placeholder.text)} is not a placeholder", remedy, path)
        value = self._variable(match["source"], match["name"])
        return self._undefined(value, placeholder.text, path) if isinstance(value, Undefined) else value

    def _variable(self, source: str, name: str) -> Value | Undefined:
        """Return the value of a variable, or why there is none; each is looked up once."""
        if (source, name) not in self._looked_up:
            look_up = self._variables.lookup if source == "vars" else self._variables.lookup_process
            self._looked_up[source, name] = look_up(name)
        return self._looked_up[source, name]

    def _undefined(self, undefined: Undefined, text: str, path: Path) -> str:
        if not (undefined.is_unset and self._leave_unset):
            return self._report(undefined.message, undefined.remedy, path, InputRule.UNDEFINED_VARIABLE)
        self._mark_symbolic(path)
        at = self._places.of_value(path)
        self.diagnostics.append(
            warning(InputRule.UNSET_VARIABLE, f"{undefined.message}: the placeholder stays", undefined.remedy, at)
        )
        return text

    def result(self) -> SourceMap:
        """Return the tree, copied only along the paths to a change."""
        return SourceMap(
            self._places.file, self._copy_changed(self._places.root, {}), self._places.start, self._places.text
        )

    def _copy_changed(self, node: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - whatever a tree holds
        if not isinstance(node, YamlMap | YamlList):
            return node
        if id(node) not in done:
            done[id(node)] = self._copy(node, done)
        return done[id(node)]

    def _copy(self, node: YamlMap | YamlList, done: dict[int, Any]) -> YamlMap | YamlList:
        filled = self._filled.get(id(node), (node, {}))[1]
        entries: Iterator[tuple[Any, Any]] = iter(node.items() if isinstance(node, YamlMap) else enumerate(node))
        changed = {
            step: new
            for step, value in entries
            if (new := filled.get(step, self._copy_changed(value, done))) is not value
        }
        return _copy_with(node, changed) if changed else node


def _copy_with(node: YamlMap | YamlList, changed: dict[Any, Any]) -> YamlMap | YamlList:
    """Return a copy with other values in the same places."""
    if isinstance(node, YamlMap):
        copy = YamlMap()
        copy.update({**node, **changed})
        copy.marks = node.marks
        return copy
    items = YamlList()
    items.extend(changed.get(number, value) for number, value in enumerate(node))
    items.marks = node.marks
    return items


def _as_text(value: Value) -> str:
    """Return a value as part of a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)

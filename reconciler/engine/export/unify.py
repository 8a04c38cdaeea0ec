"""Write texts that differ in a few values as one text with placeholders.

The texts are split into tokens: origins (`https://dev.example.com`), words, and single characters. They have a common
pattern if they differ in a few words that are values: not in what a template does, and not in prose. Where prose
differs, the whole quoted text is the value. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.engine.export.labels import Label, NameShape, shape
from reconciler.quoting import HIDDEN

_ORIGIN: Final = r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9_.:@%-]+"
_WORD: Final = r"[A-Za-z0-9_.@%+-]+"
_FINE: Final = re.compile(rf"{_ORIGIN}|{_WORD}|.", re.DOTALL)
_COARSE: Final = re.compile(rf'"[^"\n\\]*"|{_WORD}|.', re.DOTALL)
_VALUE: Final = re.compile(r"[0-9]+|true|false|.*[0-9_.@%:-].*", re.DOTALL)
"""A word that is a value wherever it is: prose has none like it."""

_CODE: Final = re.compile(r"[$#]!?\{?[A-Za-z0-9_.]*$|[)\]}]\.$|[A-Za-z0-9_]\($")
"""Text before a word that makes it a part of what a template does."""

_MOST_SLOTS: Final = 4
_LONGEST: Final = 200
"""In characters, of a value."""


@dataclass(frozen=True, slots=True)
class ValueSlot:
    """The place of a value that differs: the value in each environment, and the text before it."""

    values: tuple[tuple[str, str], ...]
    before: str = ""
    label: Label | None = None


Pattern: TypeAlias = tuple[str | ValueSlot, ...]


def unify(texts: Mapping[str, str], known: Sequence[Label], *, is_static: bool) -> Pattern | None:
    """Return one pattern for the texts of several environments; None if they have too little in common.

    `is_static`: the texts are those of parameters, where only text in single quotes is a value.
    """
    if is_static:
        if not all(len(text) > 1 and text[0] == text[-1] == "'" for text in texts.values()):
            return None
        inner = {environment: text[1:-1] for environment, text in texts.items()}
        found = _by_token(inner, _FINE, known, least=0) or _whole(inner)
        return ("'", *found, "'") if found else None
    return _by_token(texts, _FINE, known, least=1) or _by_token(texts, _COARSE, known, least=1)


def _whole(texts: Mapping[str, str]) -> Pattern | None:
    return (ValueSlot(tuple(texts.items())),) if all(map(_is_writable, texts.values())) else None


def _is_writable(value: str) -> bool:
    """Whether a configuration can hold a value, and people can read it there."""
    return (
        bool(value)
        and len(value) <= _LONGEST
        and not HIDDEN.search(value)
        and not {"\n", "\t"} & {*value}
        and ("${{" not in value and value == value.strip())
    )


def _by_token(
    texts: Mapping[str, str], token: re.Pattern[str], known: Sequence[Label], *, least: int
) -> Pattern | None:
    rows = [token.findall(text) for text in texts.values()]
    if len({len(row) for row in rows}) != 1:
        return None
    pieces: list[str | ValueSlot] = []
    literal = ""
    for values in zip(*rows, strict=True):
        if len(set(values)) == 1:
            literal += values[0]
            continue
        slots = list(_slots(dict(zip(texts, values, strict=True)), literal, known))
        if not slots:
            return None
        for piece in slots:
            if isinstance(piece, str):
                literal += piece
            else:
                if literal.endswith("$"):  # `$${{` would be a literal `${{`
                    return None
                pieces += [literal, piece] if literal else [piece]
                literal = ""
    pieces += [literal] if literal else []
    count = sum(isinstance(piece, ValueSlot) for piece in pieces)
    return tuple(pieces) if count <= _MOST_SLOTS and len(pieces) - count >= least else None


def _slots(values: Mapping[str, str], before: str, known: Sequence[Label]) -> Iterator[str | ValueSlot]:
    """Yield the pieces for one token that differs; none if it is no value."""
    if all(len(value) > 1 and value[0] == value[-1] == '"' for value in values.values()):
        inner = {environment: value[1:-1] for environment, value in values.items()}
        if all(map(_is_writable, inner.values())):
            yield '"'
            yield ValueSlot(tuple(inner.items()), before)
            yield '"'
    elif not _CODE.search(before) and all(map(_is_writable, values.values())):
        named = _named(values, known)
        if named:
            yield from named
        elif all(map(_VALUE.fullmatch, values.values())):
            yield ValueSlot(tuple(values.items()), before)


def _named(values: Mapping[str, str], known: Sequence[Label]) -> Pattern:
    """Return a word like `orders-dev` as a pattern with the name of the environment; empty if it has none."""
    if any("." in value or ":" in value for value in values.values()):
        return ()  # a host is a value of its own
    shapes = [shape(value, environment, known) for environment, value in values.items()]
    first = shapes[0]
    if first.label is None or any(each != first for each in shapes):
        return ()
    return name_pattern(first)


def name_pattern(named: NameShape) -> Pattern:
    """Return a name as a pattern, with its environment as a value."""
    slot = ValueSlot(tuple(named.label.values.items()) if named.label else (), "", named.label)
    pieces: list[str | ValueSlot] = [named.pieces[0]]
    for piece in named.pieces[1:]:
        pieces += [slot, piece]
    return tuple(piece for piece in pieces if piece)

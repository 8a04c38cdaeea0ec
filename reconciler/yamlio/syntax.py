"""YAML's own complaints in words that help.

`explanation` turns any error of ruamel.yaml's two parsers into one diagnostic: what is wrong, where, what to do now.
These errors differ in their text only, so the table below goes by the text: that of libyaml 0.1 (scanner.c, parser.c)
and that of ruamel.yaml 0.19 (scanner.py, parser.py), whose wording differs here and there. Pure.
"""

import re
from dataclasses import dataclass
from typing import Final

from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.rules import InputRule

_NOT_YAML: Final = "this is not YAML"
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One row: how the parser's text begins, and what we say. `at_start`: the place is where the construct began."""

    begins: tuple[str, ...]
    message: str
    remedy: str
    at_start: bool = False


_COMPLAINTS: Final = (
    _Complaint(
        ("mapping values are not allowed", "found unexpected ':'"),
        "a `:` is not allowed here",
        "put text that contains `: ` in quotes, and check how this line and the one above are indented",
    ),
    _Complaint(
        ("could not find expected ':'",),
        "this is not a `key: value` pair",
        "add what is missing, or indent it if it continues the text above",
    ),
    _Complaint(
        ("did not find expected ',' or '}'", "expected ',' or '}'"),
        "a `{...}` that begins here is not closed, or lacks a comma",
        "close it, or put text that contains `{`, `}` or `,` in quotes",
        at_start=True,
    ),
    _Complaint(
        ("did not find expected ',' or ']'", "expected ',' or ']'"),
        "a `[...]` that begins here is not closed, or lacks a comma",
        "close it, or put text that contains `[`, `]` or `,` in quotes",
        at_start=True,
    ),
    _Complaint(
        ("found unexpected end of stream",),
        "a quoted text begins here and is never closed",
        "close the quote",
        at_start=True,
    ),
    _Complaint(
        ("did not find expected key", "expected <block end>"),
        "this line fits neither the map above nor the one around it",
        "indent it like the keys it belongs to, and put text that contains quotes or brackets in quotes as a whole",
    ),
    _Complaint(
        ("did not find expected '-' indicator", "block sequence entries are not allowed", "sequence entries are not"),
        "a list item is not allowed here",
        "begin every item of the list with `- ` in the same column",
    ),
    _Complaint(
        ("did not find expected node content", "expected the node content"),
        "a value is missing here",
        "write one, '' for empty text",
    ),
    _Complaint(
        ("found unknown escape character",),
        "a backslash in double quotes starts an escape, and YAML does not have this one",
        "use single quotes, in which a backslash is just a backslash",
    ),
    _Complaint(
        ("found invalid Unicode character escape code", "found an invalid Unicode character escape code"),
        "this escape is not a character",
        "write the character itself",
    ),
    _Complaint(
        ("found undefined tag handle",),
        "tags (`!name`) are not supported",
        "remove the tag",
    ),
    _Complaint(
        ("found character",),
        "a text cannot begin with this character",
        "put it in quotes",
    ),
)


def explanation(problem: YAMLError, text: str, file: str, *, quotes: bool = True) -> Diagnostic:
    """What is wrong with `text`, which a parser refused with `problem`; `quotes`: it may quote the text."""
    place = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if not isinstance(problem, MarkedYAMLError) or place is None:
        return _unmarked(problem, text, file, quotes=quotes)
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    line = lines[place.line] if place.line < len(lines) else ""
    return _quirk(line, _location(place, file)) or _from_table(problem, place, file, quotes=quotes)


def _location(place: StreamMark, file: str) -> Location:
    return Location(file, place.line + 1, place.column + 1)


def _quirk(line: str, at: Location) -> Diagnostic | None:
    """What the line shows better than the parser's text does."""
    column = at.column - 1
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation and column <= len(indentation):
        return error(InputRule.SYNTAX, "YAML is never indented with tabs", "use spaces", at)
    if line[:column].endswith("$") and line[column:].startswith("{{"):
        return error(InputRule.SYNTAX, "a placeholder within `{...}` or `[...]` needs quotes", 'write "${{ ... }}"', at)
    return None


def _from_table(problem: MarkedYAMLError, place: StreamMark, file: str, *, quotes: bool) -> Diagnostic:
    text = problem.problem or problem.context or "unreadable"
    for row in _COMPLAINTS:
        if text.startswith(row.begins):
            start = problem.context_mark if row.at_start and problem.context_mark else place
            return error(InputRule.SYNTAX, row.message, row.remedy, _location(start, file))
    message = f"this is not YAML: {text}" if quotes else _NOT_YAML
    return error(InputRule.SYNTAX, message, "fix it here or just above", _location(place, file))


def _unmarked(problem: YAMLError, text: str, file: str, *, quotes: bool) -> Diagnostic:
    """Look the character up again: one parser counts bytes, the other one characters."""
    found = _UNPRINTABLE.search(text)
    if not found:
        message = f"this is not YAML: {problem}" if quotes else _NOT_YAML
        return error(InputRule.SYNTAX, message, "fix the file", Location(file))
    at = position(text, found.start(), file)
    which = f"the control character U+{ord(found.group()):04X}" if quotes else "a control character"
    return error(InputRule.SYNTAX, f"{which} is not allowed in YAML", "remove it", at)


def position(text: str, index: int, file: str) -> Location:
    """The line and column of a character of the text."""
    return Location(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))

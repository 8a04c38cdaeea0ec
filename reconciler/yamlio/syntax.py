"""Explain YAML syntax errors in words that help.

`explain` turns any error of ruamel.yaml's two parsers into one diagnostic: the problem, its location, the remedy. These
errors differ only in their text, so the table below matches texts: those of libyaml 0.1 (scanner.c, parser.c) and those
of ruamel.yaml 0.19 (scanner.py, parser.py), which sometimes differ in wording. Pure.
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
class _ErrorText:
    """How the parser's text begins, and what to report. `at_start`: the location is where the construct began."""

    begins: tuple[str, ...]
    message: str
    remedy: str
    at_start: bool = False


_ERROR_TEXTS: Final = (
    _ErrorText(
        ("mapping values are not allowed", "found unexpected ':'"),
        "a `:` is not allowed here",
        "quote text that contains `: `, and check the indentation of this line and the one above",
    ),
    _ErrorText(
        ("could not find expected ':'",),
        "this is not `key: value`",
        "add the missing `:`, or indent the line if it continues the text above",
    ),
    _ErrorText(
        ("did not find expected ',' or '}'", "expected ',' or '}'"),
        "a `{...}` that begins here is not closed, or lacks a comma",
        "close it, or quote text that contains `{`, `}` or `,`",
        at_start=True,
    ),
    _ErrorText(
        ("did not find expected ',' or ']'", "expected ',' or ']'"),
        "a `[...]` that begins here is not closed, or lacks a comma",
        "close it, or quote text that contains `[`, `]` or `,`",
        at_start=True,
    ),
    _ErrorText(
        ("found unexpected end of stream",),
        "the quoted text that begins here is not closed",
        "close the quote",
        at_start=True,
    ),
    _ErrorText(
        ("did not find expected key", "expected <block end>"),
        "this line fits neither the map above nor the surrounding one",
        "indent it like the keys it belongs to, and quote the whole text if it contains quotes or brackets",
    ),
    _ErrorText(
        ("did not find expected '-' indicator", "block sequence entries are not allowed", "sequence entries are not"),
        "a list item is not allowed here",
        "begin every item of the list with `- ` in the same column",
    ),
    _ErrorText(
        ("did not find expected node content", "expected the node content"),
        "a value is missing here",
        "add one; '' is empty text",
    ),
    _ErrorText(
        ("found unknown escape character",),
        "this is not a YAML escape; in double quotes, a backslash begins one",
        "use single quotes, in which a backslash is an ordinary character",
    ),
    _ErrorText(
        ("found invalid Unicode character escape code", "found an invalid Unicode character escape code"),
        "this escape is not a character",
        "write the character itself",
    ),
    _ErrorText(
        ("found undefined tag handle",),
        "tags (`!name`) are not supported",
        "remove the tag",
    ),
    _ErrorText(
        ("found character",),
        "a text cannot begin with this character",
        "put it in quotes",
    ),
)


def explain(problem: YAMLError, text: str, file: str, *, quotes: bool = True) -> Diagnostic:
    """Return what is wrong with a text that a parser rejected; without `quotes`, it is not quoted."""
    place = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if not isinstance(problem, MarkedYAMLError) or place is None:
        return _explain_unmarked(problem, text, file, quotes=quotes)
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    line = lines[place.line] if place.line < len(lines) else ""
    return _explain_line(line, _location(place, file)) or _explain_marked(problem, place, file, quotes=quotes)


def _location(place: StreamMark, file: str) -> Location:
    return Location(file, place.line + 1, place.column + 1)


def _explain_line(line: str, at: Location) -> Diagnostic | None:
    """Return a problem that the line shows better than the parser's text, None if there is none."""
    column = at.column - 1
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation and column <= len(indentation):
        return error(InputRule.SYNTAX, "YAML cannot be indented with tabs", "use spaces", at)
    if line[:column].endswith("$") and line[column:].startswith("{{"):
        return error(InputRule.SYNTAX, "a placeholder inside `{...}` or `[...]` needs quotes", 'write "${{ ... }}"', at)
    return None


def _explain_marked(problem: MarkedYAMLError, place: StreamMark, file: str, *, quotes: bool) -> Diagnostic:
    text = problem.problem or problem.context or "unreadable"
    for row in _ERROR_TEXTS:
        if text.startswith(row.begins):
            start = problem.context_mark if row.at_start and problem.context_mark else place
            return error(InputRule.SYNTAX, row.message, row.remedy, _location(start, file))
    message = f"this is not YAML: {text}" if quotes else _NOT_YAML
    return error(InputRule.SYNTAX, message, "fix this line or the one above", _location(place, file))


def _explain_unmarked(problem: YAMLError, text: str, file: str, *, quotes: bool) -> Diagnostic:
    """Find the character again: one parser counts bytes, the other characters."""
    match = _UNPRINTABLE.search(text)
    if not match:
        message = f"this is not YAML: {problem}" if quotes else _NOT_YAML
        return error(InputRule.SYNTAX, message, "fix the file", Location(file))
    at = locate(text, match.start(), file)
    name = f"the control character U+{ord(match.group()):04X}" if quotes else "a control character"
    return error(InputRule.SYNTAX, f"{name} is not allowed in YAML", "remove it", at)


def locate(text: str, index: int, file: str) -> Location:
    """Return the location of a character of the text."""
    return Location(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))

"""Parse the parameter mappings of a REST integration response: the key on the left, the value on the right.

`read_key` and `read_value` accept exactly the forms that AWS documents, and name common mistakes precisely. The forms
(Developer Guide, "API request and response data mapping reference")::

    method.response.header.NAME: integration.response.header.NAME
                                 integration.response.multivalueheader.NAME
                                 integration.response.body, integration.response.body.JSONPATH
                                 context.VARIABLE, stageVariables.VARIABLE
                                 'static text'

NAME consists of letters, digits and `._$-`. JSONPATH is written without the leading `$.`. The single quotes are part of
the value. Values cannot be joined, and the request cannot be read. AWS answers 400 "Invalid mapping expression
specified" to everything else (recorded answers).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias, cast

from reconciler.normal import HEADER_PREFIX
from reconciler.quoting import LONGEST_SUGGESTED, inline, key, span

Origin: TypeAlias = Literal["header", "multivalueheader", "body", "context", "stageVariables"]

_SHOWN: Final = 60
_NAME: Final = r"[A-Za-z0-9._$-]+"


@dataclass(frozen=True, slots=True)
class Static:
    """Static text, without its quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class MappingSource:
    """A value that is read at run time; `name` is "" for the whole body."""

    origin: Origin
    name: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mapping that AWS refuses: what is wrong with it, and what to write instead."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _CommonMistake:
    """A common mistake: its form, its description and its remedy.

    `instead` is the replacement, as a template of the match. `remedy` applies if there is none, or if the replacement
    is not a valid mapping either.
    """

    form: re.Pattern[str]
    name: str
    remedy: str
    instead: str = ""

    def mistake(self, text: str, is_right: Callable[[str], bool], written: Callable[[str], str]) -> Mistake | None:
        match = self.form.fullmatch(text)
        if match is None:
            return None
        better = text.strip() if self.instead == _STRIPPED else match.expand(self.instead)
        is_better = self.instead and len(better) <= LONGEST_SUGGESTED and is_right(better)
        return Mistake(f"{shown(text)} {self.name}", f"write {span(written(better))}" if is_better else self.remedy)


def _row(form: str, name: str, remedy: str, instead: str = "") -> _CommonMistake:
    return _CommonMistake(re.compile(form, re.DOTALL), name, remedy, instead)


_STRIPPED: Final = "stripped"
"""Instead of a template: the text without surrounding white space."""

_A_KEY: Final = f"write `{HEADER_PREFIX}NAME`"
_A_VALUE: Final = "write `integration.response.header.NAME`, or static text in single quotes, as in `\"'*'\"`"


_KEY: Final = re.compile(re.escape(HEADER_PREFIX) + f"({_NAME})")
_KEY_MISTAKES: Final = (
    _row(r"method\.response\.body.*", "maps a body", "shape the body with responseTemplates"),
    _row(r"method\.request\..*", "belongs to the request", _A_KEY),
    _row(
        r"(?:(?:method|integration|route)\.)?response\.(?:header|headers|multivalueheader|multivalueheaders)\."
        rf"({_NAME})",
        "does not name a header of the method response",
        _A_KEY,
        rf"{HEADER_PREFIX}\1",
    ),
    _row(
        rf"(?:append|overwrite|remove):header\.({_NAME})",
        "is HTTP API syntax",
        _A_KEY,
        rf"{HEADER_PREFIX}\1",
    ),
    _row(rf"gatewayresponse\.header\.({_NAME})", "is for gateway responses", _A_KEY, rf"{HEADER_PREFIX}\1"),
    _row(r"method\.response\.header\.", "lacks the name of the header", _A_KEY),
    _row(
        r"method\.response\.header\..+",
        "has a header name with characters other than letters, digits and ._$-",
        "fix the header name",
    ),
    _row(
        rf"(?i:method\.response\.header)\.({_NAME})",
        "must be lower case up to the name",
        _A_KEY,
        rf"{HEADER_PREFIX}\1",
    ),
    _row(r"(?:headers?\.)?([A-Za-z0-9_-]+)", "lacks the prefix", _A_KEY, rf"{HEADER_PREFIX}\1"),
)

_VALUE: Final = re.compile(
    rf"integration\.response\.(?P<origin>header|multivalueheader)\.(?P<name>{_NAME})"
    r"|integration\.response\.body(?:\.(?P<jsonpath>(?:[^$\s]|\$[^.])(?:.*\S)?))?"
    r"|context\.(?P<context>[^\s'\"]+)"
    rf"|stageVariables\.(?P<variable>{_NAME})"
)
_STATIC: Final = re.compile(r"'(.*)'", re.DOTALL)
_EXPRESSION_WORDS: Final = r"(?:integration\.response|context|stageVariables)"
_VALUE_MISTAKES: Final = (
    _row(r"", "is empty", "remove the mapping, or write `\"''\"` for empty text"),
    _row(
        r"\s*\"(.*)\"\s*",
        "puts static text in double quotes",
        _A_VALUE,
        r"'\1'",
    ),
    _row(r"\s.*|.*\s", "has white space around it", _A_VALUE, _STRIPPED),
    _row(
        rf"(?=.*{_EXPRESSION_WORDS}\.).*(?:\+|'|\s{_EXPRESSION_WORDS}\.).*",
        "joins several values, which a mapping cannot do",
        "set the header in a template, with $context.responseOverride.header.NAME",
    ),
    _row(r"'(.*)|(.*)'", "has only one of its single quotes", _A_VALUE, r"'\1\2'"),
    _row(r"\$\{?(context|stageVariables)\.([^}\s]+)\}?", "has the $ of template syntax", _A_VALUE, r"\1.\2"),
    _row(
        r"\$\{?stageVariables\[['\"](.+?)['\"]\]\}?",
        "is template syntax",
        _A_VALUE,
        r"stageVariables.\1",
    ),
    _row(
        r"\$?\{?(?:(?:method|integration|route)\.)?request\..*",
        "reads the request, which a response mapping cannot do",
        "set the header in a template, with $context.responseOverride.header.NAME",
    ),
    _row(
        r"method\.response\..*",
        "belongs to the method response, the other side of the mapping",
        _A_VALUE,
    ),
    _row(
        rf"integration\.response\.(multivalueheader|header)s\.({_NAME})",
        "has an extra s",
        _A_VALUE,
        r"integration.response.\1.\2",
    ),
    _row(
        r"integration\.response\.body\.?\$\.(.+)", "has the $. of JSONPath", _A_VALUE, r"integration.response.body.\1"
    ),
    _row(r"integration\.response\.body\.\$?", "has no JSONPath after the dot", _A_VALUE, "integration.response.body"),
    _row(
        r"integration\.response\.body(\[.+)",
        "lacks a dot after body",
        "write `integration.response.body.JSONPATH`, or set the header in a template",
    ),
    _row(
        r"\$(?:\{integration\.)?response\.(header|body|multivalueheader)\.([^}]+)\}?",
        "is HTTP and WebSocket API syntax",
        _A_VALUE,
        r"integration.response.\1.\2",
    ),
    _row(r"response\.(header|body)\.(.+)", "lacks its start", _A_VALUE, r"integration.response.\1.\2"),
    _row(r"\$\{?integration\.response\.([^}]+)\}?", "has an extra $", _A_VALUE, r"integration.response.\1"),
    _row(
        r"\$input\..*|\$util\..*|#set.*",
        "is a template",
        "write it in responseTemplates, with $context.responseOverride.header.NAME",
    ),
    _row(r"\$\.(.+)", "is a JSONPath without its source", _A_VALUE, r"integration.response.body.\1"),
    _row(
        r"integration\.response\.(?:header|multivalueheader)\..*",
        "has a header name with characters other than letters, digits and ._$-",
        "fix the header name",
    ),
    _row(
        rf"{_EXPRESSION_WORDS}\b.*",
        "is not an expression that AWS supports",
        "use integration.response.header.NAME, .multivalueheader.NAME, .body, .body.JSONPATH, context.NAME "
        "or stageVariables.NAME",
    ),
    _row(
        rf"(?i:{_EXPRESSION_WORDS})\b.*",
        "has the wrong case",
        "write integration.response, context or stageVariables in exactly this case",
    ),
)


@cache
def read_key(text: str) -> str | Mistake:
    """Return the name of the header that a mapping sets."""
    match = _KEY.fullmatch(text)
    if match:
        return match[1]
    mistake = _first(_KEY_MISTAKES, text, lambda text: _KEY.fullmatch(text) is not None, key)
    return mistake or Mistake(f"{shown(text)} is not a target that a mapping can set", _A_KEY)


@cache
def read_value(text: str) -> Static | MappingSource | Mistake:
    """Return the source of a mapping's value."""
    static = _STATIC.fullmatch(text)
    if static:
        return Static(static[1])
    match = _VALUE.fullmatch(text)
    if match:
        return _source(match)
    mistake = _first(_VALUE_MISTAKES, text, _is_value, inline)
    if mistake:
        return mistake
    is_short = len(text) <= LONGEST_SUGGESTED
    remedy = f"write {span(inline(_quoted(text)))}: the single quotes are part of the value" if is_short else _A_VALUE
    return Mistake(f"{shown(text)} is neither an expression nor static text in single quotes", remedy)


def _is_value(text: str) -> bool:
    return bool(_STATIC.fullmatch(text) or _VALUE.fullmatch(text))


def _quoted(text: str) -> str:
    return f"'{text}'"


def _source(match: re.Match[str]) -> MappingSource:
    if match["origin"]:
        return MappingSource(cast(Origin, match["origin"]), match["name"])
    if match["context"]:
        return MappingSource("context", match["context"])
    if match["variable"]:
        return MappingSource("stageVariables", match["variable"])
    return MappingSource("body", match["jsonpath"] or "")


def shown(text: str) -> str:
    """Quote a user's text in a message: in backticks, because quotes matter here, on one line and shortened."""
    return span(_legible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."))


def _legible(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _first(
    rows: tuple[_CommonMistake, ...], text: str, is_right: Callable[[str], bool], written: Callable[[str], str]
) -> Mistake | None:
    return next((mistake for row in rows if (mistake := row.mistake(text, is_right, written))), None)

r"""The events of a YAML text, each with its position, and the choice of ruamel.yaml's parser.

The C parser (libyaml 0.1.7, installed by `ruamel.yaml[oldlibyaml]`) reads 1.2 million events a second. Without it
ruamel.yaml's parser in Python reads, 25 times slower; the command line then shows `INSTALL`. Both give the same events
and positions for every text but a few oddities (tabs after a value, U+0085 and U+2028 as line ends).

libyaml 0.1 rejects a `:` or `?` inside a plain text in braces or brackets, as in `{url: http://a?b}`; YAML 1.2 and
libyaml 0.2 accept both. So a rejected text is read once more with other characters in their place, which are
replaced again in the events. No character moves, so all positions stay right. Accepted texts cost nothing extra.

Pure.
"""

import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import Event, ScalarEvent

from reconciler.yamlio import surrogates

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:
    CParser = None

INSTALL: Final = "pip install 'ruamel.yaml[oldlibyaml]'"
"""The command that installs the C parser."""

_BLANK: Final = r"[ \t\r\n\x85\u2028\u2029]"
_REPLACEABLE: Final = rf"""
    ^ %.*                                              # not in a directive,
    | (?: (?<= {_BLANK} | [,\[{{] ) | ^ ) ! \S*        # in a tag,
    | ["'\]}}] [ \t]* :                                # after a quoted key,
    | (?: \A | [\n,\[{{] | : (?={_BLANK}) ) {_BLANK}* (?: [-?] {_BLANK}+ )* [:?]?    # or where a text begins
    | (?P<match> : (?! {_BLANK} | [,?\[\]{{}}] | \Z ) | \? )
    """
"""Finds both characters where libyaml rejects them. Compiled only when needed, because that takes 1.5 ms."""

_PRIVATE_USE: Final = range(0xE000, 0xF900)

_ESCAPE: Final = "found an invalid Unicode character escape code"
_REFUSALS: Final = {AssertionError: "found incompatible YAML document", OverflowError: _ESCAPE, ValueError: _ESCAPE}
"""What the parser in Python raises for `%YAML 1.99` and for an escape beyond Unicode -> the message it should have."""


def is_slow() -> bool:
    """Whether the C parser is missing."""
    return CParser is None


def attempts(text: str) -> Iterator[Iterator[Event]]:
    """Yield the events of a text and, if there is more to try when they raise YAMLError, those of a second attempt.

    The events raise surrogates.Lone, too.
    """
    yield _events(text)
    if CParser is None:
        return
    stand_ins = _stand_ins(text)
    flags = re.MULTILINE | re.VERBOSE
    replaced = re.sub(_REPLACEABLE, lambda match: stand_ins.get(match["match"] or "", match[0]), text, flags=flags)
    if replaced != text:
        yield _restore(_events(replaced), stand_ins)


def _events(text: str) -> Iterator[Event]:
    return surrogates.events(text, _parse) or _parse(text)


def _parse(text: str) -> Iterator[Event]:
    return _parse_in_python(text) if CParser is None else iter(CParser(text.encode()).get_event, None)


def _parse_in_python(text: str) -> Iterator[Event]:
    event = Event()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            yield event
    except tuple(_REFUSALS) as failure:
        raise MarkedYAMLError(problem=_REFUSALS[type(failure)], problem_mark=event.end_mark) from failure


def _stand_ins(text: str) -> dict[str, str]:
    """Return, for `:` and `?`, a character each that is not in the text."""
    free = (character for character in map(chr, _PRIVATE_USE) if character not in text)
    return dict(zip(":?", free, strict=False))


def _restore(events: Iterator[Event], stand_ins: dict[str, str]) -> Iterator[Event]:
    for event in events:
        if isinstance(event, ScalarEvent):
            for real, stand_in in stand_ins.items():
                event.value = event.value.replace(stand_in, real)
        yield event

r"""Read characters beyond U+FFFF as JSON escapes them: two halves, as in `\ud83d\ude00`.

`events` yields the events of a text that has such escapes, with the characters that they stand for and with every mark
at its position in the text. YAML has no surrogate escapes, yet accepts JSON, and `json.dumps` writes them. They have a
meaning in double quotes only; in any other text, such as a selection pattern, they are ordinary letters. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from ruamel.yaml.events import Event, ScalarEvent

Parser: TypeAlias = Callable[[str], Iterator[Event]]
"""Yields the events of a text without such escapes."""

_ESCAPED: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_HIGH, _LOW, _LAST = 0xD800, 0xDC00, 0xDFFF


class LoneSurrogate(Exception):  # noqa: N818 - becomes a diagnostic
    """One half of a pair without the other, at an index of the text."""

    def __init__(self, escape: str, index: int) -> None:
        super().__init__(escape)
        self.escape = escape
        self.index = index


def events(text: str, parse: Parser) -> Iterator[Event] | None:
    """Return the events of a text, None if it has no such escapes.

    They raise LoneSurrogate, and what the parser raises.
    """
    return _events(text, parse) if _ESCAPED.search(text) else None


def _events(text: str, parse: Parser) -> Iterator[Event]:
    masked = list(parse(_mask(text)))
    scalars = [event for event in masked if isinstance(event, ScalarEvent) and _ESCAPED.search(text, *_span(event))]
    quoted = [_span(scalar) for scalar in scalars if scalar.style == '"']
    values = dict(zip(quoted, _values([(text[start:end], start) for start, end in quoted], parse), strict=True))
    if len(quoted) < len(scalars):  # then some text was masked that is literal
        masked = list(parse(_mask_at(text, quoted)))
    for event in masked:
        if isinstance(event, ScalarEvent):
            event.value = values.get(_span(event), event.value)
        yield event


def _mask(text: str) -> str:
    r"""Return a text of the same length that a parser accepts: `\uf83d` is an ordinary escape."""
    return _ESCAPED.sub(lambda match: f"\\uf{match.group()[3:]}", text)


def _mask_at(text: str, places: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in places:
        pieces += [text[done:start], _mask(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def _span(event: ScalarEvent) -> tuple[int, int]:
    """Return the span of a scalar with its anchor and tag."""
    return event.start_mark.index, event.end_mark.index


def _join_pairs(scalar: str, start: int) -> str:
    """Return a scalar with each pair as one escape of YAML; `start` is its index in the text."""
    pieces: list[str] = []
    done = 0
    high: re.Match[str] | None = None
    for match in _ESCAPE.finditer(scalar):
        code = int(match[1], 16) if match[1] else 0
        is_low = _LOW <= code <= _LAST
        if is_low if high is None else not is_low or match.start() != high.end():
            alone = high or match
            raise LoneSurrogate(alone.group(), start + alone.start())
        if high is not None:
            character = 0x10000 + (int(high[1], 16) - _HIGH << 10) + (code - _LOW)
            pieces += [scalar[done : high.start()], f"\\U{character:08x}"]
            done, high = match.end(), None
        elif _HIGH <= code < _LOW:
            high = match
    if high is not None:
        raise LoneSurrogate(high.group(), start + high.start())
    return "".join([*pieces, scalar[done:]])


def _values(scalars: Iterable[tuple[str, int]], parse: Parser) -> list[str]:
    """Return the values of double-quoted scalars, each given with its index in the text."""
    joined = [_join_pairs(scalar, start) for scalar, start in scalars]
    parsed = parse(f"[{', '.join(joined)}]")
    return [event.value for event in parsed if isinstance(event, ScalarEvent)]

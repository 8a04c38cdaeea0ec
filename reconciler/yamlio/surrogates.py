r"""Characters beyond U+FFFF as JSON escapes them: two halves, as in `\ud83d\ude00`.

`events` gives the events of a text that has such escapes, with the characters that they stand for and with every mark
where it is in the text. YAML has no surrogate escapes, yet takes JSON, and `json.dumps` writes them. They mean
something in double quotes only: in any other text, a selection pattern say, they are letters. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from ruamel.yaml.events import Event, ScalarEvent

Parser: TypeAlias = Callable[[str], Iterator[Event]]
"""What gives the events of a text that has no such escapes."""

_ESCAPED: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_HIGH, _LOW, _LAST = 0xD800, 0xDC00, 0xDFFF


class Lone(Exception):  # noqa: N818 - becomes a diagnostic
    """A half without the other, at an index of the text."""

    def __init__(self, escape: str, index: int) -> None:
        super().__init__(escape)
        self.escape = escape
        self.index = index


def events(text: str, parse: Parser) -> Iterator[Event] | None:
    """The events of a text, None where it has no such escapes. Raises Lone, and what the parser raises."""
    return _events(text, parse) if _ESCAPED.search(text) else None


def _events(text: str, parse: Parser) -> Iterator[Event]:
    found = list(parse(_masked(text)))
    scalars = [one for one in found if isinstance(one, ScalarEvent) and _ESCAPED.search(text, *_place(one))]
    quoted = [_place(scalar) for scalar in scalars if scalar.style == '"']
    values = dict(zip(quoted, _values([(text[start:end], start) for start, end in quoted], parse), strict=True))
    if len(quoted) < len(scalars):  # then some text was masked that means what it says
        found = list(parse(_masked_at(text, quoted)))
    for event in found:
        if isinstance(event, ScalarEvent):
            event.value = values.get(_place(event), event.value)
        yield event


def _masked(text: str) -> str:
    r"""A text of the same length that a parser takes: `\uf83d` is an escape like any other."""
    return _ESCAPED.sub(lambda found: f"\\uf{found.group()[3:]}", text)


def _masked_at(text: str, places: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in places:
        pieces += [text[done:start], _masked(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def _place(event: ScalarEvent) -> tuple[int, int]:
    """Where it is in the text, with its anchor and tag."""
    return event.start_mark.index, event.end_mark.index


def _joined(scalar: str, start: int) -> str:
    """A scalar with each pair as one escape that YAML has; `start` is its index in the text."""
    pieces: list[str] = []
    done = 0
    high: re.Match[str] | None = None
    for found in _ESCAPE.finditer(scalar):
        code = int(found[1], 16) if found[1] else 0
        is_low = _LOW <= code <= _LAST
        if is_low if high is None else not is_low or found.start() != high.end():
            alone = high or found
            raise Lone(alone.group(), start + alone.start())
        if high is not None:
            character = 0x10000 + (int(high[1], 16) - _HIGH << 10) + (code - _LOW)
            pieces += [scalar[done : high.start()], f"\\U{character:08x}"]
            done, high = found.end(), None
        elif _HIGH <= code < _LOW:
            high = found
    if high is not None:
        raise Lone(high.group(), start + high.start())
    return "".join([*pieces, scalar[done:]])


def _values(scalars: Iterable[tuple[str, int]], parse: Parser) -> list[str]:
    """What double-quoted scalars say, each given with its index in the text."""
    joined = [_joined(scalar, start) for scalar, start in scalars]
    found = parse(f"[{', '.join(joined)}]")
    return [event.value for event in found if isinstance(event, ScalarEvent)]

"""Sentences about a text that a user wrote: how to show it, and which name it may have meant."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from reconciler.quoting import inline, span
from reconciler.suggest import close_matches

_LONGEST_SHOWN: Final = 60


def shown(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Show a text on one line, shortened, with escapes for unprintable characters (colours, line breaks)."""
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return (
        cut
        if cut.isprintable()
        else "".join(character if character.isprintable() else _escape(character) for character in cut)
    )


def code(text: str) -> str:
    """Show a text as code in a sentence."""
    return span(shown(text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def did_you_mean(
    word: str, known: Iterable[str], fallback: str, quote: Callable[[str], str] = inline, most: int = 1
) -> str:
    """Return a remedy that suggests up to `most` similar names, or the `fallback` if no known name is similar.

    `quote` writes a name as the user has to write it: as a YAML value by default, `shlex.quote` for a command line.
    """
    return suggestion([quote(name) for name in close_matches(word, known, most)]) or fallback


def duration(seconds: float) -> str:
    """Write seconds as an option takes them: `90s`, `5m`, `2h`."""
    for unit, size in (("h", 3_600), ("m", 60)):
        if seconds and not seconds % size:
            return f"{seconds // size:.0f}{unit}"
    return f"{seconds:g}s"


def suggestion(texts: Sequence[str]) -> str:
    """Return the question whether one of these texts is meant; "" for none."""
    return f"did you mean {' or '.join(map(span, texts))}?" if texts else ""

"""Words for sentences about what somebody wrote: how it is shown, and what it may have meant."""

from collections.abc import Callable, Iterable
from typing import Final

from reconciler.quoting import LONGEST_SUGGESTED, inline, span
from reconciler.suggest import nearest

_LONGEST_SHOWN: Final = 60


def shown(text: str) -> str:
    """A text on one line and of a bearable length; what does not print (colours, line breaks) as an escape."""
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return cut if cut.isprintable() else "".join(one if one.isprintable() else _escape(one) for one in cut)


def code(text: str) -> str:
    """`shown`, as code in a sentence."""
    return span(shown(text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def did_you_mean(word: str, known: Iterable[str], otherwise: str, written: Callable[[str], str] = inline) -> str:
    """A remedy: the nearest known word as it is to be `written`, which is in YAML by default, or else this one."""
    found = nearest(word, known)
    is_short = found is not None and len(found) <= LONGEST_SUGGESTED
    return f"did you mean {span(written(found))}?" if found and is_short else otherwise

"""How the reasons of an answer quote texts of users and backends."""

from reconciler.wording import shown


def quoted(text: str) -> str:
    """Quote a text on one line, shortened, in double quotes."""
    return f'"{shown(text)}"'


def listed(texts: list[str]) -> str:
    """List texts in a sentence: `a`, `a and b`, `a, b and c`."""
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last

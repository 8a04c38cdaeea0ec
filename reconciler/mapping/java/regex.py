"""Java's regular expressions over texts of any length, within bounded time."""

from reconciler.mapping.java_regex import translate

SECONDS = 0.25


class PatternTimeout(Exception):  # noqa: N818 - no failure of the pattern's
    """Matching took longer than is allowed here; whether the text matches is not known."""


def matches_within(pattern: str, whole: str, seconds: float = SECONDS) -> bool:
    """Whether the Java pattern matches the whole text. Raises InvalidPattern, NotFollowed, PatternTimeout."""
    import regex

    compiled = regex.compile(translate(pattern).python, regex.ASCII | regex.DOTALL | regex.V0)
    try:
        return compiled.fullmatch(whole, timeout=seconds) is not None
    except TimeoutError:
        raise PatternTimeout(f"matching takes longer than {seconds} s") from None

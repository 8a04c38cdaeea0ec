"""Texts on one line within other texts: as YAML, and as code in a sentence.

What `key` and `inline` give reads back as the same text in YAML 1.1 and 1.2, whatever the text holds (but lone
surrogates, which UTF-8 has no bytes for); ours reads it after placeholders were put in. Pure, without a YAML library.
"""

import json
import re
from typing import Final

# No scalar of these is a number, a date or a placeholder, in whichever version of YAML, nor ends a `{...}`.
_PLAIN: Final = re.compile(r"[A-Za-z_/$][A-Za-z0-9_./+$@-]*")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_/$][A-Za-z0-9_./+$@{}-]*|[1-5][0-9]{2}")
_NO_TEXTS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

# C0 but tab and line feed, C1, zero width (but the joiners of emoji and scripts), line separators, bidirectional
# controls, byte order marks, what is no character.
HIDDEN: Final = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
)
"""What YAML does not take, or nobody sees."""

LONGEST_SUGGESTED: Final = 200
"""Characters of a text that is suggested: what is longer is not repeated."""

_TICKS: Final = re.compile("`+")


def key(text: str) -> str:
    """A key of a block map. Placeholders stand in values only, and a `${{` in a key is refused: keep it out."""
    return _in_style(text, style_of(text, is_key=True))


def inline(text: str) -> str:
    """A value on one line, within `{...}` too."""
    text = escaped(text)
    return _in_style(text, style_of(text))


def style_of(text: str, *, is_key: bool = False) -> str:
    """The plainest style that keeps a text on one line: "" for none, `'` or `"`; `is_key`: as a key of a block map."""
    plain = _PLAIN_KEY if is_key else _PLAIN
    if plain.fullmatch(text) and is_safe(text):
        return ""
    if HIDDEN.search(text) or "\n" in text or "\t" in text:
        return '"'
    return '"' if "'" in text and '"' not in text and "\\" not in text else "'"


def escaped(text: str) -> str:
    """The text as a value has to have it so that no placeholder is seen in it."""
    return text.replace("${{", "$${{")


def is_safe(text: str) -> bool:
    """Whether a plain scalar of this text is no constant, in whichever version of YAML."""
    return text.lower() not in _NO_TEXTS


def double_quoted(text: str) -> str:
    """In double quotes, with escapes for what does not print; placeholders are left as they are."""
    # JSON's escapes are YAML's too; what is left is beyond ASCII.
    return HIDDEN.sub(escape, json.dumps(text, ensure_ascii=False))


def escape(found: re.Match[str]) -> str:
    """A character as an escape of YAML's double quotes."""
    return f"\\u{ord(found[0]):04x}"


def _in_style(text: str, style: str) -> str:
    if style == '"':
        return double_quoted(text)
    return "'{}'".format(text.replace("'", "''")) if style else text


def span(text: str) -> str:
    """A text as code in a sentence: between back-ticks, more of them than stand in a row in the text itself."""
    ticks = "`" * (longest_run(text) + 1)
    apart = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{apart}{text}{apart}{ticks}"


def between_slashes(text: str) -> str:
    """What a text means as a response key of a WebSocket API, a regular expression: as YAML, as code in a sentence.

    "" where it means nothing, or too much for a sentence.
    """
    meant = text.strip().strip("/").strip()
    return span(key(f"/{meant}/")) if meant and meant.isprintable() and len(meant) <= LONGEST_SUGGESTED else ""


def longest_run(text: str) -> int:
    """How many back-ticks stand in a row, at most."""
    return max((len(run) for run in _TICKS.findall(text)), default=0)

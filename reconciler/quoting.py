"""Quote texts on one line: as YAML, and as code in a sentence.

The results of `key` and `inline` read back as the same text in YAML 1.1 and 1.2 (except for lone surrogates, which
UTF-8 cannot encode), and here after placeholders are substituted. Pure, without a YAML library.
"""

import json
import re
from typing import Final

# Scalars like these are no number, date or placeholder in any version of YAML, and do not end a `{...}`
_PLAIN: Final = re.compile(r"[A-Za-z_/$][A-Za-z0-9_./+$@-]*")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_/$][A-Za-z0-9_./+$@{}-]*|[1-5][0-9]{2}")
_NO_TEXTS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

# C0 but tab and line feed, C1, zero width (but the joiners of emoji and scripts), line separators, bidirectional
# controls, byte order marks, noncharacters.
HIDDEN: Final = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
)
"""Characters that YAML does not allow, or that are invisible."""

LONGEST_SUGGESTED: Final = 200
"""In characters; longer texts are not suggested."""

_TICKS: Final = re.compile("`+")


def key(text: str) -> str:
    """Quote a key of a block map. Do not pass a `${{`, which is refused in keys."""
    return _in_style(text, style_of(text, is_key=True))


def inline(text: str) -> str:
    """Quote a value on one line, also within `{...}`."""
    text = escaped(text)
    return _in_style(text, style_of(text))


def style_of(text: str, *, is_key: bool = False) -> str:
    """Return the plainest style that keeps a text on one line: "" for none, `'` or `"`; `is_key`: in a block map."""
    plain = _PLAIN_KEY if is_key else _PLAIN
    if plain.fullmatch(text) and is_safe(text):
        return ""
    if HIDDEN.search(text) or "\n" in text or "\t" in text:
        return '"'
    return '"' if "'" in text and '"' not in text and "\\" not in text else "'"


def escaped(text: str) -> str:
    """Escape a text so that it contains no placeholder."""
    return text.replace("${{", "$${{")


def is_safe(text: str) -> bool:
    """Whether a plain scalar of this text is a string in every version of YAML."""
    return text.lower() not in _NO_TEXTS


def double_quoted(text: str) -> str:
    """Quote in double quotes, with escapes for unprintable characters; placeholders are kept."""
    # JSON's escapes are valid YAML; the rest is beyond ASCII
    return HIDDEN.sub(escape, json.dumps(text, ensure_ascii=False))


def escape(found: re.Match[str]) -> str:
    """Escape a character for YAML's double quotes."""
    return f"\\u{ord(found[0]):04x}"


def _in_style(text: str, style: str) -> str:
    if style == '"':
        return double_quoted(text)
    return "'{}'".format(text.replace("'", "''")) if style else text


def span(text: str) -> str:
    """Quote a text as code in a sentence: between more backticks than the text has in a row."""
    ticks = "`" * (longest_run(text) + 1)
    apart = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{apart}{text}{apart}{ticks}"


def between_slashes(text: str) -> str:
    """Return the WebSocket response key that a text probably means: a regular expression, as YAML and as code.

    The result is "" for empty, unprintable and long texts.
    """
    meant = text.strip().strip("/").strip()
    return span(key(f"/{meant}/")) if meant and meant.isprintable() and len(meant) <= LONGEST_SUGGESTED else ""


def longest_run(text: str) -> int:
    """Return the length of the longest run of backticks."""
    return max((len(run) for run in _TICKS.findall(text)), default=0)

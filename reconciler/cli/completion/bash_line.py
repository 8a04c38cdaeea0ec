"""A command line as bash splits it, and words quoted to fit in where readline replaces.

readline does not replace the whole last word: it replaces what follows an open quote, or the last of the characters in
COMP_WORDBREAKS (a colon and an equals sign are among them).
"""

import re
import shlex
from dataclasses import dataclass, replace
from typing import Final

_BLANKS: Final = " \t\n"
_IN_DOUBLE_QUOTES: Final = '$`"\\\n'
_SPECIAL: Final = re.compile(r"([^A-Za-z0-9_@%+=:,./-])")


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last word of a line up to the cursor: unquoted, `text`.

    The first `kept` characters of `text` stay, readline replaces the rest. `quote` is the open quote, or "".
    `is_plain`: it has no quote and no backslash.
    """

    text: str = ""
    kept: int = 0
    quote: str = ""
    is_plain: bool = True

    def replacement(self, word: str) -> str:
        """Return what readline has to insert to make this word of the last word, which it starts like."""
        rest = word[self.kept :]
        if self.quote == "'":
            return rest.replace("'", "'\\''")
        if self.quote:
            return re.sub(r'([$`"\\])', r"\\\1", rest)
        if self.is_plain and not self.kept:
            return shlex.quote(rest)
        return _SPECIAL.sub(r"\\\1", rest)


def split(line: str, breaks: str) -> tuple[tuple[str, ...], LastWord]:
    """Return the words before the last one, unquoted, and the last one, which is empty after a blank.

    `breaks` is COMP_WORDBREAKS.
    """
    words: list[str] = []
    last: LastWord | None = None
    characters = iter(line)
    for character in characters:
        word = last or LastWord()
        if word.quote:
            last = _in_quotes(word, character, lambda: next(characters, ""))
        elif character in _BLANKS:
            words += [last.text] if last else []
            last = None
        elif character == "\\":
            last = replace(word, text=word.text + next(characters, ""), is_plain=False)
        elif character in "'\"":
            last = replace(word, quote=character, kept=len(word.text), is_plain=False)
        else:
            kept = len(word.text) + 1 if character in breaks else word.kept
            last = replace(word, text=word.text + character, kept=kept)
    return tuple(words), last or LastWord()


def _in_quotes(word: LastWord, character: str, following: object) -> LastWord:
    if character == word.quote:
        return replace(word, quote="", kept=len(word.text))
    if word.quote == '"' and character == "\\" and callable(following):
        escaped = following()
        return replace(word, text=word.text + (escaped if escaped in _IN_DOUBLE_QUOTES else f"\\{escaped}"))
    return replace(word, text=word.text + character)

"""Markdown as GitHub and GitLab show it in comments: pieces from which every command's report is made.

Promise: no text from outside can leave the piece that it was put in, mention anybody, link, refer to an issue, run a
quick action, or become markup. That holds for the pieces whatever they are given; what callers write around them is
their own fixed words. `fit` never cuts: it takes a report with less detail instead.

    fenced            lines in a block of code
    code, inline      in running text: a piece of code | a sentence in which everything that is not a plain word is code
    code_tag, in_tag  the same two for HTML: in `<summary>` and in the cells of tables, where back-ticks mean nothing
    details, table    a part that folds | a table
    marker            a comment that nobody sees, by which a later run finds the comment that it is to replace
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from reconciler.render.code_spans import code_parts
from reconciler.render.style import printable

LIMIT: Final = 65_536
"""How many characters GitHub takes as the body of a comment."""

_RUNS: Final = re.compile("`+")
_FENCE: Final = 3

# Words of a sentence, with the punctuation of a sentence around them: nothing in them is markup, a mention or a link.
_WORD: Final = re.compile(r"""[("']*(?:[^\W_]+(?:['-][^\W\d_]+)*|\d+(?:,\d{3})*(?:\.\d+)?%?)[)"'.,;:?!]*""")
# What looks like a word and is made a link of all the same, or a list: hashes of commits, WWW, and `1.` at the start.
_NO_WORD: Final = re.compile(r"[0-9a-fA-F]{7,}|www|\d+[.)]", re.IGNORECASE)
_AFTER_CODE: Final = re.compile(r"[.,;:?!)]+(?= |$)")
_BEFORE_CODE: Final = re.compile(r"(?:^| )\($")
_LONGEST_KEY: Final = 200
_POINTS: Final = (".", ",", ";", ":")
_PLAIN: Final = re.compile(r"[^\w ]|_")


def marker(command: str, key: str = "") -> str:
    """The hidden first line of a command's comment; `key` tells comments of one command apart, by environment say.

    The same command and key give the same marker, other ones another.
    """
    spelt = _spelt(key)
    if len(spelt) > _LONGEST_KEY:
        spelt = hashlib.sha256(spelt.encode()).hexdigest()
    return f"<!-- reconciler:{f'{command} {spelt}' if spelt else command} -->"


def _spelt(key: str) -> str:
    """Letters, digits, dots, commas and single hyphens as they are; `--` would end a comment."""
    return re.sub(r"[^A-Za-z0-9.,-]|(?<=-)-|-$|^[-.]", lambda found: "%" + found[0].encode().hex("%"), printable(key))


def fenced(lines: Iterable[str], language: str = "diff") -> str:
    """A block of code, under a fence longer than any run of back-ticks in it."""
    body = "\n".join(map(printable, lines))
    fence = "`" * max(_FENCE, _longest_run(body) + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def code(text: str) -> str:
    """A piece of code in running text, not in a table."""
    shown = printable(text) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    # One space on both sides is taken off again; a back-tick has to stand apart from those that enclose it.
    apart = " " if "`" in (shown[0], shown[-1]) or (shown[0] == " " == shown[-1] and shown.strip()) else ""
    return f"{ticks}{apart}{shown}{apart}{ticks}"


def code_tag(text: str) -> str:
    """A piece of code in a `<summary>` or a cell."""
    return f"<code>{entities(text)}</code>"


def entities(text: str) -> str:
    """The text with every sign that is neither letter, digit nor space spelt as an entity: markup to nobody.

    Still to be put into a tag that is code: GitHub reads mentions after entities.
    """
    return _PLAIN.sub(lambda found: f"&#{ord(found[0])};", printable(text))


def inline(text: str) -> str:
    """A sentence: plain words as they are, everything else as code."""
    return _sentence(text, code)


def in_tag(text: str) -> str:
    """A sentence in a `<summary>` or a cell."""
    return _sentence(text, code_tag)


def _sentence(text: str, as_code: Callable[[str], str]) -> str:
    """Code of the sentence as code, all else as `_words` has it."""
    parts = [(is_code, part) for is_code, part in code_parts(text) if part]
    if not any(is_code for is_code, _ in parts):
        return _words(text, as_code)
    made = ""
    for is_code, part in parts:
        piece = as_code(part) if is_code else _between(part, as_code)
        # Back-ticks side by side would be one run of them
        made += f" {piece}" if made.endswith("`") and piece.startswith("`") else piece
    return made.strip(" ")


def _between(text: str, as_code: Callable[[str], str]) -> str:
    """A piece of a sentence next to code: blanks at its ends count, and punctuation there is no code."""
    lead = found[0] if (found := _AFTER_CODE.match(text)) else ""
    opening = "(" if _BEFORE_CODE.search(text[len(lead) :]) else ""
    rest = text[len(lead) : len(text) - len(opening)]
    before = " " if rest.startswith(" ") else ""
    after = " " if rest.endswith(" ") and rest.strip(" ") else ""
    return f"{lead}{before}{_words(rest, as_code)}{after}{opening}"


def _words(text: str, as_code: Callable[[str], str]) -> str:
    words: list[str] = []
    waiting: list[str] = []
    for word in [*printable(text).split(" "), ""]:
        plain = not word or _is_plain(word)
        if not plain:
            waiting.append(word)
        if waiting and (plain or _tail(word)):
            words.append(_apart(" ".join(waiting), as_code))
            waiting.clear()
        if plain:
            words.append(word)
    return " ".join(filter(None, words))


def _apart(text: str, as_code: Callable[[str], str]) -> str:
    """As code, without the punctuation of the sentence at its end."""
    tail = _tail(text)
    return as_code(text.removesuffix(tail)) + tail


def _tail(word: str) -> str:
    """The punctuation that a sentence ends a word with; a parenthesis if the word does not open it itself."""
    bare = word[:-1] if word.endswith(_POINTS) else word
    if bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1]
    return word[len(bare) :] if bare else ""


def _is_plain(word: str) -> bool:
    if word in _POINTS:
        return True
    return bool(_WORD.fullmatch(word)) and not _NO_WORD.match(word.lstrip("(\"'"))


def _longest_run(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)


def details(summary: str, body: str, *, is_open: bool = False) -> str:
    """A part that folds. `summary` is HTML (`in_tag`, `code_tag`), `body` Markdown."""
    return f"<details{' open' if is_open else ''}>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are made by `in_tag` and `code_tag`."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def joined(blocks: Iterable[str]) -> str:
    """Blocks, with the empty line between that keeps each of them what it is; empty ones are left out."""
    return "\n\n".join(filter(None, blocks)) + "\n"


def fit(levels: Iterable[Callable[[], str]], limit: int = LIMIT) -> str:
    """The first rendering that fits, of those from the most to the least detail; each says what it leaves out.

    The last has to fit whatever happens: there is at least one, and it is given back however long it is.
    """
    text = ""
    for render in levels:
        text = render()
        if size(text) <= limit:
            break
    return text


def size(text: str) -> int:
    """How long GitHub takes a text to be, at most: what is outside the basic plane counts double in some places."""
    return len(text) + sum(1 for one in text if ord(one) > _BASIC) if not text.isascii() else len(text)


_BASIC: Final = 0xFFFF

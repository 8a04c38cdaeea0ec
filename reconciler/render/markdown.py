"""Markdown as GitHub and GitLab show it in comments: the pieces that comments are made of.

No text from outside can break out of its piece, mention anybody, create a link, refer to an issue, run a quick action,
or become markup. That holds for the pieces whatever they are given; callers put only fixed words around them. `fit`
never cuts a text: it takes a rendering with less detail instead.

    fenced            lines in a code block
    code, inline      in running text: a piece of code | a sentence in which everything but plain words is code
    code_tag, in_tag  the same two as HTML: in `<summary>` and in table cells, where backticks have no meaning
    details, table    a part that folds | a table
    marker            an invisible comment, by which a later run finds the comment that it replaces
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from reconciler.render.code_spans import code_parts
from reconciler.render.style import printable

LIMIT: Final = 65_536
"""The most characters that GitHub accepts as the body of a comment."""

_RUNS: Final = re.compile("`+")
_FENCE: Final = 3

# A word with the punctuation of a sentence around it: nothing in it is markup, a mention or a link.
_WORD: Final = re.compile(r"""[("']*(?:[^\W_]+(?:['-][^\W\d_]+)*|\d+(?:,\d{3})*(?:\.\d+)?%?)[)"'.,;:?!]*""")
# Words that become a link or a list nevertheless: commit hashes, `www`, and `1.` at the start.
_NOT_PLAIN: Final = re.compile(r"[0-9a-fA-F]{7,}|www|\d+[.)]", re.IGNORECASE)
_AFTER_CODE: Final = re.compile(r"[.,;:?!)]+(?= |$)")
_BEFORE_CODE: Final = re.compile(r"(?:^| )\($")
_LONGEST_KEY: Final = 200
_PUNCTUATION: Final = (".", ",", ";", ":")
_PLAIN: Final = re.compile(r"[^\w ]|_")


def marker(command: str, key: str = "") -> str:
    """Return the hidden first line of a comment; `key`, such as the environments, tells comments of a command apart.

    The marker is the same for the same command and key, and different for all others.
    """
    encoded = _encoded(key)
    if len(encoded) > _LONGEST_KEY:
        encoded = hashlib.sha256(encoded.encode()).hexdigest()
    return f"<!-- reconciler:{f'{command} {encoded}' if encoded else command} -->"


def _encoded(key: str) -> str:
    """Letters, digits, dots, commas and single hyphens as they are; `--` would end a comment."""
    return re.sub(r"[^A-Za-z0-9.,-]|(?<=-)-|-$|^[-.]", lambda match: "%" + match[0].encode().hex("%"), printable(key))


def fenced(lines: Iterable[str], language: str = "diff") -> str:
    """Return a code block whose fence is longer than any run of backticks in it."""
    body = "\n".join(map(printable, lines))
    fence = "`" * max(_FENCE, _longest_run(body) + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def code(text: str) -> str:
    """Return a piece of code for running text, not for a table."""
    shown = printable(text) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    # Markdown strips one space from both sides; a backtick in the text must not touch the enclosing ones.
    apart = " " if "`" in (shown[0], shown[-1]) or (shown[0] == " " == shown[-1] and shown.strip()) else ""
    return f"{ticks}{apart}{shown}{apart}{ticks}"


def code_tag(text: str) -> str:
    """Return a piece of code for a `<summary>` or a cell."""
    return f"<code>{entities(text)}</code>"


def entities(text: str) -> str:
    """Return the text with everything but letters, digits and spaces as entities, so that nothing is markup.

    The result belongs into a code tag: GitHub looks for mentions after it has decoded entities.
    """
    return _PLAIN.sub(lambda match: f"&#{ord(match[0])};", printable(text))


def inline(text: str) -> str:
    """Return a sentence in which everything but plain words is code."""
    return _sentence(text, code)


def in_tag(text: str) -> str:
    """Return the same for a `<summary>` or a cell."""
    return _sentence(text, code_tag)


def _sentence(text: str, as_code: Callable[[str], str]) -> str:
    """The sentence's own code as code, and the rest word by word."""
    parts = [(is_code, part) for is_code, part in code_parts(text) if part]
    if not any(is_code for is_code, _ in parts):
        return _words(text, as_code)
    line = ""
    for is_code, part in parts:
        piece = as_code(part) if is_code else _between(part, as_code)
        # Adjacent backticks would be one run
        line += f" {piece}" if line.endswith("`") and piece.startswith("`") else piece
    return line.strip(" ")


def _between(text: str, as_code: Callable[[str], str]) -> str:
    """A part of a sentence next to code: spaces at its ends count, and punctuation there is not code."""
    prefix = match[0] if (match := _AFTER_CODE.match(text)) else ""
    opening = "(" if _BEFORE_CODE.search(text[len(prefix) :]) else ""
    rest = text[len(prefix) : len(text) - len(opening)]
    before = " " if rest.startswith(" ") else ""
    after = " " if rest.endswith(" ") and rest.strip(" ") else ""
    return f"{prefix}{before}{_words(rest, as_code)}{after}{opening}"


def _words(text: str, as_code: Callable[[str], str]) -> str:
    words: list[str] = []
    waiting: list[str] = []
    for word in [*printable(text).split(" "), ""]:
        plain = not word or _is_plain(word)
        if not plain:
            waiting.append(word)
        if waiting and (plain or _tail(word)):
            words.append(_as_code_before_tail(" ".join(waiting), as_code))
            waiting.clear()
        if plain:
            words.append(word)
    return " ".join(filter(None, words))


def _as_code_before_tail(text: str, as_code: Callable[[str], str]) -> str:
    """As code, with the punctuation of the sentence after it."""
    tail = _tail(text)
    return as_code(text.removesuffix(tail)) + tail


def _tail(word: str) -> str:
    """The punctuation of the sentence after a word; a closing parenthesis if the word does not open it."""
    bare = word[:-1] if word.endswith(_PUNCTUATION) else word
    if bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1]
    return word[len(bare) :] if bare else ""


def _is_plain(word: str) -> bool:
    if word in _PUNCTUATION:
        return True
    return bool(_WORD.fullmatch(word)) and not _NOT_PLAIN.match(word.lstrip("(\"'"))


def _longest_run(text: str) -> int:
    return max((len(run) for run in _RUNS.findall(text)), default=0)


def details(summary: str, body: str, *, is_open: bool = False) -> str:
    """Return a part that folds. `summary` is HTML (`in_tag`, `code_tag`), `body` is Markdown."""
    return f"<details{' open' if is_open else ''}>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; `in_tag` and `code_tag` make its cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def joined(blocks: Iterable[str]) -> str:
    """Join blocks with the empty lines that Markdown needs between them; empty blocks are left out."""
    return "\n\n".join(filter(None, blocks)) + "\n"


def fit(levels: Iterable[Callable[[], str]], limit: int = LIMIT) -> str:
    """Return the first rendering that fits; the levels go from the most to the least detail.

    There must be at least one level. The last one is returned however long it is.
    """
    text = ""
    for render in levels:
        text = render()
        if size(text) <= limit:
            break
    return text


def size(text: str) -> int:
    """Return the greatest length that GitHub may count: characters outside the basic plane count double in places."""
    return len(text) + sum(1 for character in text if ord(character) > _BASIC) if not text.isascii() else len(text)


_BASIC: Final = 0xFFFF

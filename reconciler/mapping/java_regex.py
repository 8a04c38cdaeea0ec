r"""Translate Java's regular expressions to Python's.

`translate` returns a Python pattern whose `fullmatch` agrees with `Matcher.matches` of java.util.regex, or raises
`InvalidPattern` if Java refuses the pattern, `NotFollowed` if this module cannot translate it. It reads the syntax as
Java's own compiler does: `{` is always a quantifier, `]` and `}` may stand alone, inline flags hold to the end of their
group, `\Q..\E` is resolved first. Compared with Java 17 on thousands of patterns.

Compiled with the flags ASCII and DOTALL: `\d`, `\w`, `\s` mean ASCII in Java as well, and `.` is written out. `\b` is
ASCII here; before version 19 Java's knew all letters, which differs in texts with other ones.
"""

import re
from typing import Final

from reconciler.mapping.characters import InvalidPattern, NotFollowed, character_class, escaped_set, unquoted
from reconciler.mapping.fragments import Fragment, chain, character, either, position, repeated, stretch
from reconciler.mapping.regex_tree import Anchor, CharacterSet, Concatenation, Lookahead, Opaque, RegexTree

FLAGS: Final = re.ASCII | re.DOTALL

_DEEPEST: Final = 50
_HIGHEST_COUNT: Final = 2**31 - 1

_NO_LINE_END: Final = r"[^\n\r\x85\u2028\u2029]"
_END_OR_LAST_LINE_END: Final = r"(?=(?:\r\n|[\r\x85\u2028\u2029]|(?<!\r)\n)?\Z)"
_POSITIONS: Final = {"b": r"\b", "B": r"(?!\b)", "A": r"\A", "z": r"\Z", "Z": _END_OR_LAST_LINE_END}
_ANCHORS: Final = {"A": Anchor.START, "z": Anchor.END, "Z": Anchor.LAST_LINE_END}

_QUANTIFIER: Final = re.compile(r"([*+?]|\{([0-9]+)(,?)([0-9]*)\})([?+]?)")
_FLAGS: Final = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
_NAME: Final = re.compile(r"<([A-Za-z][A-Za-z0-9]*)>")


def translate(java: str) -> Fragment:
    """Return the whole pattern for Python, to compile with `FLAGS`. Raises InvalidPattern or NotFollowed."""
    text, offsets = unquoted(java)
    try:
        return _Translator(text).whole()
    except InvalidPattern as refused:
        raise InvalidPattern(refused.reason, offsets[refused.offset]) from None


class _Translator:
    """One pass over one pattern, by recursive descent; every method reads from `at` on and moves it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.opened = 0
        self.closed: set[int] = set()
        self.looped: set[int] = set()
        self.referred: set[int] = set()
        self.names: dict[str, int] = {}
        self.dot_matches_all = False
        self.ignore_case = False

    def whole(self) -> Fragment:
        fragment = self._alternatives()
        if self.at < len(self.text):
            raise InvalidPattern("a closing parenthesis without an opening one", self.at)
        if self.referred & self.looped:  # what is left in the group after the last turn differs
            raise NotFollowed("a reference to a group that is repeated")
        return fragment

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, token: str) -> bool:
        is_next = self.text.startswith(token, self.at)
        if is_next:
            self.at += len(token)
        return is_next

    def _alternatives(self) -> Fragment:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return either(branches)

    def _sequence(self) -> Fragment:
        parts = []
        while self._peek() not in {"", "|", ")"}:
            if self._flag_switch():
                continue
            before = self.opened
            atom = self._atom()
            parts.append(self._quantified(atom))
            if parts[-1] is not atom:
                self.looped.update(range(before + 1, self.opened + 1))
        return chain(parts)

    def _atom(self) -> Fragment:
        match self._peek():
            case "*" | "+" | "?" as sign:
                raise InvalidPattern(f"nothing for {sign} to repeat", self.at)
            case "{":
                return position("", Concatenation())  # Java repeats nothing, as in `{2}` and in `a{2}{3}`
            case "(":
                return self._group()
            case "[":
                python, self.at = character_class(self.text, self.at)
                return self._cased(character(python))
            case "\\":
                return self._escape()
            case _:
                return self._single()

    def _single(self) -> Fragment:
        char = self._peek()
        self.at += 1
        match char:
            case ".":
                return character("." if self.dot_matches_all else _NO_LINE_END)
            case "^":
                return position(r"\A", Anchor.START)
            case "$":
                return position(_END_OR_LAST_LINE_END, Anchor.LAST_LINE_END)
            case _:
                return self._cased(character(re.escape(char)))

    def _cased(self, fragment: Fragment) -> Fragment:
        if not self.ignore_case:
            return fragment
        python = f"(?i:{fragment.python})"
        tree = CharacterSet(python) if isinstance(fragment.tree, CharacterSet) else fragment.tree
        return Fragment(python, fragment.ways, fragment.effort, tree)

    def _quantified(self, atom: Fragment) -> Fragment:
        start = self.at
        match = _QUANTIFIER.match(self.text, start)
        if match is None:
            if self._peek() == "{":
                raise InvalidPattern("a { that is not a repetition such as {2} or {2,3}", start)
            return atom
        sign, low, comma, high, _ = match.groups()
        if low is None:
            least, most = int(sign == "+"), 1 if sign == "?" else None
        else:
            least = self._count(low)
            most = self._count(high) if high else None if comma else least
        if most is not None and most < least:
            raise InvalidPattern(f"a repetition {sign} that runs backwards", start)
        self.at = match.end()
        return repeated(atom, match[0], least, most)

    def _count(self, digits: str) -> int:
        if len(digits.lstrip("0")) > len(str(_HIGHEST_COUNT)) or int(digits) > _HIGHEST_COUNT:
            raise InvalidPattern(f"a repetition of more than {_HIGHEST_COUNT} times", self.at)
        return int(digits)

    def _flag_switch(self) -> bool:
        """Read `(?i)`, which holds for the rest of the group; whether there is one."""
        match = _FLAGS.match(self.text, self.at)
        if match is None or match[3] != ")":
            return False
        self._set_flags(match)
        self.at = match.end()
        return True

    def _set_flags(self, match: re.Match[str]) -> None:
        switched_on, switched_off = match[1], match[2] or ""
        for flag in switched_on + switched_off:
            if flag not in "idmsuxcU":
                raise InvalidPattern(f"an unknown inline flag {flag}", match.start())
            if flag not in "is":
                raise NotFollowed(f"the inline flag {flag}")
        self.ignore_case = ("i" in switched_on or self.ignore_case) and "i" not in switched_off
        self.dot_matches_all = ("s" in switched_on or self.dot_matches_all) and "s" not in switched_off

    def _group(self) -> Fragment:
        start = self.at
        flags = self.ignore_case, self.dot_matches_all
        number = 0
        head = self._group_head()
        if head == "(" or head.startswith("(?P"):
            number = self.opened = self.opened + 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotFollowed(f"groups nested deeper than {_DEEPEST}")
        body = self._alternatives()
        if not self._take(")"):
            raise InvalidPattern("a group that is not closed", start)
        self.depth -= 1
        self.ignore_case, self.dot_matches_all = flags
        self.closed.add(number)
        python = f"{head}{body.python})"
        tree = _group_tree(head, body.tree)
        if head in {"(?=", "(?!", "(?<=", "(?<!"}:
            return position(python, tree, body.effort)
        return Fragment(python, body.ways, body.effort, tree)

    def _group_head(self) -> str:
        start = self.at
        for head in ("(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"):
            if self._take(head):
                return head
        if self._take("(?<"):
            self.at -= 1
            name = self._name()
            if name in self.names:
                raise InvalidPattern(f"a second group named {name}", start)
            self.names[name] = self.opened + 1
            return f"(?P<{name}>"
        match = _FLAGS.match(self.text, start)
        if match:
            self._set_flags(match)
            self.at = match.end()
            return "(?:"
        if self._take("(?"):
            raise InvalidPattern("an unknown construct after (?", start)
        self.at += 1
        return "("

    def _name(self) -> str:
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise InvalidPattern("a group name that is not Latin letters and digits between < and >", self.at)
        self.at = match.end()
        return match[1]

    def _escape(self) -> Fragment:
        letter = self.text[self.at + 1 : self.at + 2]
        if self.text.startswith(r"\b{", self.at):
            raise NotFollowed(r"a boundary with braces \b{g}")
        if letter == "k" or letter in tuple("123456789"):
            return self._cased(self._backreference())
        if letter in _POSITIONS:
            self.at += 2
            return position(_POSITIONS[letter], _ANCHORS.get(letter, Opaque()))
        python, self.at = escaped_set(self.text, self.at)
        return self._cased(character(python))

    def _backreference(self) -> Fragment:
        start = self.at
        self.at += 2
        if self.text[start + 1] == "k":
            name = self._name()
            if name not in self.names:
                raise InvalidPattern(f"no group named {name} before it", start)
            number, python = self.names[name], f"(?P={name})"
        else:
            number = int(self.text[start + 1])
            # Another digit belongs to the number as long as there is such a group.
            while self._peek() in tuple("0123456789") and number * 10 + int(self._peek()) <= self.opened:
                number = number * 10 + int(self._peek())
                self.at += 1
            python = f"(?:\\{number})"
        if number not in self.closed:
            raise NotFollowed("a reference to a group that does not end before it")
        self.referred.add(number)
        return stretch(python)


def _group_tree(head: str, body: RegexTree) -> RegexTree:
    if head in {"(?=", "(?!"}:
        return Lookahead(body, is_negative=head == "(?!")
    return Opaque() if head in {"(?<=", "(?<!", "(?>"} else body

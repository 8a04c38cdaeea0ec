"""The expressions of GitHub's workflows, `${{ ... }}`: the part of them that the recipes use.

What is not part of it is a ValueError, so that no recipe passes a test because its condition was not understood.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Value: TypeAlias = object
Context: TypeAlias = Mapping[str, Value]
Functions: TypeAlias = Mapping[str, Callable[..., Value]]

_PLACEHOLDER: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>==|!=|&&|\|\||[!(),]))")
_STATUS: Final = re.compile(r"\b(?:always|success|failure|cancelled)\(\)")
_WORDS: Final[Mapping[str, Value]] = {"true": True, "false": False, "null": None}


def replaced(text: str, context: Context) -> str:
    """A text with what its placeholders stand for."""
    return _PLACEHOLDER.sub(lambda found: shown(evaluated(found[1], context)), text)


def is_met(condition: str | None, context: Context, status: Mapping[str, bool]) -> bool:
    """Whether a step or job runs: `success()` is meant where no function of that kind is called."""
    text = (condition or "success()").strip()
    if text.startswith("${{"):
        text = text.removeprefix("${{").removesuffix("}}")
    if not _STATUS.search(text):
        text = f"success() && ({text})"
    functions = {name: (lambda value=value: value) for name, value in status.items()}
    return bool(evaluated(text, context, functions))


def shown(value: Value) -> str:
    """A value as text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def evaluated(text: str, context: Context, functions: Functions | None = None) -> Value:
    """What an expression gives."""
    parser = _Parser(_tokens(text), context, {"format": _formatted, **(functions or {})})
    value = parser.either()
    parser.end()
    return value


def _formatted(template: str, *values: Value) -> str:
    return template.format(*map(shown, values))


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if not match:
            message = f"{text[position:]!r} is not understood"
            raise ValueError(message)
        found.append(match[0].strip())
        position = match.end()
    return found


class _Parser:
    """By precedence: `||`, `&&`, `==` and `!=`, `!`, and what they are about."""

    def __init__(self, tokens: list[str], context: Context, functions: Functions) -> None:
        self._tokens = tokens
        self._context = context
        self._functions = functions

    def either(self) -> Value:
        """One or the other: the first that counts as true, else the last."""
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Value:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Value:
        value = self._denied()
        if self._take("=="):
            return _comparable(value) == _comparable(self._denied())
        if self._take("!="):
            return _comparable(value) != _comparable(self._denied())
        return value

    def _denied(self) -> Value:
        return not self._denied() if self._take("!") else self._single()

    def _single(self) -> Value:
        if self._take("("):
            value = self.either()
            self._need(")")
            return value
        token = self._tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._take("("):
            return self._called(token)
        return _WORDS[token] if token in _WORDS else self._found(token)

    def _called(self, name: str) -> Value:
        arguments = []
        while not self._take(")"):
            arguments.append(self.either())
            self._take(",")
        return self._functions[name](*arguments)

    def _found(self, path: str) -> Value:
        """What is not there is null, but the first name must be one that there is."""
        first, *others = path.split(".")
        value: Value = self._context[first]
        for name in others:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def _take(self, token: str) -> bool:
        if self._tokens[:1] == [token]:
            self._tokens.pop(0)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            message = f"{token} is missing before {self._tokens}"
            raise ValueError(message)

    def end(self) -> None:
        """Nothing may be left."""
        if self._tokens:
            message = f"{self._tokens} is left"
            raise ValueError(message)


def _comparable(value: Value) -> Value:
    """Null and the empty text are the same to GitHub; capital letters do not count."""
    return shown(value).lower()

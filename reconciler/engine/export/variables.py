"""Name the values in which environments differ, and turn patterns into texts with placeholders.

Values that are the same in every environment are one variable, and one that the configuration has already stays. A name
says what the variable holds: it comes from the header, the key before the value, or the value itself. Pure.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from reconciler.config.configuration import Environment
from reconciler.engine.export.unify import Pattern, ValueSlot
from reconciler.quoting import escaped
from reconciler.yamlio.emit import PlaceholderText

Values = Mapping[str, str]

_ENVIRONMENT: Final = "environment"
_HEADER: Final = "method.response.header."
_WORDS: Final = re.compile(r"[A-Za-z0-9]+")
_LAST_KEY: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[\"']?\s*[:=]\s*[\"']?[^\"'\s:=]*$")
_PREFIXES: Final = ("Access-Control-Allow-", "Access-Control-", "X-")
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("accountId", re.compile(r"[0-9]{12}")),
    ("region", re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")),
    ("origin", re.compile(r"https?://[A-Za-z0-9_.:-]+")),
    ("url", re.compile(r"[a-z][a-z0-9+.-]*://\S+")),
    ("host", re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?")),
)


class VariableTable:
    """The variables of an export. First every pattern is added, then all names are settled, then texts are made."""

    def __init__(self, environments: Sequence[Environment]) -> None:
        self.values: dict[str, dict[str, str]] = {}
        """What was added to the configuration: name -> environment -> value."""
        self._configured = {environment.name: environment.variables for environment in environments}
        self._hints: dict[tuple[tuple[str, str], ...], tuple[str, str]] = {}

    def add(self, pattern: Pattern, field: str, manifest: str) -> Pattern:
        """Note the values of a pattern: `field` is where it is, as in `method.response.header.X`."""
        for piece in pattern:
            if isinstance(piece, ValueSlot):
                hint = _ENVIRONMENT if piece.label else _hint(piece, field)
                self._hints.setdefault(tuple(self._values(piece).items()), (hint, manifest))
        return pattern

    def settle(self) -> None:
        """Give every value that differs the name of a variable; those of most environments first."""
        taken = {name for variables in self._configured.values() for name in variables}
        for row, (hint, manifest) in sorted(self._hints.items(), key=lambda item: -len(item[0])):
            values = dict(row)
            if not self._known(values, values):
                self.values[next(_free_names(hint, manifest, {*taken, *self.values}))] = values

    def covers(self, pattern: Pattern, environments: Collection[str]) -> bool:
        """Whether variables for a pattern have values in all of these environments."""
        slots = [piece for piece in pattern if isinstance(piece, ValueSlot)]
        return all(self._known(self._values(slot), environments) for slot in slots)

    def text(self, pattern: Pattern, environments: Collection[str]) -> PlaceholderText:
        """Return a pattern as it is in a manifest of these environments, which variables cover."""
        pieces = (
            escaped(piece)
            if isinstance(piece, str)
            else f"${{{{ vars.{self._known(self._values(piece), environments)} }}}}"
            for piece in pattern
        )
        return PlaceholderText("".join(pieces))

    def _values(self, slot: ValueSlot) -> dict[str, str]:
        """Return the values in the environments of the export; what an environment is called may be known of more."""
        return {environment: value for environment, value in slot.values if environment in self._configured}

    def _known(self, values: Values, environments: Collection[str]) -> str:
        """Return the variable that has these values, and some value in all of these environments; "" for none."""
        for name, has in self.values.items():
            if values.items() <= has.items() and has.keys() >= {*environments}:
                return name
        fitting = (
            name
            for name in dict.fromkeys(name for variables in self._configured.values() for name in variables)
            if all(self._configured[environment].get(name) == value for environment, value in values.items())
            and all(name in self._configured[environment] for environment in environments)
        )
        return next(fitting, "")


def _free_names(hint: str, manifest: str, taken: set[str]) -> Iterator[str]:
    """Yield the names that a variable could have: what it holds, whose it is, a number."""
    candidates = (hint, _camel(f"{manifest} {hint}"))
    yield from (name for name in candidates if name not in taken)
    number = 2
    while True:
        name = f"{candidates[-1]}{number}"
        if name not in taken:
            yield name
        number += 1


def _hint(slot: ValueSlot, field: str) -> str:
    """Return the name that says what a value is."""
    values = [value for _, value in slot.values]
    kind = next((name for name, pattern in _KINDS if all(map(pattern.fullmatch, values))), "")
    header = field.removeprefix(_HEADER)
    of_field = _camel(_without_prefix(header)) if header != field else _camel(field)
    key = _LAST_KEY.search(slot.before)
    words = (_camel(key[1]) if key else "") if slot.before else ""
    if kind in {"accountId", "region"}:
        return kind
    return words or (of_field if header != field else "") or kind or of_field or "value"


def _without_prefix(header: str) -> str:
    return next((header[len(prefix) :] for prefix in _PREFIXES if header.startswith(prefix)), header) or header


def _camel(text: str) -> str:
    """Return a text as the name of a variable, as in `maxAge`; "" if nothing of it can be one."""
    words = _WORDS.findall(text)
    joined = (
        "".join([words[0][:1].lower() + words[0][1:], *(word[:1].upper() + word[1:] for word in words[1:])])
        if words
        else ""
    )
    return joined if joined[:1].isalpha() else ""

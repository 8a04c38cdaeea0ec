"""Take the name of an environment out of the name of an API.

`orders-dev`, `dev/orders`, `orders_dev` and `orders (dev)` are `orders` in the environment dev; `devices` is not:
letters and digits around a name make it another word. The longest name wins: `orders-pre-prod` has `pre-prod`, not
`prod`. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.config.configuration import Environment

_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_SEPARATORS: Final = " \t-_./:|~"
"""What separates the name of an environment from the rest of a name."""

_BEFORE: Final = _SEPARATORS + "([{<"
_AFTER: Final = _SEPARATORS + ")]}>"
"""With the brackets that enclose it. Others, as in `orders (v1)-dev`, belong to the rest."""

_VARIABLES: Final = frozenset({"stage", "env", "environment", "stagename", "environmentname"})
"""Variables that say what an environment is called, in lower case; others may be in names for other reasons."""


@dataclass(frozen=True, slots=True)
class Label:
    """What environments are called in names: by their own names, or by the values of a variable."""

    values: Mapping[str, str]
    variable: str = ""
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the search for all values, the longest first."""
        longest_first = sorted(set(self.values.values()), key=lambda value: (-len(value), value))
        words = "|".join(map(re.escape, longest_first))
        object.__setattr__(self, "pattern", re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class NameShape:
    """A name without its environment: the literal texts around it, which are more than one if it is there at all."""

    pieces: tuple[str, ...]
    label: Label | None = None

    @property
    def base(self) -> str:
        """The name that the APIs of all environments share."""
        rest = self.pieces[0]
        for piece in self.pieces[1:]:
            left, right = rest.rstrip(_BEFORE), piece.lstrip(_AFTER)
            joint = rest[len(left) : len(left) + 1] or piece[:1]
            rest = f"{left}{joint if joint in '-_./: ' else '-'}{right}" if left and right else left or right
        return rest


def labels(environments: Sequence[Environment]) -> tuple[Label, ...]:
    """Return what the environments may be called: by name first, then by variables such as `stage`."""
    names = {environment.name: environment.name for environment in environments}
    variables = dict.fromkeys(name for environment in environments for name in environment.variables)
    called = [name for name in variables if name.casefold() in _VARIABLES]
    by_variable = [Label(values, name) for name in called if (values := _values(name, environments))]
    same = next((label.variable for label in by_variable if label.values == names), "")
    return (Label(names, same), *(label for label in by_variable if label.values != names))


def _values(variable: str, environments: Iterable[Environment]) -> dict[str, str]:
    """Return the values of a variable if each is a word, and each another; else nothing."""
    values = {environment.name: environment.variables.get(variable) for environment in environments}
    words = {name: value for name, value in values.items() if isinstance(value, str) and _WORD.fullmatch(value)}
    return words if len(words) == len(values) == len({word.casefold() for word in words.values()}) > 1 else {}


def shape(name: str, environment: str, known: Iterable[Label]) -> NameShape:
    """Return a name without its environment, which is called by the first label that fits."""
    for label in known:
        pieces = tuple(_pieces(name, environment, label))
        if len(pieces) > 1:
            return NameShape(pieces, label)
    return NameShape((name,))


def _pieces(name: str, environment: str, label: Label) -> Iterator[str]:
    at = 0
    for found in label.pattern.finditer(name):
        if found[0].casefold() == label.values.get(environment, "").casefold():
            yield name[at : found.start()]
            at = found.end()
    yield name[at:]


def named_environments(name: str, known: Iterable[Label]) -> tuple[str, ...]:
    """Return the environments that a name has in it."""
    found = {
        environment: None
        for label in known
        for environment in label.values
        if len([*_pieces(name, environment, label)]) > 1
    }
    return tuple(found)

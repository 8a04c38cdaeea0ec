"""Look up variables for placeholders: those of an environment, and the process variables that may be read.

A name that is not defined at all is distinguished from one that other environments define, which are named. Pure: the
process environment is passed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.wording import code, did_you_mean, shown

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Undefined:
    """Why a variable has no value. `is_unset`: it may be read, but the process does not have it."""

    message: str
    remedy: str
    is_unset: bool = False


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one environment of one configuration.

    `readable` names the process variables that may be read, `process` holds them all. `elsewhere` maps names to the
    environments that define them.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    readable: Sequence[str] = ()
    process: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None
    elsewhere: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def lookup(self, name: str) -> Value | Undefined:
        """Return the value of `vars.NAME`."""
        if name in self.values:
            return self.values[name]
        suffix = f" in environment {self.environment}" if self.environment else ""
        return Undefined(f"the variable {code(name)} is not defined{suffix}", self._remedy(name))

    def _remedy(self, name: str) -> str:
        define = f"define it there, or pass --var {shown(name)}=VALUE"
        if not self.environment:
            define = f"define it in an environment of a reconciler.yaml, or pass --var {shown(name)}=VALUE"
        others = self.elsewhere.get(name)
        if others:
            return f"{' and '.join(others)} {'define' if len(others) > 1 else 'defines'} it: {define}"
        return did_you_mean(name, self.values, define)

    def lookup_process(self, name: str) -> Value | Undefined:
        """Return the value of `env.NAME`."""
        if name not in self.readable:
            remedy = did_you_mean(name, self.readable, f"allow it in reconciler.yaml: `env: [{shown(name)}]`")
            return Undefined(f"the environment variable {code(name)} may not be read", remedy)
        if name not in self.process:
            message = f"the environment variable `{name}` is not set"
            return Undefined(message, "set it", is_unset=True)
        return self.process[name]


def coerce(text: str, defined: Value | None) -> Value:
    """Convert a value from the command line: true and false are booleans unless they replace another type."""
    if defined is None or isinstance(defined, bool):
        return {"true": True, "false": False}.get(text, text)
    return text

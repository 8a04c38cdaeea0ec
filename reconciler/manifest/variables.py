"""What placeholders stand for: the variables of an environment, and those of the process that may be read.

Promise: pure; what the process has is given. A name that nobody defined is told apart from one that another environment
defines, and says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.wording import code, did_you_mean, shown

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Undefined:
    """Why a placeholder stands for nothing. `is_unset`: it may be read, and the process does not have it."""

    message: str
    remedy: str
    is_unset: bool = False


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one environment of one configuration.

    `readable`: the environment variables that may be read; `process`: those there are. `elsewhere`: which environments
    define a name.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    readable: Sequence[str] = ()
    process: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None
    elsewhere: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of_environment(self, name: str) -> Value | Undefined:
        """What `vars.NAME` stands for."""
        if name in self.values:
            return self.values[name]
        where = f" in environment {self.environment}" if self.environment else ""
        return Undefined(f"the variable {code(name)} is not defined{where}", self._remedy(name))

    def _remedy(self, name: str) -> str:
        define = f"define it there, or give --var {shown(name)}=VALUE"
        if not self.environment:
            define = f"define it in an environment of a reconciler.yaml, or give --var {shown(name)}=VALUE"
        others = self.elsewhere.get(name)
        if others:
            return f"{' and '.join(others)} {'define' if len(others) > 1 else 'defines'} it: {define}"
        return did_you_mean(name, self.values, define)

    def of_process(self, name: str) -> Value | Undefined:
        """What `env.NAME` stands for."""
        if name not in self.readable:
            remedy = did_you_mean(name, self.readable, f"to allow it, write `env: [{shown(name)}]` in reconciler.yaml")
            return Undefined(f"the environment variable {code(name)} may not be read", remedy)
        if name not in self.process:
            message = f"the environment variable `{name}` is not set"
            return Undefined(message, "set it", is_unset=True)
        return self.process[name]


def coerce(text: str, defined: Value | None) -> Value:
    """A value from the command line: it has the type of the one that it stands in for; true and false have no other."""
    if defined is None or isinstance(defined, bool):
        return {"true": True, "false": False}.get(text, text)
    return text

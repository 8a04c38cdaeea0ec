"""Compose the command lines that texts suggest.

Code that suggests a command gets an `Invocation`, the running command line as plain values, and asks it for another
command with the same manifests and environments. The result can be copied into a shell. Pure.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

_PROGRAM: Final = "reconciler"

_OF_RUNS: Final = ("config", "environments")
_WHOLE: Final = ("paths", "config", "environments", "variables")
_SCOPE: Final = (*_WHOLE, "selectors", "changed_since")
_READING: Final = (*_SCOPE, "only")
_AWS: Final = ("region", "profile", "endpoint_url")

REPEATED: Final[Mapping[str, Sequence[str]]] = {
    "validate": _SCOPE,
    "fmt": ("paths", "config"),
    "render": _SCOPE,
    "select": _SCOPE,
    "review": _SCOPE,
    "openapi": _SCOPE,
    "test": (*_READING, *_AWS),
    "iam-policy": (*_SCOPE, *_AWS),
    "plan": (*_READING, *_AWS),
    "drift": (*_READING, *_AWS),
    "coverage": (*_WHOLE, *_AWS),
    "adopt": (*_READING, *_AWS),
    "status": (*_READING, *_AWS),
    "apply": (*_READING, *_AWS, "journal"),
    "deploy": (*_SCOPE, *_AWS, "journal"),
    "rollback": (*_OF_RUNS, *_AWS, "journal"),
    "runs": (*_OF_RUNS, "journal"),
}
"""Command -> the attributes that it repeats. Commands that are not listed repeat nothing."""

VERBS: Final = (*REPEATED, "export", "report", "init", "explain", "schema", "sandbox", "demo", "help", "completion")
"""All commands."""

OPTIONS: Final[Mapping[str, str]] = {
    "config": "--config",
    "environments": "--env",
    "variables": "--var",
    "selectors": "--selector",
    "changed_since": "--changed-since",
    "only": "--only",
    "region": "--region",
    "profile": "--profile",
    "endpoint_url": "--endpoint-url",
    "journal": "--journal",
}
"""Attribute of `Invocation` -> its option."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The parts of a command line that a suggested command has to repeat.

    `variables` are `NAME=VALUE`, `selectors` `K=V[,K=V]`, as typed. Only typed options are here: environment variables
    apply to the next command anyway.
    """

    paths: Sequence[str] = ()
    config: str | None = None
    environments: Sequence[str] = ()
    variables: Sequence[str] = ()
    selectors: Sequence[str] = ()
    changed_since: str | None = None
    only: Sequence[str] = ()
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    journal: str | None = None

    def command(self, verb: str, *words: str) -> str:
        """Return the command line of another command with the same scope.

        `words` come at the end; for a command without PATHs, which has other arguments, they come first.
        """
        names = REPEATED.get(verb, ())
        repeated = tuple(self._repeated(names))
        return command_line(verb, *repeated, *words) if "paths" in names else command_line(verb, *words, *repeated)

    def of(self, environment: str | None) -> "Invocation":
        """Return the same for one environment; None stands for a project without environments."""
        return self if environment is None else replace(self, environments=(environment,))

    def _repeated(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            value: str | Sequence[str] | None = getattr(self, name)
            for item in (value,) if isinstance(value, str) else value or ():
                if name == "paths":
                    yield f"./{item}" if item.startswith("-") else item
                else:
                    yield from (OPTIONS[name], item)


def command_line(*words: str) -> str:
    """Return a command line of this program, with words quoted for a POSIX shell as needed."""
    return shlex.join((_PROGRAM, *words))

"""Parameter -> what completes it, by its name or its metavar, so that no option has to declare it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

import click
from click.shell_completion import CompletionItem

from reconciler.cli.completion import values
from reconciler.cli.completion.shells import PART

Items: TypeAlias = list[CompletionItem[str]]
_Completer: TypeAlias = Callable[[Mapping[str, Any], str], Items]


def _items(words: list[str]) -> Items:
    return [CompletionItem(word, type=PART if word.endswith("/") else "plain") for word in words]


def _paths(_: Mapping[str, Any], incomplete: str) -> Items:
    # The shell knows whose home ~ is
    return _file(_, incomplete) if incomplete.startswith("~") else _items(values.paths(incomplete))


def _environments(typed: Mapping[str, Any], incomplete: str) -> Items:
    before, comma, _ = incomplete.rpartition(",")
    others = before.split(",")
    names = (f"{before}{comma}{name}" for name in values.environments(typed) if name not in others)
    return _items(values.fitting(names, incomplete))


def _addresses(typed: Mapping[str, Any], incomplete: str) -> Items:
    return _items(values.addresses(typed, incomplete))


def _stages(typed: Mapping[str, Any], incomplete: str) -> Items:
    return _items(values.fitting(values.stages(typed), incomplete))


def _manifests(typed: Mapping[str, Any], incomplete: str) -> Items:
    return _items(values.fitting(values.manifests(typed), incomplete))


def _runs(typed: Mapping[str, Any], incomplete: str) -> Items:
    return _items(values.fitting(values.runs(typed), incomplete))


def _rules(typed: Mapping[str, Any], incomplete: str) -> Items:
    from reconciler.rules import RULES  # noqa: PLC0415 - few completions need it

    names = sorted(name for rule in RULES.values() for name in rule.names if name not in typed["rules"])
    return _items(values.fitting(names, incomplete))


def _file(_: Mapping[str, Any], incomplete: str) -> Items:
    return [CompletionItem(incomplete, type="file")]


def _folder(_: Mapping[str, Any], incomplete: str) -> Items:
    return [CompletionItem(incomplete, type="dir")]


_BY_NAME: Final[Mapping[str, _Completer]] = {
    "paths": _paths,
    "environments": _environments,
    "only": _addresses,
    "stages": _stages,
    "manifest": _manifests,
    "run": _runs,
    "rules": _rules,
}

_BY_METAVAR: Final[Mapping[str, _Completer]] = {
    "FILE": _file,
    "FILE...": _file,
    "DIR": _folder,
}

_NOT: Final = frozenset({("only", "NAME")})
"""Names and metavars of options with another meaning than their name has elsewhere."""


def attach(command: click.Command) -> None:
    """Let the parameters of a command be completed."""
    for parameter in command.params:
        metavar = parameter.metavar or ""
        completer = _BY_NAME.get(parameter.name or "") or _BY_METAVAR.get(metavar)
        if completer and (parameter.name, metavar) not in _NOT:
            parameter.shell_complete = partial(_complete, completer)  # type: ignore[method-assign]


def _complete(completer: _Completer, context: click.Context, incomplete: str) -> Items:
    """Return the completions; none where a file cannot be read, or anything else goes wrong."""
    try:
        return completer(_typed(context), incomplete)
    except Exception:  # noqa: BLE001 - a message would be written into the line that is being edited
        return []


def _typed(context: click.Context) -> Mapping[str, Any]:
    """Return the values of what is typed.

    click stops reading a line at an option that lacks its value, as the one that is completed does, and has no PATHs
    then. So that option is left out. The line is in `obj`.
    """
    words = list(context.obj or ())
    if not context.info_name or context.info_name not in words:
        return context.params
    own = words[words.index(context.info_name) + 1 :]
    if own and own[-1].startswith("-"):
        own.pop()
    return context.command.make_context(context.info_name, own, context.parent, resilient_parsing=True).params

"""Words of other tools, and the command line to type instead.

These are hints in messages, not aliases: there is one word for each thing. A hint repeats the other arguments if the
suggested command takes them.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import click

from reconciler.errors import UsageError
from reconciler.invocation import command_line

_COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "diff": ("plan", ""),
    "preview": ("plan", ""),
    "up": ("apply", ""),
    "sync": ("apply", ""),
    "lint": ("validate", ""),
    "check": ("validate", ""),
    "format": ("fmt", ""),
    "import": ("export", "export writes live APIs to manifests"),
    "dump": ("export", ""),
    "pull": ("adopt", "adopt writes drift into the manifests, export whole APIs"),
    "undo": ("rollback", ""),
    "history": ("runs", ""),
    "destroy": ("plan", "no command deletes everything; remove responses from the manifests, then plan and apply"),
    "refresh": ("plan", "there is no state to refresh, as each run reads AWS"),
    "state": ("status", "there is no state file, as each run reads AWS"),
    "show": ("status", "status shows manifests and AWS, runs shows earlier runs"),
    "ping": ("plan", "each command that reads AWS shows whether it can be reached"),
}
"""Word -> the command to use, and what there is to know."""

_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "--auto-approve": ("--yes",),
    "--approve": ("--yes",),
    "--target": ("--only",),
    "--out-file": ("--out",),
    "--output": ("--format",),
    "--json": ("--format", "json"),
    "--workspace": ("--env",),
    "--stack": ("--env",),
    "--environment": ("--env",),
    "--exit-code": ("--detailed-exitcode",),
}
"""Option -> the words to use instead."""

_SINGLE: Final = frozenset(
    {"-auto-approve", "-target", "-out", "-json", "-var", "-var-file", "-detailed-exitcode", "-exit-code"}
)
"""Options that Terraform writes with one dash."""

_NOTES: Final[Mapping[str, str]] = {
    "--var-file": "variables are in `vars` of an environment in reconciler.yaml; for one more: --var NAME=VALUE",
}
"""Option -> what there is instead, where no other option is the same."""

_DRY: Final = "--dry-run"
_DRY_RUNS: Final[Mapping[str, str]] = {"apply": "plan", "deploy": "status", "rollback": "runs"}
"""Command -> the command that shows what it would do."""

_HELP: Final = frozenset({"-h", "--help"})
_YES: Final = frozenset({"-y", "--yes"})


def command_hint(group: click.Group, context: click.Context, word: str, arguments: Sequence[str]) -> str:
    """Return what to type instead of an unknown command; "" if the word is not known from elsewhere."""
    name, note = _COMMANDS.get(word, ("", ""))
    if name not in group.list_commands(context):
        return ""
    kept = [argument for argument in arguments if argument not in _YES]
    line = _line(group, context, name, kept) or command_line(name)
    return f"{note}: {line}" if note else f"use {name}: {line}"


def option_hint(group: click.Group, arguments: Sequence[str]) -> tuple[str, str] | None:
    """Return the first option that is known from elsewhere, and what to type instead; None if there is none.

    An option that belongs after the command, and is before it, is one of these.
    """
    own = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    context = click.Context(group, info_name="reconciler")
    known = group.list_commands(context)
    at = next((number for number, argument in enumerate(own) if argument in known), None)
    if at is None:
        return None
    name, before, after = own[at], own[:at], own[at + 1 :]
    if before and (line := _line(group, context, name, [*after, *before])):
        return next(word for word in before if word.startswith("-")), f"options follow the command: {line}"
    for number, argument in enumerate(after):
        word, equals, value = argument.partition("=")
        option = f"-{word}" if word in _SINGLE else word
        if option in _NOTES:
            return word, _NOTES[option]
        if option == _DRY and (shows := _DRY_RUNS.get(name)):
            kept = [other for other in after if other not in {_DRY, *_YES}]
            return word, f"use {shows}: {_line(group, context, shows, kept) or command_line(shows)}"
        words = _OPTIONS.get(option) or ((option,) if word in _SINGLE else ())
        if words:
            line = _line(
                group, context, name, [*after[:number], *words, *([value] if equals else []), *after[number + 1 :]]
            )
            return word, f"use {' '.join(words)}{f': {line}' if line else ''}"
    return None


def _line(group: click.Group, context: click.Context, name: str, arguments: Sequence[str]) -> str:
    """Return the command line; "" if the command does not take these arguments."""
    command = group.get_command(context, name)
    if command is None:
        return ""
    if _HELP & set(arguments):
        return command_line(name, "--help")
    try:
        command.make_context(name, list(arguments), parent=context)
    except (click.ClickException, UsageError):
        return ""
    return command_line(name, *arguments)

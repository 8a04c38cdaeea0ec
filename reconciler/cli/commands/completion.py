"""reconciler completion."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "completion",
    cls=Command,
    examples=(
        Example("Print the script for bash", "reconciler completion bash"),
        Example("Print the script for fish", "reconciler completion fish"),
    ),
    exit_codes={
        ExitCode.OK: "printed",
        ExitCode.FAILED: "stdout cannot be written",
    },
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")), metavar="SHELL")
@debug_option
@handled_by("reconciler.cli.handlers.completion")
def command() -> None:
    """Print the script that completes command lines in SHELL: bash, zsh or fish.

    It completes commands, options, manifests, environments, addresses, stages, rules, formats and runs.

    To try it in bash: eval "$(reconciler completion bash)". To install it, write it to a file in one of these folders,
    and open a new shell:

    bash: ~/.local/share/bash-completion/completions, as reconciler

    zsh: a folder of $fpath, as _reconciler

    fish: ~/.config/fish/completions, as reconciler.fish
    """

"""The scripts of the shells, and how completions are written for each.

click's own scripts take completions apart at spaces and commas, expand `*` in them, and lose `--only=` in front of a
value. These are theirs with that changed; the protocol is click's. A completion of the type `part` is the beginning of
a longer word, so no space follows it; `file` and `dir` leave the completion to the shell.
"""

import os
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from reconciler.cli.completion.bash_line import LastWord, split

PART: Final = "part"

_BASH: Final = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case ${line%%%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            part) compopt -o nospace; COMPREPLY+=("${line#*,}") ;;
            plain) COMPREPLY+=("${line#*,}") ;;
        esac
    done < <(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_CWORD="$COMP_WORDBREAKS" \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""

_ZSH: Final = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a response plain parts described
    local type value help

    response=("${(@f)$(COMP_WORDS="${(pj: :)words[1,CURRENT]}" \\
        %(complete_var)s=zsh_complete "${words[1]}" 2>/dev/null)}")

    # The value of --option=value, and the file of --format json=file
    [[ $PREFIX == *=* ]] && compset -P '*='

    for type value help in "${response[@]}"; do
        case $type in
            dir) _path_files -/ ;;
            file) _files ;;
            part) parts+=("$value") ;;
            plain) [[ $help == _ ]] && plain+=("$value") || described+=("${value//:/\\\\:}:$help") ;;
        esac
    done

    (( $#described )) && _describe -V unsorted described
    (( $#plain )) && compadd -V unsorted -a plain
    (( $#parts )) && compadd -V unsorted -S '' -a parts
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH: Final = r"""
function %(complete_func)s
    set -l words (commandline -opc)
    set -l response (env COMP_WORDS=(commandline -cp | string collect) %(complete_var)s=fish_complete \
        $words[1] 2>/dev/null)

    for completion in $response
        set -l item (string split -m 1 "," -- $completion)

        switch $item[1]
            case dir
                __fish_complete_directories (commandline -ct)
            case file
                set -l before (string replace -r '[^=]*$' '' -- (commandline -ct))
                for file in (__fish_complete_path (string replace -r '.*=' '' -- (commandline -ct)))
                    echo -- "$before$file"
                end
            case plain part
                echo -- $item[2]
        end
    end
end

complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Complete(ShellComplete):
    """What the shells have in common."""

    def source(self) -> str:
        """Return the script. click looks for the shell first, which may be on another machine."""
        return self.source_template % self.source_vars()

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """Return the completions; completers find the words before the last one in the context's `obj`."""
        self.ctx_args = {**self.ctx_args, "obj": tuple(args)}
        return super().get_completions(args, incomplete)


class Bash(_Complete, BashComplete):
    """bash gets words that are quoted for where readline inserts them."""

    source_template: ClassVar[str] = _BASH

    def complete(self) -> str:
        """Return a line for each completion of the line up to the cursor (COMP_WORDS); COMP_CWORD are the breaks."""
        words, last = split(os.environ["COMP_WORDS"], os.environ["COMP_CWORD"])
        items = self.get_completions(list(words[1:]), last.text)
        return "\n".join(f"{item.type},{last.replacement(_whole(item, last))}" for item in items)


class Zsh(_Complete, ZshComplete):
    """zsh quotes what it inserts. It gets three lines for each completion: type, value, help."""

    source_template: ClassVar[str] = _ZSH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the last one, and the last one up to the cursor."""
        words, last = split(os.environ["COMP_WORDS"], "")
        return list(words[1:]), last.text

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return the lines. The script escapes colons itself."""
        return f"{item.type}\n{item.value}\n{_line(item.help) or '_'}"


class Fish(_Complete, FishComplete):
    """fish quotes what it inserts, and replaces the whole word."""

    source_template: ClassVar[str] = _FISH

    def complete(self) -> str:
        """Return a line for each completion: type, value and help."""
        words, last = split(os.environ["COMP_WORDS"], "")
        items = self.get_completions(list(words[1:]), last.text)
        return "\n".join(f"{item.type},{_whole(item, last)}{_described(item)}" for item in items)


def _whole(item: CompletionItem[Any], last: LastWord) -> str:
    """Return the word that a completion stands for: click completes the value of `--option=value` alone."""
    name, equals, _ = last.text.partition("=")
    return f"{name}={item.value}" if equals and name.startswith("-") else str(item.value)


def _described(item: CompletionItem[Any]) -> str:
    return f"\t{_line(item.help)}" if item.help else ""


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


SHELLS: Final[Sequence[type[ShellComplete]]] = (Bash, Zsh, Fish)


def register() -> None:
    """Put these in the place of click's."""
    for shell in SHELLS:
        add_completion_class(shell)

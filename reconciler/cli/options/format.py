"""The options that say how results are shown: --format, --color, -q, -v and --debug."""

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from reconciler.cli.options.color import chosen_color, color_option, is_coloured, no_color_option
from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError
from reconciler.render.style import Style

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FORMATS: Final = ("text", "json", "markdown", "github", "sarif", "junit", "html")
"""The formats of the results of `validate`, `review`, `plan`, `apply`, `deploy` and `drift`."""

METRICS: Final = "prometheus"
"""The format of `drift` and `coverage` for monitoring."""


@dataclass(frozen=True, slots=True)
class Output:
    """One `--format`: the format and the file to write; None is stdout."""

    format: str
    file: str | None


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """How much to show, and whether in colour: `auto`, `always` or `never`."""

    color: str
    quiet: bool
    verbose: bool

    def style(self, stream: TextIO | None = None) -> Style:
        """Return the style for a stream, by default stdout."""
        stream = stream or sys.stdout
        colour = is_coloured(self.color, stream)
        return Style(colour=colour, full=self.verbose, quiet=self.quiet, hints=stream.isatty())


def _display(color: str | None, no_color: bool, quiet: bool, verbose: bool) -> DisplayOptions:
    return DisplayOptions(chosen_color(color, no_color=no_color), quiet, verbose)


debug_option: Final[Callable[[Any], Any]] = click.option(
    "--debug",
    is_flag=True,
    envvar="RECONCILER_DEBUG",
    expose_value=False,
    help="Add a traceback to error messages.",
)
"""--debug, which `reconciler.cli.main` looks for itself, as parsing the command line may be what fails."""

quiet_option: Final[Callable[[Any], Any]] = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    envvar="RECONCILER_QUIET",
    help="Errors and the summary only; nothing if there is nothing to report.",
)

verbose_option: Final[Callable[[Any], Any]] = click.option(
    "-v", "--verbose", is_flag=True, envvar="RECONCILER_VERBOSE", help="Long texts in full, and progress."
)

display_options = option_group(
    "display", _display, color_option, no_color_option, quiet_option, verbose_option, debug_option
)
"""--color, --no-color, -q, -v and --debug, as `display`."""


def format_option(*formats: str) -> Callable[[Any], Any]:
    """Declare --format F and --format F=FILE, as `outputs`."""

    def parse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
        outputs = [_output(value, formats) for value in values]
        on_stdout = [output for output in outputs if output.file is None]
        if len(on_stdout) > 1:
            message = "only one --format can go to stdout"
            raise UsageError(message, f"write the others to files: --format {on_stdout[1].format}=FILE")
        check_distinct_files(outputs)
        return tuple(outputs) if on_stdout else (Output("text", None), *outputs)

    return click.option(
        "--format",
        "outputs",
        multiple=True,
        metavar="FORMAT",
        callback=parse,
        shell_complete=lambda _context, _parameter, incomplete: _completed(incomplete, formats),
        help=f"{', '.join(formats[:-1])} or {formats[-1]}; FORMAT=FILE writes a file as well. Repeatable.",
    )


def _completed(incomplete: str, formats: tuple[str, ...]) -> "list[CompletionItem[str]]":
    """Return the formats; after `F=`, whatever files there are."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only completion needs it

    if "=" in incomplete:
        return [CompletionItem("", type="file")]
    return [CompletionItem(name) for name in formats if name.startswith(incomplete)]


def _output(value: str, formats: tuple[str, ...]) -> Output:
    name, equals, file = value.partition("=")
    if name not in formats:
        message = f"there is no format {name!r}"
        if name == METRICS:
            message = f"this command has no format {name}"
        raise UsageError(message, f"choose from {', '.join(formats)}")
    if equals and not file:
        message = f"--format {name}= needs a file name"
        raise UsageError(message, f"use --format {name}=FILE, or --format {name} for stdout")
    if file == "-":
        message = f"--format {value} would write a file named -"
        raise UsageError(message, f"use --format {name} for stdout, or --format {name}=./- for that file")
    if file:
        check_writable(f"--format {value}: {file}", file)
    return Output(name, file or None)


def check_distinct_files(outputs: Iterable[Output], **other_files: str | None) -> None:
    """Raise UsageError if two outputs are one file, or one output is the file of another option (name=value)."""
    options = {
        os.path.realpath(file): f"--{option} {file}"
        for option, file in other_files.items()
        if file and not _is_device(file)
    }
    for output in outputs:
        if output.file is None or _is_device(output.file):
            continue
        option = f"--format {output.format}={output.file}"
        if other := options.get(os.path.realpath(output.file)):
            message = f"{option} and {other} are the same file"
            raise UsageError(message, "use two files")
        options[os.path.realpath(output.file)] = option


def _is_device(file: str) -> bool:
    """Return whether a file takes one text after the other, as a pipe or a terminal does."""
    return Path(file).exists() and not Path(file).is_file()


def check_writable(option: str, file: str) -> None:
    """Raise UsageError for a folder and for a file in a missing folder, before anything is changed."""
    try:
        is_possible = Path(file).parent.is_dir() and not Path(file).is_dir()
    except OSError as failure:  # a name that is too long
        raise UsageError(f"{option}: {failure.strerror}", "choose another name") from failure
    if not is_possible:
        message = f"{option} is a folder, or its folder does not exist"
        raise UsageError(message, "choose a file in an existing folder")

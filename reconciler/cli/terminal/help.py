"""The layout of `--help`: the options by topic, then two examples and the exit codes.

Every option that is not hidden is listed exactly once. Examples are printed unwrapped, so that they can be copied from
a terminal of 60 columns or more.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import click

from reconciler.errors import ExitCode

_OWN: Final = "Options"
_LAST: Final = "Output"
_SHARED: Final = {
    "Backend's answer": ("lambda_result", "lambda_error", "status", "headers", "body", "mock", "backend"),
    "Request and API": ("request", "context", "stage_variables", "state", "api", "binary_media_types"),
    "Selection": ("config", "environments", "variables", "selectors", "changed_since", "only"),
    "AWS": ("region", "profile", "endpoint_url", "parallelism", "quota_share"),
    "Fleet": ("timeout", "target_timeout", "shard", "log_format"),
    "History and notifications": ("history", "notify"),
    "Remediation": ("remediate", "expect_revision", "oldest", "journal_of_remediation"),
    _LAST: ("outputs", "color", "no_color", "quiet", "verbose", "debug"),
}
"""Heading -> names of parameters; all others are the command's own."""

_HEADINGS: Final = {name: heading for heading, names in _SHARED.items() for name in names}

_EVERYWHERE: Final = {ExitCode.USAGE: "wrong usage", ExitCode.INTERRUPTED: "interrupted"}

WRONG_TARGET: Final = "refused: wrong account, or an API in two environments"
"""The meaning of exit code 4 where only AWS is read."""

_WIDEST_OPTION: Final = 26
"""Columns; the help of a longer option starts on the next line."""


class Example(NamedTuple):
    """A command line that works in the samples, and what it is for (without a full stop)."""

    purpose: str
    command: str


class Documented(click.Command):
    """A command whose help ends with examples and exit codes; 64 and 130 are added to those given."""

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's own
        examples: Sequence[Example] = (),
        exit_codes: Mapping[ExitCode, str] | None = None,
        **settings: Any,  # noqa: ANN401 - click's own
    ) -> None:
        super().__init__(*arguments, **settings)
        self.examples = tuple(examples)
        self.exit_codes = {**(exit_codes or {}), **_EVERYWHERE}

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the examples and the exit codes."""
        with formatter.section("Examples"):
            for number, example in enumerate(self.examples):
                formatter.write("\n" if number else "")
                formatter.write_text(f"{example.purpose}:")
                formatter.write(f"{'':{formatter.current_indent + 2}}{example.command}\n")
        with formatter.section("Exit codes"):
            formatter.write_dl([(f"{code:d}", meaning) for code, meaning in self.exit_codes.items()])


class CommandGroup(Documented, click.Group):
    """A command with commands of its own."""


class Command(Documented):
    """A command with its options listed by topic, or in one list where it shares none but those on output."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists; one without an option is left out."""
        rows: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (_OWN, *_SHARED)}
        help_option = self.get_help_option(ctx)
        for parameter in self.get_params(ctx):
            record = _record(parameter, ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                heading = _LAST if parameter is help_option else _HEADINGS.get(parameter.name or "", _OWN)
                rows[heading].append(record)
        if not any(rows[heading] for heading in _SHARED if heading != _LAST):
            rows = {_OWN: rows[_OWN] + rows[_LAST]}
        width = min(_WIDEST_OPTION, max(len(name) for records in rows.values() for name, _ in records))
        for heading, records in rows.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl([(name.ljust(width), text) for name, text in records], col_max=width)


def _record(option: click.Option, context: click.Context) -> tuple[str, str] | None:
    """Return the names and the help of an option, with its range and its default as words in the last sentence."""
    record = option.get_help_record(context)
    if record is None or not option.help:
        return record
    extra = option.get_help_extra(context)
    limits = "" if "default:" in option.help else _limits(option.type)  # a sentence of its own, which says enough
    words = [
        *([f", {limits}"] if limits else []),
        *([f"; default: {extra['default']}"] if "default" in extra else []),
        *(["; required"] if "required" in extra else []),
    ]
    return record[0], f"{option.help.removesuffix('.')}{''.join(words)}." if words else option.help


def _limits(kind: click.ParamType[Any]) -> str:
    if not isinstance(kind, click.IntRange | click.FloatRange) or kind.min is None or kind.max is None:
        return ""
    return f"{kind.min:g} to {kind.max:g}"

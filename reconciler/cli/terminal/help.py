"""How a command's options are listed: its own first, then those that many share, by what they are about.

Promise: every option that is not hidden stands in exactly one list.
"""

from typing import Final

import click

_OWN: Final = "Options"
_LAST: Final = "Output"
_SHARED: Final = {
    "Which manifests": ("config", "environments", "variables", "selectors", "changed_since", "only"),
    "How to reach AWS": ("region", "profile", "endpoint_url", "parallelism", "quota_share"),
    _LAST: ("outputs", "no_color", "quiet", "verbose", "debug"),
}
"""Heading -> names of parameters; what is in none is the command's own."""

_HEADINGS: Final = {name: heading for heading, names in _SHARED.items() for name in names}


class Grouped(click.Command):
    """A command with more options than one list can show."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists; one without an option is left out."""
        rows: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (_OWN, *_SHARED)}
        to_help = self.get_help_option(ctx)
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                heading = _LAST if parameter is to_help else _HEADINGS.get(parameter.name or "", _OWN)
                rows[heading].append(record)
        for heading, records in rows.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)

"""--history and --notify."""

from dataclasses import dataclass

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError
from reconciler.fleet.channel_name import ChannelName, parse_channel_name


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """Where the history is, None for nowhere, and the channels to notify."""

    history: str | None
    notify: tuple[ChannelName, ...] = ()


def _history(history: str | None, notify: tuple[str, ...]) -> HistoryOptions:
    if history is not None and not history.strip():
        message = "--history is empty"
        raise UsageError(message, "give it a folder or s3://BUCKET/PREFIX, or omit it")
    return HistoryOptions(history, tuple(dict.fromkeys(map(parse_channel_name, notify))))


history_options = option_group(
    "following",
    _history,
    click.option(
        "--history",
        metavar="DIR",
        envvar="RECONCILER_HISTORY",
        help="Keep each run in a folder or s3://BUCKET/PREFIX, and show what is new, known, resolved.",
    ),
    click.option(
        "--notify",
        multiple=True,
        metavar="KIND:NAME",
        envvar="RECONCILER_NOTIFY",
        help="Notify a channel of the configuration, as in webhook:ops. Repeatable.",
    ),
)
"""--history and --notify, as `following`."""

granted_history_options = option_group(
    "following",
    _history,
    click.option("--history", metavar="URL", help="Also allow what drift --history s3://BUCKET/PREFIX needs."),
    click.option(
        "--notify",
        multiple=True,
        metavar="KIND:NAME",
        help="Also allow what drift --notify sns:NAME needs. Repeatable.",
    ),
)
"""The same options of `iam-policy`. No variable sets them: a policy does not depend on where it is made."""

"""--history and --notify."""

from dataclasses import dataclass

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

_KINDS = ("webhook", "sns", "apprise")


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """Where the history is, None for nowhere, and the channels to notify, as KIND and NAME."""

    history: str | None
    notify: tuple[tuple[str, str], ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether either is given."""
        return self.history is not None or bool(self.notify)


class ChannelType(click.ParamType[str]):
    """`KIND:NAME`. Its message quotes nothing else: somebody may have written the URL of a channel."""

    name = "channel"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Return the text, if it has that form."""
        text = str(value).strip()
        kind, _, name = text.partition(":")
        if kind not in _KINDS or not name or "/" in name or "=" in name:
            message = "--notify takes a KIND:NAME of `notify` in reconciler.yaml, never a URL"
            raise UsageError(message, f"KIND is {', '.join(_KINDS[:-1])} or {_KINDS[-1]}: --notify webhook:ops")
        return text


def _history(history: str | None, notify: tuple[str, ...]) -> HistoryOptions:
    if history is not None and not history.strip():
        message = "--history is empty"
        raise UsageError(message, "give it a folder or s3://BUCKET/PREFIX, or omit it")
    channels = []
    for text in dict.fromkeys(notify):
        kind, _, name = text.partition(":")
        channels.append((kind, name))
    return HistoryOptions(history, tuple(channels))


history_options = option_group(
    "following",
    _history,
    click.option(
        "--history",
        metavar="DIR|S3-URL",
        envvar="RECONCILER_HISTORY",
        help="Keep each run in a folder or s3://BUCKET/PREFIX, and show what is new, known, resolved.",
    ),
    click.option(
        "--notify",
        multiple=True,
        type=ChannelType(),
        metavar="KIND:NAME",
        envvar="RECONCILER_NOTIFY",
        help="Notify a channel of the configuration, as in webhook:ops. Repeatable.",
    ),
)
"""--history and --notify, as `following`."""

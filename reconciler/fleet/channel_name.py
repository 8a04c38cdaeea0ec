"""The name of a channel on a command line: its kind, and its name in the configuration."""

from typing import Final, Literal, NamedTuple, TypeAlias

from reconciler.errors import UsageError

ChannelKind: TypeAlias = Literal["webhook", "sns", "apprise"]

CHANNEL_KINDS: Final[tuple[ChannelKind, ...]] = ("webhook", "sns", "apprise")


class ChannelName(NamedTuple):
    """Kind and name of a channel."""

    kind: ChannelKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse_channel_name(text: str) -> ChannelName:
    """Parse `KIND:NAME`. Raises UsageError, which quotes nothing: somebody may have written the URL of a channel."""
    kind, _, name = text.strip().partition(":")
    if kind not in CHANNEL_KINDS or not name or "/" in name or "=" in name:
        message = "--notify takes a KIND:NAME of `notify` in reconciler.yaml, never a URL"
        kinds = f"{', '.join(CHANNEL_KINDS[:-1])} or {CHANNEL_KINDS[-1]}"
        raise UsageError(message, f"KIND is {kinds}: --notify webhook:ops")
    return ChannelName(kind, name)

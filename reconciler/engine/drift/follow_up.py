"""What follows a drift run: the ages of its findings, the history, notifications.

`drift` and `report merge` call `begin` once the findings are known, and `finish` once everything else is known. How a
notification is worded is up to the caller, as texts are made in `views`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.config.channels import DEFAULT_KEEP, Channel
from reconciler.config.configuration import Configuration
from reconciler.config.projects import FoundProjects
from reconciler.engine.drift.history import History, load_history, recorded, with_ages
from reconciler.engine.drift.notify import Compose, OpenChannel, notified
from reconciler.engine.drift.result import Drift
from reconciler.engine.drift.scope import history_scope
from reconciler.engine.journal_location import known_projects
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError
from reconciler.fleet.channel_name import ChannelName
from reconciler.fleet.choice import ShardChoice
from reconciler.invocation import command_line
from reconciler.models.project_file import FILE_NAME
from reconciler.ports import Clock, Files, HistoryStore, Notifier
from reconciler.wording import did_you_mean

if TYPE_CHECKING:
    from reconciler.aws.s3_history import BucketPlace

_S3 = "s3://"


@dataclass(slots=True)
class FollowUp:
    """The steps that `--history` and `--notify` ask for; without them, they change nothing."""

    _load: Callable[[Drift], History] | None
    _channels: tuple[OpenChannel, ...]
    _compose: Compose
    _history: History | None = None

    def begin(self, drift: Drift) -> Drift:
        """Add the ages of the findings."""
        if self._load is None:
            return drift
        self._history = self._load(drift)
        return with_ages(drift, self._history)

    def finish(self, drift: Drift) -> Drift:
        """Store the run and notify."""
        if self._history:
            drift = recorded(drift, self._history)
        return notified(drift, self._history, self._channels, self._compose) if self._channels else drift


def follow_up(  # noqa: PLR0913, PLR0917 - the two options, and what they need
    place: str | None,
    names: Sequence[ChannelName],
    request: Request,
    files: Files,
    clock: Clock,
    compose: Compose,
) -> FollowUp:
    """Prepare the steps before anything is read, so that a wrong option is found first. Raises UsageError.

    `place` is that of the history, a folder or `s3://BUCKET/PREFIX`, None for no history; `names` are the channels.
    """
    if place is None and not names:
        return FollowUp(None, (), compose)
    if isinstance(request.choice, ShardChoice):
        raise UsageError(
            "--history and --notify are for a whole run, not for a shard of it",
            f"give them to {command_line('report', 'merge')}, which knows all shards",
        )
    found = known_projects(request, files)
    configurations = _configurations(found)
    channels = [
        OpenChannel(channel, partial(_open, channel, request, files, clock)) for channel in _channels(names, found)
    ]
    return FollowUp(_loader(place, request, configurations), tuple(channels), compose)


def _loader(
    place: str | None, request: Request, configurations: Sequence[Configuration]
) -> Callable[[Drift], History] | None:
    """Return a function that reads what the history has for the scope of a run."""
    if place is None:
        return None
    store = open_store(place, request)
    keep = max((configuration.history_keep for configuration in configurations), default=DEFAULT_KEEP)

    def load(drift: Drift) -> History:
        scope = drift.facts.scope or history_scope(request)
        return load_history(store, scope, is_partial=drift.facts.is_partial, keep=keep)

    return load


def open_store(place: str, request: Request) -> HistoryStore:
    """Return the place of a history. Raises UsageError for another URL than one of S3; it may have a secret."""
    bucket = bucket_of(place)
    if bucket is None:
        from reconciler.history import FolderHistory  # noqa: PLC0415 - either this or S3

        return FolderHistory(Path(place))
    from reconciler.aws.s3_history import S3History  # noqa: PLC0415 - boto3 costs 0.1 s

    return S3History(bucket, request.coordinates.profile, request.coordinates.region)


def bucket_of(place: str | None) -> "BucketPlace | None":
    """Return the bucket of a history in S3, None for a folder or no history. Raises UsageError for another URL."""
    if place is None or "://" not in place:
        return None
    if not place.startswith(_S3):
        message = "a history is in a folder or in s3://BUCKET/PREFIX, not at another URL"
        raise UsageError(message, "write it as in s3://my-bucket/drift")
    from reconciler.aws.s3_history import parse_bucket_place  # noqa: PLC0415 - boto3 costs 0.1 s

    return parse_bucket_place(place)


def find_channels(names: Sequence[ChannelName], request: Request, files: Files) -> list[Channel]:
    """Return the channels of these names. Raises UsageError."""
    return list(_channels(names, known_projects(request, files))) if names else []


def _configurations(found: FoundProjects) -> list[Configuration]:
    return [project.configuration for project in found.projects if project.configuration]


def _channels(names: Iterable[ChannelName], found: FoundProjects) -> Iterator[Channel]:
    channels = (_channel(name, _configurations(found), is_broken=found.is_broken) for name in names)
    return filter(None, channels)


def _channel(wanted: ChannelName, configurations: Sequence[Configuration], *, is_broken: bool) -> Channel | None:
    """Return a channel by its name; None if the configuration that may define it cannot be read, which is reported."""
    option = f"--notify {wanted}"
    found = {
        channel.location: channel
        for configuration in configurations
        if (channel := configuration.channels.get(wanted.name))
    }
    if len(found) > 1:
        places = " and ".join(map(str, found))
        raise UsageError(f"{option}: several configurations define {wanted.name!r}: {places}", "use different names")
    if not found:
        if is_broken:
            return None
        known = sorted({other.key for configuration in configurations for other in configuration.channels.values()})
        remedy = did_you_mean(str(wanted), known, f"define it under `notify` in {FILE_NAME}")
        raise UsageError(f"{option}: there is no channel {wanted.name!r}", remedy)
    channel = next(iter(found.values()))
    if channel.kind != wanted.kind:
        message = f"{option}: {wanted.name!r} is a channel of kind {channel.kind}"
        raise UsageError(message, f"use --notify {channel.key}")
    return channel


def _open(channel: Channel, request: Request, files: Files, clock: Clock) -> Notifier:
    """Open a channel. Raises NotificationError."""
    if channel.kind == "sns":
        from reconciler.aws.sns import Topic  # noqa: PLC0415 - boto3 costs 0.1 s

        return Topic(channel.topic, request.coordinates.profile)
    from reconciler.notify.secret import url_of_file, url_of_variable  # noqa: PLC0415 - few runs notify

    source, place = channel.url, channel.location
    if source is None or place is None:
        raise TypeError(f"{channel.key} has no URL")
    folder = Path(files.real(place.file)).parent
    url = url_of_variable(source.env, request.process) if source.env else url_of_file(folder / str(source.file))
    if channel.kind == "apprise":
        from reconciler.notify.apprise import AppriseNotifier  # noqa: PLC0415 - an optional dependency

        return AppriseNotifier(url)
    from reconciler.notify.webhook import Webhook  # noqa: PLC0415 - few runs notify

    return Webhook(url, clock)

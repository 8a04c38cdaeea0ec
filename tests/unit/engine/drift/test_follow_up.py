"""What --history and --notify ask for, before anything is read."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from reconciler.aws.s3_history import S3History
from reconciler.engine.drift.follow_up import FollowUp, follow_up, open_store
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError
from reconciler.fleet.channel_name import ChannelName
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.shard import Shard
from reconciler.history import FolderHistory
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.views.notification import drift_notification
from support.clock import FakeClock
from support.histories import FIRST, drift_at, target_drift

HEAD = "apiVersion: reconciler/v1\nkind: Config\n"
OPS = "notify: {ops: {kind: webhook, url: {env: RECONCILER_NOTIFY_OPS}}}\n"
OPS_CHANNEL = (ChannelName("webhook", "ops"),)


def prepared(request: Request, place: str | None = None, names: Sequence[ChannelName] = ()) -> FollowUp:
    """The steps of a run."""
    return follow_up(place, names, request, Disk(), FakeClock(), drift_notification({}))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_without_options_nothing_happens() -> None:
    """The result is the one that was given."""
    steps = prepared(Request())
    drift = drift_at(FIRST, target_drift("404"))

    assert drift is steps.finish(steps.begin(drift))


def test_two_channels_of_one_name_are_refused(folder: Path) -> None:
    """Either configuration could be meant."""
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "reconciler.yaml").write_text(HEAD + OPS)
    request = Request(("a/reconciler.yaml", "b/reconciler.yaml"))

    with pytest.raises(UsageError, match=r"several configurations define 'ops': a/\S+:3:10 and b/"):
        prepared(request, names=OPS_CHANNEL)


def test_a_broken_configuration_is_reported_by_the_run(folder: Path) -> None:
    """Its channels are unknown, which is no wrong usage."""
    (folder / "reconciler.yaml").write_text(f"{HEAD}odd: 1\n{OPS}")
    steps = prepared(Request(), names=OPS_CHANNEL)
    drift = drift_at(FIRST)

    assert drift is steps.finish(drift)


@pytest.mark.parametrize(("place", "names"), [(None, OPS_CHANNEL), ("history", ())])
def test_a_shard_has_neither(place: str | None, names: Sequence[ChannelName]) -> None:
    """The error names the command that has."""
    request = Request(choice=ShardChoice(Shard(1, 3)))

    with pytest.raises(UsageError, match=r"not for a shard of it") as caught:
        prepared(request, place, names)
    assert "give them to reconciler report merge, which knows all shards" == caught.value.remedy


def test_a_history_is_in_a_folder_or_in_a_bucket() -> None:
    """By its name."""
    request = Request(coordinates=Coordinates("eu-west-1", "ops"))

    assert isinstance(open_store("s3://my-bucket/a", request), S3History)
    assert isinstance(open_store("s3", request), FolderHistory)


@pytest.mark.parametrize("place", ["https://example.com/T0K3N", "gs://bucket/prefix", "S3://bucket/prefix"])
def test_a_history_is_at_no_other_url(place: str) -> None:
    """It would be a folder of that name; it may have a secret, so it is not quoted."""
    with pytest.raises(UsageError, match="not at another URL") as caught:
        open_store(place, Request())
    assert place not in str(caught.value)

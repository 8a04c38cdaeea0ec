"""The ports of a command that talks to AWS."""

import pytest

from reconciler.aws.session import AwsCloud
from reconciler.cli import session as module
from reconciler.cli.options.aws import AwsOptions
from reconciler.engine.load.request import Request
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.shard import Shard
from reconciler.models.targets import Coordinates


@pytest.mark.parametrize(("share", "used"), [(0.5, 0.125), (None, None)])
def test_shards_use_the_quota_together(
    monkeypatch: pytest.MonkeyPatch, share: float | None, used: float | None
) -> None:
    """Each of four takes a quarter of the share; without a limit there is none."""
    shares: list[float | None] = []

    def cloud(clock: object, stop: object, quota_share: float | None, parallelism: int) -> AwsCloud:
        shares.append(quota_share)
        return AwsCloud(clock, stop, quota_share, parallelism)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "AwsCloud", cloud)
    options = AwsOptions(Coordinates(), 8, share)
    for request in (Request(), Request(choice=ShardChoice(Shard(2, 4)))):
        with module.session(options, request):
            pass

    assert [share, used] == shares

"""Choices: every API is in exactly one shard, whatever its environment and its manifests are called."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.fleet.choice import ShardChoice, shard_of
from reconciler.fleet.shard import Shard
from reconciler.models.targets import Kind, Target
from support.live import TARGET

TARGETS = st.builds(
    Target,
    account_id=st.from_regex(r"[0-9]{12}", fullmatch=True),
    region=st.sampled_from(("eu-west-1", "us-east-1")),
    api_id=st.from_regex(r"[a-z0-9]{10}", fullmatch=True),
    kind=st.sampled_from(Kind),
)


@given(target=TARGETS, count=st.integers(1, 50))
def test_every_api_is_in_one_shard(target: Target, count: int) -> None:
    """None is left out, none is read twice."""
    choices = [ShardChoice(Shard(index, count)) for index in range(1, count + 1)]

    assert [choice.covers(target) for choice in choices].count(True) == 1


def test_names_do_not_matter() -> None:
    """An API stays in its shard when its environment or the API is renamed."""
    renamed = replace(TARGET, environment="prod", api_name="other", stack="stack")

    assert shard_of(TARGET, 7) == shard_of(renamed, 7)


def test_shards_stay_the_same_between_versions() -> None:
    """The jobs of a run may start with two versions; the number is that of `sha256sum`, modulo 1000."""
    assert shard_of(Target("123456789012", "eu-west-1", "a1b2c3d4e5"), 1000) == 801


def test_shards_are_of_about_the_same_size() -> None:
    """Of 4,000 APIs in 4 shards, each has 1,000 give or take a tenth."""
    counts = Counter(shard_of(replace(TARGET, api_id=f"api{number:07}"), 4) for number in range(4000))

    assert all(900 < count < 1100 for count in counts.values())


def test_what_is_not_found_is_reported_by_every_shard() -> None:
    """No shard knows whose it is."""
    choices = [ShardChoice(Shard(index, 3)) for index in (1, 2, 3)]

    assert all(choice.covers_unread("prod", "eu-west-1", "petstore") for choice in choices)

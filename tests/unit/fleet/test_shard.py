"""Shards: which part of the targets a run covers, written out or taken from the variables of a scheduler."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.fleet.shard import Shard, parse_shard

KUBERNETES = {"JOB_COMPLETION_INDEX": "1", "RECONCILER_SHARD_COUNT": "3"}
BATCH = {"AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "3"}
GITLAB = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}
SLURM = {"SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_MIN": "11", "SLURM_ARRAY_TASK_COUNT": "3"}


@given(count=st.integers(1, 100_000), data=st.data())
def test_a_shard_reads_as_it_prints(count: int, data: st.DataObject) -> None:
    """`I/N` names part I of N."""
    shard = Shard(data.draw(st.integers(1, count)), count)

    assert parse_shard(f" {shard} ", {}) == shard


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    """Whatever is no shard is a usage error, never another exception."""
    try:
        shard = parse_shard(text, {})
    except UsageError:
        return

    assert 1 <= shard.index <= shard.count


@pytest.mark.parametrize(
    "text", ["0/3", "4/3", "1/0", "0/0", "-1/3", "1/100001", "1/3/3", "1", "", "/", "\u0661/\u0663", "1.0/3"]
)
def test_a_shard_out_of_range_is_refused(text: str) -> None:
    """There is no part 0, none beyond the last, and no run of no parts."""
    with pytest.raises(UsageError):
        parse_shard(text, {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "1"})


@pytest.mark.parametrize(
    "variables",
    [
        KUBERNETES,
        BATCH,
        {"AWS_BATCH_JOB_ARRAY_INDEX": "1", "RECONCILER_SHARD_COUNT": "3"},
        {**BATCH, "RECONCILER_SHARD_COUNT": "3"},
        GITLAB,
        SLURM,
        {**SLURM, "SLURM_ARRAY_TASK_ID": "15", "SLURM_ARRAY_TASK_STEP": "4"},
        {**KUBERNETES, **GITLAB},
        {**GITLAB, "JOB_COMPLETION_INDEX": ""},
    ],
)
def test_auto_takes_the_part_of_a_scheduler(variables: Mapping[str, str]) -> None:
    """Kubernetes and AWS Batch count from 0, GitLab from 1, Slurm from the array's first id; all of these agree."""
    assert parse_shard("Auto", variables) == Shard(2, 3)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "none of JOB_COMPLETION_INDEX"),
        ({"CI_NODE_TOTAL": "1"}, "GitLab sets CI_NODE_INDEX for jobs with `parallel`"),
        ({"RECONCILER_SHARD_COUNT": "3"}, "none of"),
        ({"JOB_COMPLETION_INDEX": "0"}, "RECONCILER_SHARD_COUNT is not"),
        ({"AWS_BATCH_JOB_ARRAY_INDEX": "0"}, "neither AWS_BATCH_JOB_ARRAY_SIZE nor RECONCILER_SHARD_COUNT"),
        ({"CI_NODE_INDEX": "1"}, "CI_NODE_TOTAL is not"),
        ({"SLURM_ARRAY_TASK_ID": "1"}, "SLURM_ARRAY_TASK_COUNT is not"),
        ({"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "1"}, "SLURM_ARRAY_TASK_MIN is not"),
        ({**SLURM, "SLURM_ARRAY_TASK_STEP": "2"}, "the array has gaps"),
        ({**SLURM, "SLURM_ARRAY_TASK_STEP": "0"}, "the array has gaps"),
        ({**SLURM, "SLURM_ARRAY_TASK_ID": "10"}, "no shard 0/3"),
        ({**BATCH, "RECONCILER_SHARD_COUNT": "4"}, "contradict"),
        ({**BATCH, "AWS_BATCH_JOB_ARRAY_SIZE": "0"}, "the number of shards is 0"),
        ({**KUBERNETES, "JOB_COMPLETION_INDEX": "3"}, "JOB_COMPLETION_INDEX=3, RECONCILER_SHARD_COUNT=3"),
        ({**KUBERNETES, "JOB_COMPLETION_INDEX": "first"}, "JOB_COMPLETION_INDEX='first' is not a number"),
        ({**KUBERNETES, "JOB_COMPLETION_INDEX": "-1"}, "is not a number"),
        ({**GITLAB, "CI_NODE_INDEX": "9" * 5000}, "is not a number"),
        ({**KUBERNETES, **GITLAB, "CI_NODE_INDEX": "1"}, "2/3 from JOB_COMPLETION_INDEX and 1/3 from CI_NODE_INDEX"),
    ],
)
def test_auto_never_guesses(variables: Mapping[str, str], words: str) -> None:
    """Variables that are missing, wrong or contradictory are a usage error that names them."""
    with pytest.raises(UsageError) as caught:
        parse_shard("auto", variables)

    assert words in caught.value.message
    assert caught.value.remedy

"""The part of the targets that one of several runs covers, and how a run learns which part is its own.

`--shard auto` takes the part from the variables that a system of parallel jobs sets. They are the ones that Kubernetes
(Indexed Job), AWS Batch (array job), GitLab (`parallel`) and Slurm (job array) document.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from reconciler.errors import UsageError

AUTO: Final = "auto"
COUNT: Final = "RECONCILER_SHARD_COUNT"

MOST_SHARDS: Final = 100_000
_SHARD: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_EXPLICIT: Final = "or write --shard I/N"

Variables: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` (from 1) of `count`."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


def parse_shard(text: str, variables: Variables) -> Shard:
    """Return the part that `I/N` names, or `auto` with the variables of the process.

    Variables of two systems must give the same part: to pick one of them could leave targets to no run at all. Raises
    UsageError.
    """
    words = text.strip()
    if words.lower() == AUTO:
        return _automatic(variables)
    if not (numbers := _SHARD.fullmatch(words)):
        raise UsageError(f"{_named(text)} is not a shard", "write I/N, as in 2/3 for the second of three, or auto")
    return _checked(int(numbers[1]), int(numbers[2]), "--shard")


class _System(NamedTuple):
    """A system of parallel jobs: the variable with the number of a `job`, and how to read the part from all of them."""

    job: str
    read: Callable[[Variables], Shard]


def _automatic(variables: Variables) -> Shard:
    parts = {system: system.read(variables) for system in _SYSTEMS if _has(variables, system.job)}
    if not parts:
        names = ", ".join(system.job for system in _SYSTEMS)
        message = f"--shard auto finds no part in the environment: none of {names} is set"
        hint = "; GitLab sets CI_NODE_INDEX for jobs with `parallel`" if _has(variables, "CI_NODE_TOTAL") else ""
        raise UsageError(f"{message}{hint}", "write --shard I/N, as in --shard 2/3")
    if len(set(parts.values())) > 1:
        readings = " and ".join(f"{part} from {system.job}" for system, part in parts.items())
        raise UsageError(f"--shard auto finds several parts: {readings}", "write --shard I/N, or unset the others")
    return next(iter(parts.values()))


def _kubernetes(variables: Variables) -> Shard:
    if not _has(variables, COUNT):
        message = f"JOB_COMPLETION_INDEX is set, but {COUNT} is not"
        raise UsageError(message, f"set {COUNT} to the `completions` of the Job, {_EXPLICIT}")
    return _from_zero(variables, "JOB_COMPLETION_INDEX", COUNT)


def _batch(variables: Variables) -> Shard:
    counts = [name for name in ("AWS_BATCH_JOB_ARRAY_SIZE", COUNT) if _has(variables, name)]
    if not counts:
        message = f"AWS_BATCH_JOB_ARRAY_INDEX is set, but neither AWS_BATCH_JOB_ARRAY_SIZE nor {COUNT} is"
        raise UsageError(message, f"set {COUNT} to the size of the array job, {_EXPLICIT}")
    if len({_number(variables, name) for name in counts}) > 1:
        message = f"AWS_BATCH_JOB_ARRAY_SIZE={variables[counts[0]]} and {COUNT}={variables[counts[1]]} contradict"
        raise UsageError(message, f"unset {COUNT}: AWS Batch sets the size of the array job")
    return _from_zero(variables, "AWS_BATCH_JOB_ARRAY_INDEX", counts[0])


def _gitlab(variables: Variables) -> Shard:
    if not _has(variables, "CI_NODE_TOTAL"):
        message = "CI_NODE_INDEX is set, but CI_NODE_TOTAL is not"
        raise UsageError(message, f"set CI_NODE_TOTAL to the number of jobs, {_EXPLICIT}")
    index, count = _number(variables, "CI_NODE_INDEX"), _number(variables, "CI_NODE_TOTAL")
    return _checked(index, count, _readings(variables, "CI_NODE_INDEX", "CI_NODE_TOTAL"))


def _slurm(variables: Variables) -> Shard:
    """Read a job array; its ids are `_MIN`, `_MIN + _STEP` and so on."""
    missing = [name for name in ("SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN") if not _has(variables, name)]
    if missing:
        message = f"SLURM_ARRAY_TASK_ID is set, but {missing[0]} is not"
        raise UsageError(message, f"run it as a job array: sbatch --array=1-N, {_EXPLICIT}")
    step = _number(variables, "SLURM_ARRAY_TASK_STEP") if _has(variables, "SLURM_ARRAY_TASK_STEP") else 1
    count = _number(variables, "SLURM_ARRAY_TASK_COUNT")
    offset = _number(variables, "SLURM_ARRAY_TASK_ID") - _number(variables, "SLURM_ARRAY_TASK_MIN")
    if not step or offset % step:
        readings = _readings(variables, "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP")
        raise UsageError(f"{readings}: the array has gaps", "number the jobs without gaps: sbatch --array=1-N")
    names = ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT")
    return _checked(offset // step + 1, count, _readings(variables, *names))


_SYSTEMS: Final = (
    _System("JOB_COMPLETION_INDEX", _kubernetes),
    _System("AWS_BATCH_JOB_ARRAY_INDEX", _batch),
    _System("CI_NODE_INDEX", _gitlab),
    _System("SLURM_ARRAY_TASK_ID", _slurm),
)


def _from_zero(variables: Variables, index: str, count: str) -> Shard:
    readings = _readings(variables, index, count)
    return _checked(_number(variables, index) + 1, _number(variables, count), readings)


def _checked(index: int, count: int, source: str) -> Shard:
    if not 1 <= count <= MOST_SHARDS:
        message = f"{source}: the number of shards is {count:,}"
        raise UsageError(message, f"choose a number from 1 to {MOST_SHARDS:,}")
    if not 1 <= index <= count:
        remedy = "choose 1/1" if count == 1 else f"choose from 1/{count} to {count}/{count}"
        raise UsageError(f"{source}: there is no shard {index}/{count}", remedy)
    return Shard(index, count)


def _number(variables: Variables, name: str) -> int:
    text = variables[name].strip()
    if not _NUMBER.fullmatch(text):
        raise UsageError(f"{name}={_named(text)} is not a number", f"correct the variable, {_EXPLICIT}")
    return int(text)


def _readings(variables: Variables, *names: str) -> str:
    """Return the variables that are set, as texts for a message."""
    return ", ".join(f"{name}={variables[name].strip()}" for name in names if _has(variables, name))


def _has(variables: Variables, name: str) -> bool:
    """Whether a variable is set; an empty one is not."""
    return bool(variables.get(name, "").strip())


def _named(text: str) -> str:
    return repr(text[:40])

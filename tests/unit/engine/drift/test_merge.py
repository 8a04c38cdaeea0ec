"""Merge: the parts of a sharded run are the run over everything, and nothing else is merged."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.drift.merge import merge
from reconciler.engine.drift.parts import ReportError, ShardReport, understood
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import ExitCode
from reconciler.fleet.blame import Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import Shard
from reconciler.ports import Usage
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.drift import drift_json
from support.fleets import FLEETS, NAMES, SITES, Fleet, World


def merged(drifts: Sequence[Drift]) -> Drift:
    """The parts, written and read back, as one."""
    return merge([ShardReport(name, understood(drift_json(drift).encode(), name)) for name, drift in named(drifts)])


def named(drifts: Sequence[Drift]) -> list[tuple[str, Drift]]:
    """The parts with the names of their files, the last one first."""
    return [(f"{number}.json", drift) for number, drift in enumerate(drifts, 1)][::-1]


def without_times(drift: Drift) -> dict[str, Any]:
    """The report without what differs between two runs over the same."""
    document = document_of_drift(drift).model_dump(exclude={"created_at", "run"})
    for target in document["targets"]:
        for name in ("seconds", "calls", "throttles"):
            del target[name]
    return document


@settings(max_examples=25)
@given(fleet=FLEETS, count=st.integers(1, 5))
def test_the_parts_of_a_run_are_the_run(fleet: Fleet, count: int) -> None:
    """N shards merge to the report of one run but for times: findings, errors, warnings, counts, and their order."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(fleet, Path(folder))

        assert without_times(merged(world.parts(count))) == without_times(world.drift())


ALL_DIFFER = Fleet({(name, site): "changed" for name in NAMES for site in SITES})


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A fleet of nine APIs that all differ."""
    return World(ALL_DIFFER, tmp_path)


@pytest.fixture
def parts(world: World) -> list[ShardReport]:
    """Its run in three shards."""
    return [ShardReport(f"{number}.json", drift) for number, drift in enumerate(world.parts(3), 1)]


def refusal(parts: Sequence[ShardReport]) -> str:
    """Why these parts are not merged."""
    with pytest.raises(ReportError) as caught:
        merge(parts)
    return caught.value.message


def with_facts(part: ShardReport, **facts: object) -> ShardReport:
    """The same part with other facts."""
    return replace(part, drift=replace(part.drift, facts=replace(part.drift.facts, **facts)))  # type: ignore[arg-type] # fields of the facts


def test_a_missing_part_is_named(parts: list[ShardReport]) -> None:
    """Half a fleet must not look in sync."""
    assert refusal([parts[0], parts[2]]) == "part 2/3 is missing (of the run of 1.json, 3.json)"


def test_many_missing_parts_are_counted(parts: list[ShardReport]) -> None:
    """The message stays short."""
    first = with_facts(parts[0], shard=Shard(1, 1000))

    assert refusal([first]) == (
        "part 2/1000, 3/1000, 4/1000, 5/1000, 6/1000 and 994 more is missing (of the run of 1.json)"
    )


def test_a_doubled_part_is_named(parts: list[ShardReport]) -> None:
    """A job that ran twice, or a glob that matches a copy."""
    assert refusal([*parts, replace(parts[1], file="copy.json")]) == "2.json and copy.json are both part 2/3"


def test_a_part_of_another_count_is_named(parts: list[ShardReport]) -> None:
    """The scheduler's setting changed between two runs."""
    other = with_facts(parts[1], shard=Shard(2, 4))

    assert refusal([parts[0], other, parts[2]]) == "2.json is one of 4 parts, but 1.json is one of 3"


@pytest.mark.parametrize("options", [{"only": ("petstore: *",)}, {"stages": ("live",)}, {"environments": ("dev",)}])
def test_a_part_of_another_configuration_is_named(
    world: World, parts: list[ShardReport], options: dict[str, tuple[str, ...]]
) -> None:
    """One shard ran with other options."""
    other = ShardReport("other.json", world.drift(Shard(2, 3), **options))

    assert refusal([parts[0], other, parts[2]]) == (
        "other.json was made with another configuration, manifests, options or version than 1.json"
    )


def test_parts_before_and_after_a_change_of_a_manifest_are_not_merged(
    world: World, parts: list[ShardReport], tmp_path: Path
) -> None:
    """One shard checked out another commit."""
    (tmp_path / "users.yaml").unlink()
    other = ShardReport("other.json", world.drift(Shard(3, 3)))

    assert refusal([*parts[:2], other]).startswith("other.json was made with another configuration")


def test_the_report_of_a_whole_run_is_no_part(world: World, parts: list[ShardReport]) -> None:
    """As when the merged report is in the folder of the parts."""
    whole = ShardReport("merged.json", world.drift())

    assert refusal([*parts, whole]) == "merged.json is the report of a whole run, made without --shard"


def begun(part: ShardReport, start: str) -> ShardReport:
    """The same part, of another time."""
    return replace(part, drift=replace(part.drift, created_at=start))


def test_a_part_left_over_from_an_earlier_run_is_named(parts: list[ShardReport]) -> None:
    """A job that failed today leaves the report of yesterday where the merge finds it."""
    days = ("2026-01-31T06:00:00Z", "2026-01-30T06:00:00Z", "2026-01-31T06:01:00Z")
    mixed = [begun(part, day) for part, day in zip(parts, days, strict=True)]

    expected = "2.json is of 2026-01-30T06:00:00Z, 1.json of 2026-01-31T06:00:00Z, more than 12 hours later"
    assert expected == refusal(mixed)


def test_jobs_may_wait_for_each_other(parts: list[ShardReport]) -> None:
    """A scheduler with few machines runs the shards one after the other."""
    times = ("2026-01-31T00:00:00Z", "2026-01-31T11:00:00Z", "2026-01-31T22:00:00Z")

    assert merge([begun(part, time) for part, time in zip(parts, times, strict=True)]).targets


def test_a_part_that_does_not_say_its_run_is_named(parts: list[ShardReport]) -> None:
    """It could be any run's."""
    assert refusal([with_facts(parts[0], configuration="")]) == "1.json does not say which run it belongs to"


def test_an_api_in_two_parts_is_named(parts: list[ShardReport]) -> None:
    """No two shards read one API."""
    both = replace(parts[0].drift, targets=(*parts[0].drift.targets, *parts[1].drift.targets))

    assert refusal([replace(parts[0], drift=both), *parts[1:]]).startswith("1.json and 2.json both have RestApi ")


def test_one_shard_is_a_run(world: World) -> None:
    """1/1 covers everything."""
    assert len(merge([ShardReport("1.json", world.drift(Shard(1, 1)))]).targets) == len(ALL_DIFFER.live)


def test_a_shard_without_apis_is_in_sync(world: World) -> None:
    """More shards than APIs leave some without work, which is fine."""
    parts = world.parts(40)
    empty = [part for part in parts if not part.targets]

    assert empty
    assert {part.exit_code for part in empty} == {ExitCode.OK}
    assert merged(parts).summary.changed == len(ALL_DIFFER.live)


def test_a_failure_of_one_shard_hides_no_api(world: World, parts: list[ShardReport]) -> None:
    """What a shard could not reach is an error of the run, unless it was another shard's and that one has read it."""
    count = next(index for index, part in enumerate(parts) if len(part.drift.targets) > 1)
    world.cloud.plane(SITES[0][2]).faults.always(access_denied("GET", "/restapis"), "GetRestApis")
    failed = replace(parts[count], drift=world.drift(Shard(count + 1, 3)))
    drift = merge([failed if index == count else part for index, part in enumerate(parts)])
    here = [target.target for target in parts[count].drift.targets if target.target.region == SITES[0][2]]
    lost = [api for api in here if api.environment == SITES[0][0]]

    assert sorted(name for failure in drift.unread for name in failure.manifests) == sorted(
        str(api.api_name) for api in lost
    )
    assert len(drift.targets) == len(ALL_DIFFER.live) - len(lost)


def test_broken_manifests_are_reported_once(world: World, tmp_path: Path) -> None:
    """Every shard checks all manifests."""
    (tmp_path / "broken.yaml").write_text("kind: [", encoding="utf-8")
    drift = merged(world.parts(3))

    assert (1, ExitCode.FAILED) == (drift.summary.errors, drift.exit_code)


def test_an_ignore_rule_is_idle_if_no_shard_uses_it(tmp_path: Path) -> None:
    """One shard may have all that a rule matches."""
    world = World(replace(ALL_DIFFER, live=dict.fromkeys(ALL_DIFFER.live, "unexpected")), tmp_path)
    idle = [diagnostic.message for diagnostic in merged(world.parts(5)).diagnostics]

    assert idle == ["the ignore rule for `users: * 599` matches nothing in prod, dev"]


def test_only_that_matches_in_one_shard_is_fine(world: World) -> None:
    """The others have nothing of it."""
    drift = merged(world.parts(5, only=("users: *",)))

    assert (3, {"idle-ignore"}) == (drift.summary.changed, {diagnostic.rule for diagnostic in drift.diagnostics})


def test_only_that_matches_in_no_shard_is_an_error(world: World) -> None:
    """As it is in a run over everything."""
    parts = [ShardReport(name, drift) for name, drift in named(world.parts(2, only=("nobody: *",)))]

    assert refusal(parts) == "in all shards, --only 'nobody: *' matches no response"


def test_times_and_calls_add_up(parts: list[ShardReport]) -> None:
    """A run lasts from the first start to the last end."""
    starts = ("2026-01-31T06:00:10Z", "2026-01-31T06:00:00Z", "2026-01-31T06:00:05Z")
    timed = [
        with_facts(replace(part, drift=replace(part.drift, created_at=start)), run=RunFacts(20.0, Usage(10, 1)))
        for part, start in zip(parts, starts, strict=True)
    ]
    drift = merge(timed)

    assert ("2026-01-31T06:00:00Z", RunFacts(30.0, Usage(30, 3))) == (drift.created_at, drift.facts.run)


def test_a_part_that_was_stopped_is_named(parts: list[ShardReport]) -> None:
    """The merged report says which."""
    stopped = with_facts(parts[1], run=RunFacts(stopped="interrupted"))

    assert merge([parts[0], stopped, parts[2]]).facts.run.stopped == "shard 2/3: interrupted"


def test_blames_and_coverage_are_kept(parts: list[ShardReport]) -> None:
    """Each shard knows those of its findings; the coverage is that of the accounts, whoever counted it."""
    blamed = [
        with_facts(part, blames={part.file: Blame(note=part.file)}, coverage=coverage)
        for part, coverage in zip(parts, (None, CoverageCount(9, 8), CoverageCount(9, 8)), strict=True)
    ]
    facts = merge(blamed).facts

    assert (["1.json", "2.json", "3.json"], CoverageCount(9, 8)) == (sorted(facts.blames or ()), facts.coverage)


def test_a_shard_reaches_only_what_it_may_need(tmp_path: Path) -> None:
    """APIs that are named by id in an account that is known need no connection from the other shards."""
    world = World(replace(ALL_DIFFER, by_id=frozenset(NAMES)), tmp_path)
    reached = []
    for index in range(1, 41):
        world.cloud.asked.clear()
        drift = world.drift(Shard(index, 40))
        here = any(target.target.environment == "prod" for target in drift.targets)
        reached.append((here, any(asked.profile == "other" for asked in world.cloud.asked)))

    assert {(True, True), (False, False)} == set(reached)

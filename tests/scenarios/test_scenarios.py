"""Whole stories: `NNN-name/` has a manifest, what is live, and the plan that a reviewer reads.

In `before/` there may be the manifest as it was where the branch began: then the plan is told beside it.
A new story needs no Python. With RECONCILER_UPDATE_SCENARIOS=1 the tests write what they see, for a look at `git diff`.
"""

import os
import threading
from pathlib import Path

import pytest

from reconciler.engine.apply import Context, apply
from reconciler.engine.drift.drift import drift
from reconciler.engine.plan import Request, plan
from reconciler.engine.read.baseline import BaseRevision
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.render.style import Style
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.views.drift import drift_text
from reconciler.views.plan import plan_text
from support.apis import from_json
from support.clock import FakeClock
from support.elsewhere import Elsewhere
from support.runs import Journal

HERE = Path(__file__).parent
STORIES = sorted(path.parent for path in HERE.glob("*/manifest.yaml"))


@pytest.fixture(params=STORIES, ids=lambda path: path.name)
def story(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A story's folder, which is the current one while it is told."""
    folder: Path = request.param
    monkeypatch.chdir(folder)
    return folder


def told(folder: Path, name: str, seen: str) -> str:
    """What the story says, or is to say from now on."""
    file = folder / name
    if os.environ.get("RECONCILER_UPDATE_SCENARIOS"):
        file.write_text(seen, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def base_of(folder: Path) -> BaseRevision | None:
    """What the branch started from, of a story that tells it."""
    return BaseRevision("main", Elsewhere(folder / "before")) if (folder / "before").is_dir() else None


def test_plan_reads_as_told(story: Path) -> None:
    """The plan, as text, is the story's `plan.txt`."""
    cloud = InMemoryCloud()
    from_json(cloud.plane(), story / "live.json")
    planned = plan(Request(("manifest.yaml",)), cloud, Disk(), FakeClock(), base_of(story))
    text = plan_text(planned, Style())
    seen = f"{text}\n(exit code {planned.exit_code(detailed=True):d})\n"

    assert told(story, "plan.txt", seen) == seen


def test_drift_reads_as_told(story: Path) -> None:
    """The drift, as text, is the story's `drift.txt`."""
    cloud = InMemoryCloud()
    from_json(cloud.plane(), story / "live.json")
    found = drift(Request(("manifest.yaml",)), cloud, Disk(), FakeClock())
    seen = f"{drift_text(found, Style())}\n(exit code {found.exit_code:d})\n"

    assert told(story, "drift.txt", seen) == seen


def test_apply_ends_as_the_plan_promises(story: Path) -> None:
    """What may run is applied and leaves no changes; what may not writes nothing."""
    cloud = InMemoryCloud()
    from_json(cloud.plane(), story / "live.json")
    request = Request(("manifest.yaml",))
    world = Context(cloud, Disk(), FakeClock(), Journal(), threading.Event(), base_of(story))
    applied = apply(request, world, None)
    writes = len(cloud.plane().calls.writes())
    again = plan(request, cloud, Disk(), FakeClock())

    if applied.planned.may_run:
        assert (ExitCode.OK, True) == (applied.exit_code, again.plan.is_empty)
    else:
        assert 0 == writes

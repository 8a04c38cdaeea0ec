"""Plans made and run in memory."""

import threading

from reconciler.apply import Executor, Outcome
from reconciler.models.desired import Desired
from reconciler.models.targets import Coordinates, Target
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.actions import Action
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import read


class Journal:
    """A `ports.RunLog` that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, ...]] = []

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Remember."""
        self.lines.append(("started", target.api_id, action_id, address))

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Remember."""
        self.lines.append(("finished", target.api_id, action_id, outcome, detail))

    def deploying(self, target: Target, stage: str) -> None:
        """Remember."""
        self.lines.append(("deploying", target.api_id, stage))

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        """Remember."""
        self.lines.append(("deployed", target.api_id, stage, str(before), str(after), detail))


class StopAfter:
    """A stop signal that is set once it was asked so many times."""

    def __init__(self, times: int) -> None:
        self._left = times

    def is_set(self) -> bool:
        """Whether that is so."""
        self._left -= 1
        return self._left < 0


def planned(cloud: InMemoryCloud, api_id: str, desired: Desired) -> TargetPlan:
    """The plan against what the API holds now."""
    return make_plan(desired, read(cloud, api_id))


def run(cloud: InMemoryCloud, one: TargetPlan, steps: int | None = None) -> list[Outcome]:
    """Run a plan, all of it or its first steps."""
    connection = cloud.connect(Coordinates())
    stop = threading.Event() if steps is None else StopAfter(steps)
    executor = Executor(one.target, connection.reader, connection.open_writer(), Journal(), stop)
    return list(executor.run(numbered(one)))


def numbered(one: TargetPlan) -> list[tuple[str, Action]]:
    """The actions with their ids."""
    return [(action_id, action) for action_id, _, action in Plan((one,)).numbered()]

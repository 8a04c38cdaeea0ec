"""Deploy one API, to one stage or several.

One deployment is made, and all stages serve it: two deployments could be copies of different drafts. Nothing is decided
here: the stages are those that are due. A lost answer is settled by the deployment that the stage serves and its
description; the call is sent again only if the stage still serves the previous deployment. Deployments that AWS makes
later (WebSocket: PENDING) are waited for, with a limit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from reconciler.apply.calls import ObservedEffect, outcome
from reconciler.apply.outcomes import ActionResult, ResultDetail
from reconciler.deployments import StagePlan
from reconciler.errors import AwsError, Interrupted, JournalError
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target
from reconciler.ports import Clock, Reader, RunLog, StopSignal, Writer

_PATIENCE: Final = 60.0
"""Seconds to wait for a deployment that AWS calls PENDING."""

_BETWEEN: Final = 2.0
_LOOKS: Final = (1.0, 2.0, 4.0)
"""Seconds between reads of a stage after a lost answer: it may serve the deployment a little later."""


@dataclass(frozen=True, slots=True)
class Published:
    """The result for a stage, with the ids of the deployments `before` and `after`, "" for none or unknown.

    `is_verified` False: the stage was not confirmed to serve the draft. `unlogged`: why the journal has no entry.
    """

    stage: StagePlan
    before: str
    after: str
    result: ActionResult
    detail: str = ""
    is_verified: bool = True
    unlogged: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the stage serves the draft."""
        return self.result in {ActionResult.APPLIED, ActionResult.SKIPPED} and self.is_verified

    @property
    def is_open(self) -> bool:
        """Whether the stage may serve the draft, but that is not confirmed."""
        return self.result is ActionResult.UNKNOWN or (self.result is not ActionResult.FAILED and not self.is_verified)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Makes deployments of one target."""

    target: Target
    reader: Reader
    writer: Writer
    clock: Clock
    log: RunLog
    stop: StopSignal

    def run(self, stages: Sequence[StagePlan], description: str) -> Iterator[Published]:
        """Deploy to the first stage and let the others serve the same; the first that fails stops the rest."""
        deployment = ""

        def serve(stage: StagePlan) -> tuple[ResultDetail, str]:
            nonlocal deployment
            result, deployment_id = self._point(stage, deployment) if deployment else self._deploy(stage, description)
            if result[0] is ActionResult.APPLIED:
                deployment = deployment or deployment_id
            return result, deployment_id

        return self._each(stages, serve)

    def back(self, stages: Sequence[StagePlan]) -> Iterator[Published]:
        """Point each stage back to its earlier deployment; the first that fails stops the rest."""
        return self._each(stages, lambda stage: self._point(stage, stage.back_to))

    def _each(
        self, stages: Sequence[StagePlan], serve: Callable[[StagePlan], tuple[ResultDetail, str]]
    ) -> Iterator[Published]:
        """Serve stage by stage; yield the result and the deployment id of each."""
        halted = ""
        for stage in stages:
            if not halted and self.stop.is_set():
                halted = "stopped on request"
            if halted:
                yield Published(stage, stage.serves, stage.serves, ActionResult.NOT_RUN, halted)
                continue
            try:
                self.log.deploying(self.target, stage.name)
            except JournalError as failure:
                halted = str(failure)
                yield Published(stage, stage.serves, stage.serves, ActionResult.NOT_RUN, halted)
                continue
            (result, detail), deployment_id = serve(stage)
            unlogged = self._logged(stage, deployment_id, detail) if deployment_id not in {"", stage.serves} else ""
            halted = unlogged if result is ActionResult.APPLIED else f"after stage {stage.name}: {result}"
            yield Published(stage, stage.serves, deployment_id, result, detail, unlogged=unlogged)

    def _logged(self, stage: StagePlan, deployment: str, detail: str) -> str:
        """Write the journal entry; return why that failed, "" if it did not."""
        try:
            self.log.deployed(self.target, stage.name, stage.serves or None, deployment, detail)
        except JournalError as failure:
            return str(failure)
        return ""

    def _deploy(self, stage: StagePlan, description: str) -> tuple[ResultDetail, str]:
        call = _DeploymentCall(self.target, stage.name, stage.serves, description, self.reader, self.writer, self.clock)
        result, detail = outcome(call, self.stop)
        if result is not ActionResult.APPLIED or call.deployment is None:
            return (result, detail), stage.serves if result is not ActionResult.UNKNOWN else ""
        settled, status = self._awaited(call.deployment)
        if status == "FAILED":
            return settled, stage.serves
        return (settled if settled[0] is not ActionResult.APPLIED else (result, detail)), call.deployment.id

    def _awaited(self, deployment: Deployment) -> tuple[ResultDetail, str]:
        """Wait for a deployment; return the result and the last status of AWS."""
        deadline = self.clock.monotonic() + _PATIENCE
        latest: Deployment | None = deployment
        try:
            while latest is not None and latest.status == "PENDING":
                if self.stop.is_set() or self.clock.monotonic() >= deadline:
                    why = "stopped while" if self.stop.is_set() else f"after {_PATIENCE:g} s"
                    text = f"{why} AWS still reports deployment {deployment.id} as PENDING; check it in the console"
                    return (ActionResult.UNKNOWN, text), latest.status
                self.clock.sleep(_BETWEEN)
                latest = self.reader.deployment(self.target, deployment.id)
        except (AwsError, Interrupted) as failure:
            return (
                ActionResult.UNKNOWN,
                f"deployment {deployment.id} was created, but its status could not be read: {failure}",
            ), "PENDING"
        if latest is None:
            return (ActionResult.FAILED, f"deployment {deployment.id} is gone"), "FAILED"
        if latest.status == "FAILED":
            reason = latest.message or "AWS gives no reason"
            return (ActionResult.FAILED, f"deployment {deployment.id} failed: {reason}"), latest.status
        return (ActionResult.APPLIED, ""), latest.status

    def _point(self, stage: StagePlan, deployment: str) -> tuple[ResultDetail, str]:
        result = outcome(_Point(self.target, stage.name, deployment, self.reader, self.writer), self.stop)
        if result[0] is ActionResult.APPLIED:
            return result, deployment
        return result, "" if result[0] is ActionResult.UNKNOWN else stage.serves


@dataclass(slots=True)
class _DeploymentCall:
    """An `ActionCall`: CreateDeployment. `made` is the deployment, once it is known."""

    adds: ClassVar[bool] = True

    target: Target
    stage: str
    before: str
    description: str
    reader: Reader
    writer: Writer
    clock: Clock
    deployment: Deployment | None = None

    def send(self) -> bool:
        self.deployment = self.writer.deploy(self.target, self.stage, self.description)
        return True

    def effect(self) -> ObservedEffect:
        """Read what the stage serves, a few times if it does not serve the deployment yet."""
        for pause in (*_LOOKS, None):
            serving = _served(self.reader, self.target, self.stage)
            if serving != self.before:
                deployment = self.reader.deployment(self.target, serving)
                if deployment is None or deployment.description != self.description:
                    return ObservedEffect.ANOTHER
                self.deployment = deployment
                return ObservedEffect.TAKEN
            if pause is not None:
                self.clock.sleep(pause)
        return ObservedEffect.NONE


@dataclass(frozen=True, slots=True)
class _Point:
    """An `ActionCall`: UpdateStage, which may be repeated."""

    adds: ClassVar[bool] = False

    target: Target
    stage: str
    deployment: str
    reader: Reader
    writer: Writer

    def send(self) -> bool:
        self.writer.point_stage(self.target, self.stage, self.deployment)
        return True

    def effect(self) -> ObservedEffect:
        """Read what the stage serves."""
        serving = _served(self.reader, self.target, self.stage)
        return ObservedEffect.TAKEN if serving == self.deployment else ObservedEffect.NONE


def _served(reader: Reader, target: Target, name: str) -> str:
    stage: Stage | None = reader.stage(target, name)
    return stage.deployment_id if stage else ""

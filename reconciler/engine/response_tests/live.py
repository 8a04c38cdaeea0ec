"""test --live: call the methods of drafts in AWS, and explain where the answers differ from the offline ones.

`prepare_live` finds the APIs and reads their drafts; `call_live` calls. Only the calls reach backends, so they can be
shown first. A test is called in each region of its environment.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.diagnostics import Diagnostic, Location, in_order, limited
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect, target_failure
from reconciler.engine.read.lookup import find_targets
from reconciler.engine.response_tests.live_calls import LiveCall, live_call, why_skipped
from reconciler.engine.response_tests.live_causes import LiveAnswers, agrees
from reconciler.engine.response_tests.live_result import LiveResult, answered, skipped, unanswered
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.engine.response_tests.replay import Replay, replay
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.engine.response_tests.run import ResponseTestRun
from reconciler.errors import Interrupted, ReconcilerError
from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.execution_log import read_execution_log
from reconciler.mapping.rendering import Unknown
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.invocations import InvocationResult
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.targets import Target
from reconciler.parallel import in_parallel
from reconciler.ports import Cloud, Connection, MethodInvoker

DEFAULT_TIMEOUT = 30.0
"""Seconds to wait for the answer to a call: AWS's own default limit for a backend is 29."""

_SELECTED = Unknown("TestInvokeMethod does not say which response was selected")

_Draft: TypeAlias = tuple[Connection, Target, LiveApi | ReadFailure]
_Manifest: TypeAlias = tuple[str, str | None, ManifestRef, Location | None]


@dataclass(frozen=True, slots=True)
class PreparedCall:
    """A call, the connection for it, and the offline result that it is compared with."""

    call: LiveCall
    connection: Connection
    offline: ResponseTestResult


@dataclass(frozen=True, slots=True)
class LivePlan:
    """The calls of a run: of each of its tests the calls, and the results where there is none."""

    run: ResponseTestRun
    entries: tuple[tuple[PreparedCall | LiveResult, ...], ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def calls(self) -> Sequence[PreparedCall]:
        """Every call, in the order of the tests."""
        return [entry for entries in self.entries for entry in entries if isinstance(entry, PreparedCall)]

    @property
    def counts(self) -> Mapping[Target, int]:
        """How many calls each API gets."""
        return Counter(each.call.target for each in self.calls)


def prepare_live(run: ResponseTestRun, request: Request, cloud: Cloud) -> LivePlan:
    """Find the APIs of the tests that were run, and read their drafts. Read-only.

    Raises Refused for a wrong account and for an API that is the target of two environments, Interrupted.
    """
    called = {_manifest_of(result.ready) for result in run.results if not why_skipped(result.ready)}
    account_regions, unreached = connect(
        list(_projects(run.projects, called)), request.coordinates, cloud, request.parallelism
    )
    lookups = find_targets(account_regions, request.parallelism)
    lost = [*unreached, *(failure for _, (_, failures) in lookups for failure in failures)]
    drafts, unread = _read_drafts(lookups, request.parallelism)
    entries = tuple(_entries(result, drafts.get(_manifest_of(result.ready), ())) for result in run.results)
    return LivePlan(run, entries, limited(in_order(failure.diagnostic for failure in (*lost, *unread))))


def _entries(result: ResponseTestResult, drafts: Sequence[_Draft]) -> tuple[PreparedCall | LiveResult, ...]:
    if reason := why_skipped(result.ready):
        return (skipped(reason),)
    if not drafts:
        return (unanswered(None, "its API was not found, or cannot be reached"),)
    return tuple(_prepared(result, draft) for draft in drafts)


def _projects(projects: Iterable[ResolvedProject], manifests: set[_Manifest]) -> Iterator[ResolvedProject]:
    """Yield the projects with no manifests but those that are called."""
    for project in projects:
        called = tuple(desired for desired in project.manifests if _manifest(project, desired) in manifests)
        yield replace(project, manifests=called)


def _manifest(project: ResolvedProject, desired: Desired) -> _Manifest:
    ref = desired.manifests[0]
    return project.file, project.name, ref, ref.location


def _manifest_of(ready: ReadyTest) -> _Manifest:
    ref = ready.desired.manifests[0]
    return ready.project_file, ready.environment, ref, ref.location


def _read_drafts(
    lookups: Iterable[tuple[AccountRegion, tuple[Mapping[Target, list[Desired]], object]]], parallelism: int
) -> tuple[dict[_Manifest, list[_Draft]], list[ReadFailure]]:
    """Read the draft of each API once, and return the drafts of each manifest."""
    reads = [
        (account_region, target, desireds)
        for account_region, (targets, _) in lookups
        for target, desireds in targets.items()
    ]
    states = in_parallel(lambda read: _read(*read), reads, parallelism)
    drafts: dict[_Manifest, list[_Draft]] = {}
    for (account_region, target, desireds), state in zip(reads, states, strict=True):
        for desired in desireds:
            key = _manifest(account_region.project, desired)
            drafts.setdefault(key, []).append((account_region.connection, target, state))
    return drafts, [state for state in states if isinstance(state, ReadFailure)]


def _read(account_region: AccountRegion, target: Target, desireds: Sequence[Desired]) -> LiveApi | ReadFailure:
    try:
        return account_region.connection.reader.rest_api(target)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return target_failure(desireds, failure, target)


def _prepared(result: ResponseTestResult, draft: _Draft) -> PreparedCall | LiveResult:
    connection, target, state = draft
    scope = result.ready.test.scope
    if isinstance(state, ReadFailure):
        return unanswered(target, state.failure.message)
    method = state.methods.get(scope)
    if not isinstance(method, LiveMethod):
        return unanswered(target, f"the draft has no method {scope}")
    if method.integration_type is None:
        return unanswered(target, f"{scope} has no integration in the draft")
    return PreparedCall(live_call(result.ready, target, method), connection, result)


def call_live(plan: LivePlan, parallelism: int, timeout: float = DEFAULT_TIMEOUT) -> ResponseTestRun:
    """Call the methods and return the run with the live results.

    `timeout`: seconds to wait for each answer. Raises Interrupted.
    """
    connections = {id(each.connection): each.connection for each in plan.calls}
    invokers = {key: connection.open_invoker(timeout) for key, connection in connections.items()}
    called = in_parallel(lambda each: _call(each, invokers[id(each.connection)]), plan.calls, parallelism)
    answers = iter(called)
    results = tuple(
        replace(result, live=tuple(next(answers) if isinstance(entry, PreparedCall) else entry for entry in entries))
        for result, entries in zip(plan.run.results, plan.entries, strict=True)
    )
    return replace(plan.run, results=results, diagnostics=(*plan.run.diagnostics, *plan.diagnostics))


def _call(prepared: PreparedCall, invoker: MethodInvoker) -> LiveResult:
    call = prepared.call
    try:
        result = invoker.invoke(call.invocation)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unanswered(call.target, str(failure))
    return live_result(call, prepared.offline, result)


def live_result(call: LiveCall, offline: ResponseTestResult, result: InvocationResult) -> LiveResult:
    """Compare AWS's answer with what the test expects and with the offline answer."""
    test = call.ready.test
    replayed = replay(call, result)
    live = _with_selected(_answer(result), replayed)
    is_json_value = test.is_value(offline.answer.body)
    answers = LiveAnswers(
        offline.answer,
        live,
        replayed.drafted,
        replayed.in_context,
        replayed.replayed,
        replayed.doubts,
        is_json_value=is_json_value,
    )
    return answered(
        call.target, test.expected, live, answers.differences(), result.latency, is_json_value=is_json_value
    )


def _answer(result: InvocationResult) -> Answer:
    """Return AWS's answer as the offline pipeline gives answers; the log says whether it is an error of AWS's own."""
    headers = {name: values[0] if len(values) == 1 else values for name, values in result.headers.items()}
    failure = read_execution_log(result.log).failure
    error = AnswerError(result.body, failure) if failure else None
    return Answer(_SELECTED, result.status, headers, result.body, error)


def _with_selected(live: Answer, replayed: Replay) -> Answer:
    """Return AWS's answer with the response that must have been selected, if the pipeline gives the same answer."""
    if replayed.replayed is None or replayed.doubts or not agrees(replayed.replayed, live):
        return live
    return replace(live, selected=replayed.replayed.selected)

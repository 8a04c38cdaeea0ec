"""The engine for Python programs: `plan`, `apply`, `drift`, `review`, `validate`, `run_tests`.

Each is one call that returns a `Result`: the document that `--format json` prints, as an object, and the exit code that
the command would end with. Nothing is printed, asked or exited; what keeps a call from having a result is an exception
of `reconciler.errors`. A plan with errors or refusals, drift and a run that stopped part-way are results.

    plan = api.plan("manifests", environments=["prod"])
    applied = api.apply(plan=plan.document)

All take the PATHs of manifests, as the commands do; none means what the nearest `reconciler.yaml` names. The keyword
arguments are the options of the commands under the same names (`Manifests`, `Aws`). Credentials come from `profile` or
from boto3's own settings. boto3 is imported with the first call that needs AWS.
"""

import math
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar, Unpack

from reconciler.errors import ExitCode, UsageError
from reconciler.invocation import Invocation

if TYPE_CHECKING:
    from reconciler.documents import ApplyDocument, DriftDocument, PlanDocument, ValidationDocument
    from reconciler.documents.review import ReviewDocument
    from reconciler.documents.test_report import TestReportDocument
    from reconciler.engine.load.request import Request
    from reconciler.engine.plan import Planned
    from reconciler.engine.read.baseline import BaseRevision
    from reconciler.engine.run_ports import StopEvent
    from reconciler.ports import Clock, Cloud
    from reconciler.rules import GuardRule

__all__ = ["Aws", "Manifests", "Result", "RunOptions", "apply", "drift", "plan", "review", "run_tests", "validate"]

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class Result(Generic[Document]):
    """What a call gives. `exit_code` is that of the command: 0 fine, 1 failed, 2 differences, 3 stopped, 4 refused."""

    document: Document
    exit_code: ExitCode


class Manifests(TypedDict, total=False):
    """Which manifests, and how they are resolved.

    `environments`: names, or `all`. `selectors`: of each, all labels have to fit; one of them is enough. `process`: the
    variables that `${env:NAME}` finds, those of this process if not given.
    """

    config: str | None
    environments: Sequence[str]
    variables: Mapping[str, str]
    selectors: Sequence[Mapping[str, str]]
    changed_since: str | None
    process: Mapping[str, str]


class Aws(TypedDict, total=False):
    """How to reach AWS. `quota_share`: how much of the account's quotas to use, 0.5 for half, None for no limit.

    `cloud`: another way to AWS than boto3, such as an AWS in memory. `stop`: once it is set, no further call is sent.
    """

    region: str | None
    profile: str | None
    endpoint_url: str | None
    parallelism: int
    quota_share: float | None
    cloud: "Cloud"
    stop: threading.Event


class RunOptions(Manifests, Aws, total=False):
    """Both, and `only`: globs of the addresses that the call is about."""

    only: Sequence[str]


def plan(  # noqa: PLR0913 - the options of the command
    *paths: str | os.PathLike[str],
    force: Sequence["GuardRule | str"] = (),
    allow_missing: bool = False,
    base: str | None = None,
    deploys: bool = False,
    stages: Sequence[str] = (),
    publish_all: bool = False,
    show_effect: bool = False,
    **selection: Unpack[RunOptions],
) -> "Result[PlanDocument]":
    """Plan what `apply` would do, without writing anything; the exit code is 2 where there are changes.

    The document can be saved, and be given to `apply`. `show_effect`: response tests show what clients get.
    """
    from reconciler.engine.plan import plan as make_plan  # noqa: PLC0415 - importing this module is cheap
    from reconciler.engine.saved_plan import saved_document  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    request = replace(
        _request(paths, selection, force),
        allow_missing=allow_missing,
        deploys=deploys,
        stages=tuple(stages),
        publish_all=publish_all,
        shows_effect=show_effect,
    )
    cloud, clock, _ = _ports(selection)
    planned = make_plan(request, cloud, Disk(), clock, _base(base, request))
    return Result(saved_document(planned, request, Disk()), planned.exit_code(detailed=True))


def apply(  # noqa: PLR0913 - the options of the command
    *paths: str | os.PathLike[str],
    plan: "PlanDocument | None" = None,
    approve: "Callable[[PlanDocument], bool] | None" = None,
    journal: str | os.PathLike[str] | None = None,
    rollback_on_failure: bool = False,
    max_age: timedelta | None = None,
    force: Sequence["GuardRule | str"] = (),
    base: str | None = None,
    deploys: bool = False,
    stages: Sequence[str] = (),
    publish_all: bool = False,
    **selection: Unpack[RunOptions],
) -> "Result[ApplyDocument]":
    """Write to AWS exactly what was looked at: a `plan`, or what `approve` says yes to. Then verify it.

    With `plan` everything else about manifests is the plan's; where anything changed since, nothing is written (exit
    code 4, and the document says why). The run is journaled in the folder `journal`, else in the usual place, and can
    be rolled back with `reconciler rollback`. A `stop` that is set stops it between two writes. Raises Refused where
    another run holds the lock, JournalError, and Unfinished for a run that an unexpected error broke off.
    """
    from reconciler.engine.journal_location import locate_journal  # noqa: PLC0415
    from reconciler.engine.journaled_run import JournaledRun  # noqa: PLC0415
    from reconciler.engine.result_documents import document_of_apply, document_of_plan  # noqa: PLC0415
    from reconciler.engine.run_ports import Unattended  # noqa: PLC0415
    from reconciler.engine.saved_plan import ApprovedPlan, saved_request  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    if plan is None and approve is None:
        message = "apply needs a plan or approve"
        raise UsageError(message, "pass plan=api.plan(...).document, or approve=lambda plan: True")
    request = replace(_request(paths, selection, force), deploys=deploys, stages=tuple(stages), publish_all=publish_all)
    if plan is not None:
        if plan.request is None or request != _only_reaching(request):
            message = "apply got a plan, and options that only a new plan can use"
            raise UsageError(message, "pass paths, environments and the like to api.plan")
        request = saved_request(plan.request, request, Disk())

    def is_approved(planned: "Planned") -> bool:
        return approve is None or approve(document_of_plan(planned))

    files, journal_folder = Disk(), None if journal is None else os.fspath(journal)
    cloud, clock, stop = _ports(selection)
    run = JournaledRun(
        cloud,
        files,
        clock,
        stop,
        Unattended(is_approved),
        locate_journal(request, files, journal_folder),
        replace(request.invocation, journal=journal_folder),
    )
    result = run.apply(
        request,
        reviewed=None if plan is None else ApprovedPlan(plan, max_age),
        base=_base(base, request),
        asks=approve is not None,
        rolls_back_on_failure=rollback_on_failure,
    )
    result.check_finished()
    return Result(document_of_apply(result.applied, result.rollback), result.exit_code)


def drift(  # noqa: PLR0913 - what a run can be asked
    *paths: str | os.PathLike[str],
    compares_stages: bool = True,
    stages: Sequence[str] = (),
    timeout: float | timedelta | None = None,
    target_timeout: float | timedelta | None = None,
    blame: bool = False,
    strict: bool = False,
    **selection: Unpack[RunOptions],
) -> "Result[DriftDocument]":
    """Compare manifests with AWS, drafts and stages; the exit code is 2 on drift, 1 where an API cannot be read.

    `blame`: findings have who may have caused them, as CloudTrail shows it. `strict`: methods that no manifest lists
    are findings too.

    `timeout` (seconds) limits the run, `target_timeout` the reading of each API: what is not read in time is an error
    among the findings. A run whose `stop` is set has what was read by then, and the exit code 130.
    """
    from reconciler.engine.drift.blame import with_blame  # noqa: PLC0415
    from reconciler.engine.drift.connections import ConnectionLog  # noqa: PLC0415
    from reconciler.engine.drift.drift import drift as find_drift  # noqa: PLC0415
    from reconciler.engine.result_documents import document_of_drift  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    request = replace(
        _request(paths, selection),
        compares_stages=compares_stages,
        stages=tuple(stages),
        timeout=_seconds("timeout", timeout),
        target_timeout=_seconds("target_timeout", target_timeout),
        is_strict=strict,
    )
    cloud, clock, stop = _ports(selection)
    connections = ConnectionLog(cloud)
    result = find_drift(request, connections, Disk(), clock, stop=stop)
    result = with_blame(result, connections, request.parallelism) if blame else result
    return Result(document_of_drift(result), result.exit_code)


def review(
    *paths: str | os.PathLike[str],
    base: str | None = None,
    head: str | None = None,
    show_effect: bool = False,
    **manifests: Unpack[Manifests],
) -> "Result[ReviewDocument]":
    """Compare what the manifests want at `head` with what they wanted at `base`, offline.

    `base` None: where the branch left the main branch. `head` None: the working tree. `show_effect` is as in `plan`.
    """
    from reconciler.documents.review import review_document  # noqa: PLC0415
    from reconciler.engine.review.review import review as compare  # noqa: PLC0415
    from reconciler.engine.review.revisions import open_sides  # noqa: PLC0415
    from reconciler.git.discovery import RepositorySearch  # noqa: PLC0415

    request = replace(_request(paths, manifests), shows_effect=show_effect)
    before, after, diagnostics = open_sides(base, head, RepositorySearch(request.paths, request.config))
    comparison = compare(request, before, after, diagnostics)
    return Result(
        review_document(
            comparison.review, comparison.diagnostics, is_compared=comparison.is_compared, effects=comparison.effects
        ),
        comparison.exit_code,
    )


def validate(*paths: str | os.PathLike[str], **manifests: Unpack[Manifests]) -> "Result[ValidationDocument]":
    """Check the manifests offline, in every environment unless some are named."""
    from reconciler.documents import validation_document  # noqa: PLC0415
    from reconciler.engine.validate import validate as check  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    validation = check(_request(paths, manifests), Disk())
    document = validation_document(
        validation.diagnostics,
        manifests=validation.manifests,
        responses=validation.responses,
        tests=validation.tests,
    )
    return Result(document, validation.exit_code)


def run_tests(
    *paths: str | os.PathLike[str],
    only: Sequence[str] = (),
    update: bool = False,
    allow_no_tests: bool = False,
    **manifests: Unpack[Manifests],
) -> "Result[TestReportDocument]":
    """Run response tests offline, in every environment unless some are named; the exit code is 1 unless all pass.

    `only`: globs of the names of tests. `update`: bodies are written to the files that hold the expected ones.
    `allow_no_tests`: it is no failure if there are none.
    """
    from reconciler.engine.response_tests.document import document_of_run  # noqa: PLC0415
    from reconciler.engine.response_tests.run import ResponseTestOptions  # noqa: PLC0415
    from reconciler.engine.response_tests.run import run_tests as run  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    options = ResponseTestOptions(tuple(only), update, allows_no_tests=allow_no_tests)
    result = run(_request(paths, manifests), Disk(), options)
    return Result(document_of_run(result), result.exit_code)


def _request(
    paths: Sequence[str | os.PathLike[str]], options: RunOptions | Manifests, force: Sequence["GuardRule | str"] = ()
) -> "Request":
    from reconciler.engine.load.request import Request  # noqa: PLC0415
    from reconciler.models.targets import Coordinates  # noqa: PLC0415

    settings: RunOptions = {**options}
    names, config = tuple(os.fspath(path) for path in paths), settings.get("config")
    changed_since = settings.get("changed_since")
    return Request(
        names,
        Coordinates(settings.get("region"), settings.get("profile"), settings.get("endpoint_url")),
        forced=tuple(map(_rule, force)),
        parallelism=settings.get("parallelism", 8),
        config=config,
        environments=tuple(settings.get("environments", ())),
        variables=dict(settings.get("variables", {})),
        selectors=tuple(settings.get("selectors", ())),
        only=tuple(settings.get("only", ())),
        touched=None if changed_since is None else _touched(changed_since, names, config),
        process=settings.get("process", os.environ),
        invocation=_invocation(names, settings),
    )


def _seconds(name: str, duration: float | timedelta | None) -> float | None:
    """Return the seconds of a time limit. Raises UsageError unless it is finite and more than 0."""
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if seconds is not None and not 0 < seconds < math.inf:
        raise UsageError(f"{name} is {seconds:g} seconds", "use more than 0, or None for no limit")
    return seconds


def _rule(name: "GuardRule | str") -> "GuardRule":
    """Return a guard rule that may be forced. Raises UsageError."""
    from reconciler.rules import GuardRule  # noqa: PLC0415

    rules = [rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE]
    if name not in rules:
        message = f"there is no guard rule {name!r} that can be forced"
        raise UsageError(message, f"choose from {', '.join(rules)}")
    return GuardRule.of(name)


def _touched(revision: str, paths: Sequence[str], config: str | None) -> frozenset[str]:
    from reconciler.git.discovery import RepositorySearch  # noqa: PLC0415
    from reconciler.git.history import changed_since  # noqa: PLC0415

    return changed_since(revision, RepositorySearch(paths, config))


def _invocation(paths: Sequence[str], options: RunOptions) -> Invocation:
    """Return the command line that asks for the same, for the commands that messages suggest."""
    return Invocation(
        paths=paths,
        config=options.get("config"),
        environments=tuple(options.get("environments", ())),
        variables=tuple(f"{name}={value}" for name, value in options.get("variables", {}).items()),
        selectors=tuple(
            ",".join(f"{name}={value}" for name, value in labels.items()) for labels in options.get("selectors", ())
        ),
        changed_since=options.get("changed_since"),
        only=tuple(options.get("only", ())),
        region=options.get("region"),
        profile=options.get("profile"),
        endpoint_url=options.get("endpoint_url"),
    )


def _only_reaching(request: "Request") -> "Request":
    """Return the request with nothing but how to reach AWS, which is all that a saved plan leaves open."""
    from reconciler.engine.load.request import Request  # noqa: PLC0415

    invocation = Invocation(
        region=request.coordinates.region,
        profile=request.coordinates.profile,
        endpoint_url=request.coordinates.endpoint_url,
    )
    return Request(
        coordinates=request.coordinates,
        parallelism=request.parallelism,
        process=request.process,
        invocation=invocation,
    )


def _base(revision: str | None, request: "Request") -> "BaseRevision | None":
    from reconciler.engine.read.baseline import base_revision  # noqa: PLC0415

    return None if revision is None else base_revision(revision, request.paths, request.config)


def _ports(aws: RunOptions) -> "tuple[Cloud, Clock, StopEvent]":
    from reconciler.aws.clock import SystemClock  # noqa: PLC0415
    from reconciler.engine.run_ports import StopEvent  # noqa: PLC0415

    stop = StopEvent(aws.get("stop"))
    clock = SystemClock(stop.event)
    if cloud := aws.get("cloud"):
        return cloud, clock, stop
    from reconciler.aws.session import AwsCloud  # noqa: PLC0415 - boto3

    return AwsCloud(clock, stop, aws.get("quota_share", 0.5), aws.get("parallelism", 8)), clock, stop

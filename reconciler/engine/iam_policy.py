"""iam-policy: the permissions that runs of these manifests need, and no others.

Read-only. AWS is not called if every API of a project is addressed by its id and every region is known, so a policy can
be generated before there are credentials. All or nothing: an error means no policy, because a policy that lacks an API
would make a later run fail. Only plain ids and names end up in a policy, whatever the manifests contain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reconciler.aws.permissions import (
    ApiAccess,
    ListedRegion,
    Mode,
    Statement,
    history_statements,
    notification_statement,
    policy,
)
from reconciler.aws.regions import configured_region, partition
from reconciler.diagnostics import Diagnostic, any_error, error, in_order
from reconciler.engine.drift.follow_up import bucket_of, find_channels
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import connect
from reconciler.engine.read.lookup import find_targets
from reconciler.errors import ExitCode, UsageError
from reconciler.fleet.channel_name import ChannelName
from reconciler.models.desired import Desired, ManifestRef
from reconciler.ports import Clock, Cloud, Files
from reconciler.rules import InputRule, RunRule

if TYPE_CHECKING:
    from reconciler.aws.s3_history import BucketPlace

_API_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
_STAGE: Final = re.compile(r"[A-Za-z0-9_-]+|\$default")

__all__ = ["Mode", "Permissions", "Request", "iam_policy"]


@dataclass(frozen=True, slots=True)
class Permissions:
    """The policy document, None after an error.

    `roles` are what the environments assume first: that must be allowed to the credentials that it begins with.
    `is_split`: the policy also has statements about S3 or SNS, which these credentials need, not the roles.
    """

    policy: Mapping[str, Any] | None
    diagnostics: tuple[Diagnostic, ...] = ()
    roles: tuple[str, ...] = ()
    is_split: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """1 without a policy."""
        return ExitCode.OK if self.policy is not None else ExitCode.FAILED


@dataclass(frozen=True, slots=True)
class _PolicyApi:
    """An API of one region, and the manifests that are for it."""

    region: str
    api_id: str
    manifests: tuple[tuple[ManifestRef, Desired], ...] = field(repr=False)

    def need(self, stages: Iterable[str], *, test_live: bool) -> ApiAccess:
        refs = [ref for ref, _ in self.manifests]
        return ApiAccess(
            partition=partition(self.region),
            region=self.region,
            kind=refs[0].kind,
            api_id=self.api_id,
            by_name=any(ref.api.name for ref in refs),
            by_id=any(ref.api.id for ref in refs),
            stages=tuple(sorted({*stages, *(stage for ref in refs for stage in ref.stages)})),
            ensures=any(
                "ensure" in {owner.method_responses, owner.route_responses}
                for _, desired in self.manifests
                for owner in desired.owns.values()
            ),
            invokes=test_live,
        )


def iam_policy(  # noqa: PLR0913, PLR0917 - a request, what is wanted of it, and the ports
    request: Request,
    mode: Mode,
    stages: Sequence[str],
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    test_live: bool = False,
    blame: bool = False,
    coverage: bool = False,
    history: str | None = None,
    notify: Sequence[ChannelName] = (),
) -> Permissions:
    """Load the manifests, find their APIs, grant; `stages` are added to those that the manifests deploy to.

    `test_live`, `blame` and `coverage`: what `test --live`, `drift --blame`, and `coverage` and `drift --coverage` need
    is granted as well. So is what `drift` needs for a `history` in S3 and for the channels to `notify` that are topics
    of SNS; other histories and channels need no permission.

    Raises as `plan` does, and UsageError for what cannot be a stage, a history or a channel.
    """
    _check_stages(stages)
    bucket = bucket_of(history)
    topics = [channel.topic for channel in find_channels(notify, request, files) if channel.topic]
    declared = load_manifests(request, files, day_of(clock.now()))
    problems = declared.broken
    if declared.is_untouched:
        problems = (*problems, _untouched())
    elif declared.is_empty and not declared.is_broken:
        problems = (*problems, no_manifests(request))
    if any_error(problems):
        return Permissions(None, problems)
    apis, failures = _policy_apis(declared.projects, request, cloud)
    problems = in_order((*problems, *failures, *_unusable(apis), *_undeployed(apis, mode, stages)))
    if any_error(problems):
        return Permissions(None, problems)
    listed = _regions(declared.projects, apis, request) if coverage else ()
    more = [*_history(bucket, apis), notification_statement(topics)]
    document = policy([api.need(stages, test_live=test_live) for api in apis], mode, listed, blame=blame, more=more)
    is_split = len(more) > 1 or bool(topics)
    return Permissions(document, problems, _roles(declared.projects), is_split=is_split)


def _history(place: "BucketPlace | None", apis: Sequence[_PolicyApi]) -> Iterator[Statement]:
    """Yield what a history in S3 needs, in the partition of the APIs."""
    if place:
        region = apis[0].region if apis else None
        yield from history_statements(partition(region) if region else "aws", place.bucket, place.prefix)


def _policy_apis(
    projects: Sequence[ResolvedProject], request: Request, cloud: Cloud
) -> tuple[list[_PolicyApi], tuple[Diagnostic, ...]]:
    """Return the APIs, looked up in AWS only where necessary, and the diagnostics of those that were not found."""
    known = [(project, _addressed(project, request)) for project in projects]
    unaddressed = [project for project, apis in known if apis is None]
    account_regions, unreached = connect(unaddressed, request.coordinates, cloud, request.parallelism)
    targets = find_targets(account_regions, request.parallelism)
    failures = [*unreached, *(loss for _, (_, losses) in targets for loss in losses)]
    return [
        *(api for _, apis in known for api in apis or ()),
        *(
            _PolicyApi(
                target.region, target.api_id, tuple((account_region.ref(desired), desired) for desired in desireds)
            )
            for account_region, (apis, _) in targets
            for target, desireds in apis.items()
        ),
    ], tuple(failure.diagnostic for failure in failures)


def _addressed(project: ResolvedProject, request: Request) -> list[_PolicyApi] | None:
    """Return the APIs of a project whose regions and ids are all known; None if AWS must be called."""
    regions = [
        configured_region(coordinate, request.process) for coordinate in project.coordinates(request.coordinates)
    ]
    refs = [(region, project.ref(manifest, region), manifest) for region in regions for manifest in project.manifests]
    if not all(region and ref.api.id for region, ref, _ in refs):
        return None
    return [_PolicyApi(region, ref.api.id or "", ((ref, manifest),)) for region, ref, manifest in refs]


def _regions(
    projects: Iterable[ResolvedProject], apis: Iterable[_PolicyApi], request: Request
) -> tuple[ListedRegion, ...]:
    """Return the regions of all environments, of those without manifests too where the region is configured."""
    configured = (
        configured_region(coordinates, request.process)
        for project in projects
        for coordinates in project.coordinates(request.coordinates)
    )
    names = {*filter(None, configured), *(api.region for api in apis)}
    return tuple(ListedRegion(partition(name), name) for name in sorted(names))


def _unusable(apis: Iterable[_PolicyApi]) -> Iterator[Diagnostic]:
    """Ids and stages that IAM would read as patterns (`*`, `?`, `${...}`), or as longer paths."""
    for api in apis:
        for ref, _ in api.manifests:
            if not _API_ID.fullmatch(api.api_id):
                message = f"{ref.name}: {api.api_id!r} is not a valid API id"
                yield error(InputRule.API_ID, message, "write the id as AWS shows it, as in a1b2c3d4e5", ref.location)
            for stage in ref.stages:
                if not _STAGE.fullmatch(stage):
                    message = f"{ref.name}: {stage!r} is not a stage name"
                    yield error(InputRule.STAGE_NAME, message, "use letters, digits, `_` and `-`", ref.location)


def _undeployed(apis: Sequence[_PolicyApi], mode: Mode, stages: Sequence[str]) -> Iterator[Diagnostic]:
    if mode is Mode.DEPLOY and not stages and not any(ref.stages for api in apis for ref, _ in api.manifests):
        message = "no manifest declares a stage to deploy to"
        ref = apis[0].manifests[0][0] if apis else None
        remedy = "declare them, as in `deploy: {stages: [prod]}` in `spec`, or pass --stage NAME"
        yield error(RunRule.NO_STAGES, message, remedy, ref.location if ref else None)


def _check_stages(stages: Iterable[str]) -> None:
    for stage in stages:
        if not _STAGE.fullmatch(stage):
            raise UsageError(f"--stage {stage!r} is not a stage name", "use letters, digits, `_` and `-`")


def _untouched() -> Diagnostic:
    return error(InputRule.EMPTY_SET, "none of the manifests was changed", "omit --changed-since")


def _roles(projects: Iterable[ResolvedProject]) -> tuple[str, ...]:
    named = {project.environment.role.arn for project in projects if project.environment and project.environment.role}
    return tuple(sorted(named))

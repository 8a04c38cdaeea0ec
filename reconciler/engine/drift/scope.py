"""What a drift run is about, as digests.

    configuration_digest   what was asked for and what the manifests say: the parts of a sharded run share it
    history_scope          what was asked for, whatever the manifests say: the runs of a history share it

The values of variables are in neither: manifests contain those that matter. Folders and the date are not in the first,
because the jobs of one run may have folders of their own, and may start late.
"""

import dataclasses
import json
import posixpath
from collections.abc import Iterable
from typing import TypeAlias

from reconciler import __version__
from reconciler.config.configuration import IgnoreRule
from reconciler.engine.load.load import LoadResult
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.facts import FleetFacts
from reconciler.models.desired import Desired
from reconciler.models.digest import content_digest, desired_digest

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | bool | None"


def scope_facts(request: Request, loaded: LoadResult, *details: str) -> FleetFacts:
    """Return what a run knows before it calls AWS: both digests, and its shard."""
    return FleetFacts(
        shard=request.choice.shard if isinstance(request.choice, ShardChoice) else None,
        configuration=configuration_digest(request, loaded, *details),
        scope=history_scope(request, *details),
        is_partial=request.choice is not None or request.touched is not None,
    )


def history_scope(request: Request, *details: str) -> str:
    """Return a digest of what was asked for; `details` are further options that change what a run finds.

    PATHs and --config count as they were typed, so absolute ones differ between machines.
    """
    paths: dict[str, _Json] = {
        "config": _normal(request.config) if request.config else None,
        "paths": _sorted(map(_normal, request.paths)),
    }
    return content_digest(paths | _asked(request, details))


def configuration_digest(request: Request, loaded: LoadResult, *details: str) -> str:
    """Return a digest of what was asked for and of what the manifests say; `details` as in `history_scope`."""
    content: dict[str, _Json] = {
        "version": __version__,
        "projects": [_project(project, request) for project in loaded.projects],
        "problems": _sorted(f"{problem.rule} {problem.message}" for problem in loaded.broken),
    }
    return content_digest(content | _asked(request, details))


def _asked(request: Request, details: Iterable[str]) -> dict[str, _Json]:
    """Return what was asked for, without the order and repetitions that make no difference."""
    return {
        "environments": _sorted(request.environments),
        "selectors": _sorted(json.dumps(dict(selector), sort_keys=True) for selector in request.selectors),
        "variables": _sorted(request.variables),
        "only": _sorted(request.only),
        "stages": _sorted(request.stages) if request.compares_stages else None,
        "changed": request.touched is not None,
        "strict": request.is_strict,
        "region": request.coordinates.region,
        "profile": request.coordinates.profile,
        "endpoint": request.coordinates.endpoint_url,
        "details": _sorted(details),
    }


def _project(project: ResolvedProject, request: Request) -> _Json:
    environment = project.environment
    return {
        "environment": project.name,
        "account": environment.account_id if environment else None,
        "role": environment.role.arn if environment and environment.role else None,
        "regions": [coordinates.region for coordinates in project.coordinates(request.coordinates)],
        "apis": json.dumps(dict(environment.apis), sort_keys=True, default=dict) if environment else None,
        "ignore": [_ignore_rule(rule) for rule in project.settings.ignore],
        "severities": _sorted(f"{rule} {severity}" for rule, severity in project.settings.severities.items()),
        "manifests": [_manifest(desired) for desired in project.manifests],
    }


def _ignore_rule(rule: IgnoreRule) -> _Json:
    return json.dumps(dataclasses.asdict(dataclasses.replace(rule, location=None)), sort_keys=True)


def _manifest(desired: Desired) -> _Json:
    return [
        desired_digest(desired),
        *(json.dumps([ref.name, ref.kind, str(ref.api), list(ref.stages)]) for ref in desired.manifests),
    ]


def _normal(path: str) -> str:
    return posixpath.normpath(path)


def _sorted(texts: Iterable[str]) -> list[_Json]:
    return [*sorted(set(texts))]

"""Who starts a run, and from which commit: what its journal says of that.

Nothing here keeps a run from starting: what cannot be found out is "".
"""

import os
import pwd
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.engine.load.request import Request
from reconciler.journal import RunOrigin
from reconciler.ports import Connection

_LONGEST: Final = 300
"""Characters of a value that the environment gives."""


@dataclass(frozen=True, slots=True)
class _CiSystem:
    """A CI system: the variable that it sets, those that name the person, and how to write the address of the job."""

    marker: str
    actors: tuple[str, ...]
    job: Callable[[Mapping[str, str]], str]


def _address(template: str, *names: str) -> Callable[[Mapping[str, str]], str]:
    """Return what fills the variables of these names into a template; "" if one is missing."""

    def job(process: Mapping[str, str]) -> str:
        values = [process.get(name, "") for name in names]
        return template.format(*values) if all(values) else ""

    return job


_GITHUB_JOB: Final = _address("{}/{}/actions/runs/{}", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
_AZURE_JOB: Final = _address(
    "{}{}/_build/results?buildId={}", "SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID"
)


_CI_SYSTEMS: Final = (
    _CiSystem("GITHUB_ACTIONS", ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"), _GITHUB_JOB),
    _CiSystem("GITLAB_CI", ("GITLAB_USER_LOGIN",), _address("{}", "CI_JOB_URL")),
    _CiSystem("TF_BUILD", ("BUILD_REQUESTEDFOR",), _AZURE_JOB),
    _CiSystem("CIRCLECI", ("CIRCLE_USERNAME",), _address("{}", "CIRCLE_BUILD_URL")),
    _CiSystem("BUILDKITE", ("BUILDKITE_BUILD_CREATOR",), _address("{}", "BUILDKITE_BUILD_URL")),
    _CiSystem("CODEBUILD_BUILD_ID", ("CODEBUILD_INITIATOR",), _address("{}", "CODEBUILD_BUILD_ID")),
    _CiSystem("JENKINS_URL", ("BUILD_USER_ID", "BUILD_USER"), _address("{}", "BUILD_URL")),
)
"""The variables as each system documents them."""


def run_origin(request: Request, connections: Iterable[Connection]) -> RunOrigin:
    """Return who starts a run with this request."""
    principals = tuple(dict.fromkeys(filter(None, (connection.principal for connection in connections))))
    system = next((system for system in _CI_SYSTEMS if request.process.get(system.marker)), None)
    if system is None:
        return RunOrigin(_user(), principals, manifests_commit(request))
    actor = next(filter(None, (request.process.get(name) for name in system.actors)), "")
    return RunOrigin(actor[:_LONGEST], principals, manifests_commit(request), system.job(request.process)[:_LONGEST])


def _user() -> str:
    """Return the user of the system; a container may run under a number that has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def manifests_commit(request: Request) -> str:
    """Return the short id of the commit of the manifests, with `+` if files differ from it; "" if it is unknown."""
    from reconciler.git.discovery import RepositorySearch  # noqa: PLC0415 - only runs that write need it
    from reconciler.git.history import describe_head  # noqa: PLC0415

    return describe_head(RepositorySearch(request.paths, request.config)) or ""

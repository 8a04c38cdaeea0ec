"""Stages and deployments: what clients are served, and when it was frozen."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

DeploymentStatus: TypeAlias = Literal["DEPLOYED", "PENDING", "FAILED"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an API, as AWS shows it.

    `deployment_id` "": it serves nothing yet. `has_canary` (REST): part of its clients are served another deployment.
    `auto_deploys` (WebSocket): AWS deploys every change to it by itself, and nobody else may. `message` (WebSocket) is
    what AWS says of the last of these deployments.
    """

    name: str
    deployment_id: str = ""
    has_canary: bool = False
    auto_deploys: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A copy of an API as it was when somebody deployed it. AWS shows nothing of what is in it.

    `status`: one of a REST API is DEPLOYED once it is made; one of a WebSocket API is PENDING at first. `message` says
    why it is FAILED.
    """

    id: str
    description: str = ""
    status: DeploymentStatus = "DEPLOYED"
    message: str = ""

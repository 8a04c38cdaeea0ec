"""Stages and deployments: the copy of an API that clients are served."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.models.keys import MethodKey
from reconciler.models.live import Access

DeploymentStatus: TypeAlias = Literal["DEPLOYED", "PENDING", "FAILED"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an API, as AWS shows it.

    `deployment_id` "": it serves nothing yet. `has_canary` (REST): part of its clients are served another deployment.
    `auto_deploys` (WebSocket): AWS deploys every change automatically, and nobody else can. `message` (WebSocket) is
    AWS's message about the last of these deployments.
    """

    name: str
    deployment_id: str = ""
    has_canary: bool = False
    auto_deploys: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A copy of an API from the moment when it was deployed.

    `status`: one of a REST API is DEPLOYED once it is made; one of a WebSocket API is PENDING at first. `message` says
    why it is FAILED. `access` is all that AWS shows of what is in a deployment of a REST API: its methods, and who may
    call them. None where it does not show that.
    """

    id: str
    description: str = ""
    status: DeploymentStatus = "DEPLOYED"
    message: str = ""
    access: Mapping[MethodKey, Access] | None = None

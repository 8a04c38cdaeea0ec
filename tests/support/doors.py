"""The two ways to the sandbox's model: straight, and through boto3 and HTTP."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeAlias

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import serve

VOLATILE = "cacheNamespace"


@dataclass(frozen=True)
class Outcome:
    """What a call came to. `status` is None where the door has no HTTP."""

    status: int | None
    error: tuple[str, str] | None
    content: Any


Ask: TypeAlias = Callable[..., Outcome]


def comparable(content: Any) -> Any:  # noqa: ANN401 - JSON
    """Without values that change, and with texts that are JSON objects as objects, as the recorder wrote them."""
    match content:
        case dict():
            return {name: comparable(value) for name, value in content.items() if name != VOLATILE}
        case str() if content.startswith('{"'):
            return json.loads(content)
        case _:
            return content


def recorded(answer: Mapping[str, Any], *, with_status: bool) -> Outcome:
    """A recorded answer as an outcome."""
    status = answer["ResponseMetadata"]["HTTPStatusCode"] if with_status or "Error" in answer else None
    if "Error" in answer:
        return Outcome(status, (answer["Error"]["Code"], answer["Error"]["Message"]), None)
    content = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return Outcome(status, None, comparable(content))


def model_door() -> Iterator[Ask]:
    """Calls straight on a fresh model. Successes have no status there."""
    plane = ControlPlane()

    def ask(operation: str, **parameters: Any) -> Outcome:  # noqa: ANN401 - each operation has its own
        try:
            return Outcome(None, None, comparable(plane.call(operation, **parameters)))
        except ModelError as error:
            return Outcome(error.status, (error.code, error.message), None)

    yield ask


def server_door() -> Iterator[Ask]:
    """Calls through boto3 on a fresh server; boto3's own checks are off, so that AWS's are met."""
    settings = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    with (
        serve(seed=False) as server,
        closing(
            boto3.client(
                "apigateway",
                region_name="eu-west-1",
                endpoint_url=server.url,
                aws_access_key_id="sandbox",
                aws_secret_access_key="sandbox",  # noqa: S106 - the sandbox takes any
                config=settings,
            )
        ) as client,
    ):

        def ask(operation: str, **parameters: Any) -> Outcome:  # noqa: ANN401 - each operation has its own
            try:
                answer = getattr(client, xform_name(operation))(**parameters)
            except ClientError as error:
                return recorded(error.response, with_status=True)
            return recorded(answer, with_status=True)

        yield ask


DOORS = {"model": model_door, "server": server_door}

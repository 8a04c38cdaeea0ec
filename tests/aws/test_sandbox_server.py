"""The sandbox's server, as boto3 and plain HTTP see it, and running commands against it."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

import reconciler.sandbox
from reconciler.errors import ReconcilerError
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID
from reconciler.sandbox.server import Server, run, serve
from support.processes import send

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient

SETTINGS = Config(retries={"total_max_attempts": 1})
FULL = {"restApiId": PETSTORE_ID, "stageName": "prod"}


def client(server: Server, service: Literal["apigateway", "sts", "apigatewayv2", "s3"]) -> Any:  # noqa: ANN401 - any client
    """A client of the server; nothing of this machine's own settings is used."""
    return boto3.client(
        service,
        region_name="eu-west-1",
        endpoint_url=server.url,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",  # noqa: S106 - the sandbox takes any
        config=SETTINGS,
    )


@pytest.fixture
def gateway(server: Server) -> Iterator["APIGatewayClient"]:
    """A client for API Gateway."""
    with closing(client(server, "apigateway")) as made:
        yield made


@pytest.fixture
def health(gateway: "APIGatewayClient") -> dict[str, str]:
    """Where GET /health of the API `minimal` is."""
    items = gateway.get_resources(restApiId=MINIMAL_ID)["items"]
    resource_id = next(item["id"] for item in items if item["path"] == "/health")
    return {"restApiId": MINIMAL_ID, "resourceId": resource_id, "httpMethod": "GET"}


def refusal(error: ClientError) -> tuple[int, str, str]:
    """Status, code and message of an error answer."""
    answer: Any = error.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def test_identity_is_the_sandbox_account(server: Server) -> None:
    """STS, which moto answers, knows the account that the APIs are in."""
    with closing(client(server, "sts")) as sts:
        assert sts.get_caller_identity()["Account"] == "123456789012"


def test_created_api_is_listed(gateway: "APIGatewayClient") -> None:
    """An API that was created has the id that the listing shows."""
    created = gateway.create_rest_api(name="mine")
    found = [api["id"] for api in gateway.get_rest_apis()["items"] if api["name"] == "mine"]
    gateway.delete_rest_api(restApiId=created["id"])

    assert [created["id"]] == found


def test_paginator_reads_every_page(gateway: "APIGatewayClient") -> None:
    """boto3's own paginator gets along with position and limit."""
    pages = list(
        gateway.get_paginator("get_resources").paginate(restApiId=PETSTORE_ID, PaginationConfig={"PageSize": 2})
    )

    assert [2, 2, 1] == [len(page["items"]) for page in pages]


def test_embedded_methods_arrive(gateway: "APIGatewayClient") -> None:
    """The bulk read carries integration responses."""
    items = gateway.get_resources(restApiId=MINIMAL_ID, embed=["methods"], limit=500)["items"]
    method: Any = next(item for item in items if item["path"] == "/health")["resourceMethods"]["GET"]

    assert {"200": {"statusCode": "200"}} == method["methodIntegration"]["integrationResponses"]


def test_integration_keeps_its_own_http_method(gateway: "APIGatewayClient", health: dict[str, Any]) -> None:
    """The integration's verb is not taken for the method's, though both are called httpMethod on the wire."""
    assert "GET" == gateway.get_integration(**health)["httpMethod"]


def test_modelled_errors_have_their_class(gateway: "APIGatewayClient", health: dict[str, Any]) -> None:
    """boto3 recognises AWS's error types."""
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.delete_integration_response(**health, statusCode="418")


def test_export_is_a_document(gateway: "APIGatewayClient") -> None:
    """A deployed API is exported with the file name that AWS gives it."""
    answer = gateway.get_export(**FULL, exportType="oas30", parameters={"extensions": "apigateway"})
    with answer["body"] as body:
        document = json.load(body)

    assert ("3.0.1", True) == (
        document["openapi"],
        "oas30_" in answer["contentDisposition"],
    )


def test_canary_comes_and_goes(gateway: "APIGatewayClient") -> None:
    """boto3 makes a canary, promotes it and removes it."""
    first = gateway.get_stage(**FULL)["deploymentId"]
    second = gateway.create_deployment(
        restApiId=PETSTORE_ID, stageName="prod", canarySettings={"percentTraffic": 12.5}
    )["id"]
    with_canary = gateway.get_stage(**FULL)
    copied = gateway.update_stage(
        **FULL, patchOperations=[{"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"}]
    )
    alone = gateway.update_stage(**FULL, patchOperations=[{"op": "remove", "path": "/canarySettings"}])

    assert (first, {"deploymentId": second, "percentTraffic": 12.5, "useStageCache": False}) == (
        with_canary["deploymentId"],
        with_canary["canarySettings"],
    )
    assert (second, second, False) == (copied["deploymentId"], alone["deploymentId"], "canarySettings" in alone)


def test_tags_are_found_by_arn(gateway: "APIGatewayClient") -> None:
    """An ARN with escaped slashes in the path is one path segment."""
    created = gateway.create_rest_api(name="tagged", tags={"team": "pets"})
    tags = gateway.get_tags(resourceArn=f"arn:aws:apigateway:eu-west-1::/restapis/{created['id']}")["tags"]
    gateway.delete_rest_api(restApiId=created["id"])

    assert {"team": "pets"} == tags


def test_moto_answers_for_other_services(server: Server) -> None:
    """What is not about APIs is moto's, of API Gateway too."""
    with closing(client(server, "apigatewayv2")) as domains:
        assert [] == domains.get_domain_names()["Items"]


def test_unknown_operation_is_said_to_be_unknown(gateway: "APIGatewayClient") -> None:
    """What the model does not have is refused by name, not answered wrongly."""
    with pytest.raises(ClientError) as refused:
        gateway.get_documentation_parts(restApiId=PETSTORE_ID)

    assert "UnknownOperationException" == refusal(refused.value)[1]


@pytest.mark.parametrize(
    ("fault", "refused"),
    [
        (faults.throttled(), (429, "TooManyRequestsException")),
        (faults.quota_exceeded(), (429, "LimitExceededException")),
        (faults.server_error(), (500, "InternalFailure")),
        (faults.unavailable(), (503, "ServiceUnavailableException")),
        (faults.concurrent_modification(), (409, "ConflictException")),
        (faults.access_denied("GET", "/restapis"), (403, "AccessDeniedException")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refusal_arrives(
    gateway: "APIGatewayClient", plane: ControlPlane, fault: faults.Fault, refused: tuple[int, str]
) -> None:
    """A queued refusal is what boto3 raises."""
    plane.faults.add(fault)
    with pytest.raises(ClientError) as raised:
        gateway.get_rest_apis()

    assert refused == refusal(raised.value)[:2]


def test_retry_after_is_a_header(gateway: "APIGatewayClient", plane: ControlPlane) -> None:
    """The seconds to wait come as a header, as text."""
    plane.faults.add(faults.throttled(7))
    with pytest.raises(ClientError) as raised:
        gateway.get_rest_apis()

    assert "7" == raised.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"]


@pytest.mark.parametrize(("fault", "effect"), [(faults.Dropped(), False), (faults.LostAnswer(), True)])
def test_connection_breaks(
    gateway: "APIGatewayClient", plane: ControlPlane, health: dict[str, Any], fault: faults.Fault, *, effect: bool
) -> None:
    """A dropped call takes no effect, one whose answer is lost does; boto3 sees the same of both."""
    plane.faults.add(fault, "PutIntegrationResponse")
    with pytest.raises(ConnectionClosedError):
        gateway.put_integration_response(**health, statusCode="409", selectionPattern="409")
    stored = plane.call("GetIntegration", **health)["integrationResponses"]
    if "409" in stored:
        plane.call("DeleteIntegrationResponse", **health, statusCode="409")

    assert effect == ("409" in stored)


def test_truncated_answer_is_no_json(server: Server, plane: ControlPlane) -> None:
    """A truncated answer is proper HTTP whose JSON is cut off."""
    plane.faults.add(faults.Truncated())
    authorization = "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host"
    request = urllib.request.Request(f"{server.url}/restapis", headers={"Authorization": authorization})  # noqa: S310 - http
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own URL
        body = answer.read()

    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


@pytest.mark.parametrize(
    ("verb", "body", "error"),
    [
        ("PUT", b"", "BadRequestException"),
        ("PUT", b"{", "SerializationException"),
        ("PUT", b"[]", "SerializationException"),
        ("POST", b"{}", "UnknownOperationException"),
    ],
)
def test_malformed_request_is_refused(
    server: Server, health: dict[str, str], verb: str, body: bytes, error: str
) -> None:
    """No body, a body that is no JSON object, and a verb that the path does not have get an error answer."""
    path = "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/200".format(
        **health
    )
    authorization = "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host"
    request = urllib.request.Request(  # noqa: S310 - http
        f"{server.url}{path}", data=body, method=verb, headers={"Authorization": authorization}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310 - our own URL
    with refused.value as answer:
        assert error == answer.headers["x-amzn-ErrorType"]


def test_unsigned_request_is_refused(server: Server) -> None:
    """Without a signature nobody is let in."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/restapis")  # noqa: S310 - our own URL
    with refused.value as answer:
        assert (403, "MissingAuthenticationTokenException") == (answer.code, answer.headers["x-amzn-ErrorType"])


def test_taken_port_is_said_to_be_taken(server: Server) -> None:
    """A second server on one port fails with a message that names the port."""
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(ReconcilerError, match=f"port {port}"):
        serve(port=port)


def test_closed_server_stops_listening() -> None:
    """After close nobody answers; closing again is no error."""
    with serve(seed=False) as server:
        server.close()

    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(server.url)  # noqa: S310 - our own URL


def test_environment_leads_nowhere_else(server: Server) -> None:
    """A child's environment has the sandbox's endpoint, and nothing that would lead past it."""
    base = {
        "HOME": "/home",
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "t",
        "AWS_ENDPOINT_URL_API_GATEWAY": "https://real",
        "RECONCILER_PROFILE": "prod",
        "AWS_ENDPOINT_URL": "https://real",
        "NO_PROXY": "intranet",
    }

    assert {
        **server.environment,
        "HOME": "/home",
        "NO_PROXY": "intranet,127.0.0.1",
        "no_proxy": "intranet,127.0.0.1",
    } == (server.environment_over(base))


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 7", 7),
        ("kill -9 $$", 137),
        ('case "$AWS_ENDPOINT_URL" in http://127.0.0.1:*) exit 0;; esac; exit 1', 0),
        ('test -z "$AWS_PROFILE" && test "$AWS_REGION" = eu-west-1', 0),
    ],
)
def test_command_runs_in_the_sandbox(monkeypatch: pytest.MonkeyPatch, script: str, code: int) -> None:
    """The command's exit code is the result, and its environment is the sandbox's."""
    monkeypatch.setenv("AWS_PROFILE", "prod")

    assert code == run(["sh", "-c", script])


@pytest.mark.parametrize(("command", "code"), [("no-such-command", 127), ("/", 126)])
def test_command_that_cannot_run(capfd: pytest.CaptureFixture[str], command: str, code: int) -> None:
    """A command that does not exist, or is none, gets a shell's exit code and a message."""
    got = run([command], seed=False)

    assert (code, True) == (got, f"reconciler sandbox: {command}: " in capfd.readouterr().err)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 0)], ids=["SIGTERM", "SIGINT"]
)
def test_signals_find_the_command(number: signal.Signals, code: int) -> None:
    """SIGTERM is passed on; SIGINT, which a terminal sends to both, leaves the command to finish."""
    script = "import sys; from reconciler.sandbox.server import run; sys.exit(run(['sh', '-c', 'echo up; read line']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        send(process.pid, number)
        if number is signal.SIGINT:
            process.stdin.write(b"go on\n")
            process.stdin.flush()
        process.wait()

    assert code == process.returncode


def test_importing_the_sandbox_imports_no_server() -> None:
    """moto, flask and boto3 are not even loaded until something serves."""
    script = (
        "import sys, reconciler.sandbox.gateway, reconciler.sandbox.server, reconciler.sandbox.seed;"
        "print({'moto', 'flask', 'werkzeug', 'boto3', 'botocore'} & {name.partition('.')[0] for name in sys.modules})"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert "set()\n" == shown


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without moto the message says what to install."""
    monkeypatch.delitem(sys.modules, "reconciler.sandbox.web", raising=False)
    monkeypatch.delattr(reconciler.sandbox, "web", raising=False)
    monkeypatch.setitem(sys.modules, "moto.moto_server.werkzeug_app", None)
    with pytest.raises(ReconcilerError, match=r'pip install "apigw-reconciler\[sandbox\]"'):
        serve()

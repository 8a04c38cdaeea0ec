"""The recipe for Step Functions: moto's interpreter runs the state machine, the function runs on an AWS in memory."""

import io
import json
import time
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from e2e.running import SAMPLES
from reconciler.errors import ReconcilerError
from reconciler.lambda_handler import LambdaRun, LambdaSettings
from reconciler.manifest import Disk
from reconciler.sandbox.model.plane import REGION
from support.accounts import Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.cloudformation import references, template
from support.live import GET_PETS
from support.processes import PATIENCE
from support.stage import manifest

pytestmark = pytest.mark.recipes

FOLDER: Final = SAMPLES / "cron" / "step-functions"
TEMPLATE: Final = template(FOLDER / "template.yaml")
DEFINITION: Final = (FOLDER / "state-machine.asl.json").read_text(encoding="utf-8")
ARN: Final = "arn:aws:lambda:eu-west-1:123456789012:function:drift"
_STATES: Final = "moto.stepfunctions.parser.asl.component.state.exec"
CLIENTS: Final = (
    f"{_STATES}.state_task.lambda_eval_utils.boto_client_for",
    f"{_STATES}.state_task.service.state_task_service_aws_sdk.boto_client_for",
    f"{_STATES}.state_map.result_writer.resource_eval.resource_eval_s3.boto_client_for",
)
"""Where the interpreter gets its clients of Lambda, Step Functions and S3."""


class Services:
    """Lambda with our function, Step Functions, and S3."""

    def __init__(self) -> None:
        self.accounts = Accounts()
        self.invoked: list[tuple[str, object]] = []
        self.answers: list[dict[str, Any]] = []
        self.buckets: set[str] = set()

    def invoke(self, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - of boto3
        """Run the function, as Lambda does."""
        payload = json.loads(parameters["Payload"])
        self.invoked.append((parameters["FunctionName"], payload))
        run = LambdaRun(LambdaSettings.of({}).request, self.accounts, Disk(), FakeClock(), lambda _: None)
        try:
            answer: dict[str, Any] = run.answer(payload)
        except ReconcilerError as failure:
            text = json.dumps({"errorType": type(failure).__name__, "errorMessage": str(failure)})
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(text.encode())}
        self.answers.append(answer)
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}

    def describe_map_run(self, **parameters: str) -> dict[str, Any]:
        """Return the counts under the names that they have in a state machine, which moto does not give them."""
        (arn,) = parameters.values()
        counts = boto3.client("stepfunctions", region_name=REGION).describe_map_run(mapRunArn=arn)["itemCounts"]
        return {"ItemCounts": {name[:1].upper() + name[1:]: count for name, count in counts.items()}}

    def put_object(self, **parameters: Any) -> None:  # noqa: ANN401 - of boto3
        """Take a file."""
        self.buckets.add(parameters["Bucket"])


@pytest.fixture
def services(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Six APIs that drifted, and their manifests."""
    made = Services()
    for number in range(6):
        name = f"api-{number}"
        (folder / f"{name}.yaml").write_text(manifest(name=name, api=f"{{name: {name}}}"), encoding="utf-8")
        make_api(made.accounts.plane(), name, {GET_PETS: Method({})})
    (folder / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [api-*.yaml]\n"
        f"environments: {{prod: {{region: {REGION}}}}}\n",
        encoding="utf-8",
    )
    for client in CLIENTS:
        monkeypatch.setattr(client, lambda **_: made)
    return made


def execute(payload: dict[str, Any]) -> dict[str, Any]:
    """Run the state machine to its end."""
    definition = DEFINITION.replace("${FunctionArn}", ARN).replace("${ResultBucket}", "reports")
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name=REGION)
        role = "arn:aws:iam::123456789012:role/parts"
        machine = client.create_state_machine(name="parts", definition=definition, roleArn=role)["stateMachineArn"]
        run = client.start_execution(stateMachineArn=machine, input=json.dumps(payload))["executionArn"]
        deadline = time.monotonic() + PATIENCE
        while (state := client.describe_execution(executionArn=run))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.05)
    return dict(state)


def test_all_parts_are_checked(services: Services) -> None:
    """Each by an invocation of its own; together they are everything; the reports go to the bucket."""
    state = execute({"shards": 3, "concurrency": 1})
    names = [target["apiName"] for answer in services.answers for target in answer["targets"]]

    assert ("SUCCEEDED", [(ARN, {"shard": f"{part}/3"}) for part in (1, 2, 3)]) == (state["status"], services.invoked)
    assert ([f"api-{number}" for number in range(6)], {"reports"}) == (sorted(names), services.buckets)


def test_a_part_that_fails_fails_the_execution(services: Services, folder: Path) -> None:
    """But not the other parts: all of them are run."""
    (folder / "api-0.yaml").write_text("kind: RestApi\n", encoding="utf-8")
    state = execute({"shards": 2, "concurrency": 1})

    assert ("FAILED", "PartFailed", 2, []) == (
        state["status"],
        state["error"],
        len(services.invoked),
        services.answers,
    )


def test_the_template_substitutes_what_the_definition_leaves_open() -> None:
    """And starts it with what it reads; every reference leads somewhere."""
    resources = TEMPLATE["Resources"]
    substitutions = resources["StateMachine"]["Properties"]["DefinitionSubstitutions"]
    declared = set(TEMPLATE["Parameters"]) | set(resources)
    started = resources["ScheduleRule"]["Properties"]["Targets"][0]["Input"]["Fn::Sub"]

    assert [] == [name for name in substitutions if f"${{{name}}}" not in DEFINITION]
    assert set() == references([resources, TEMPLATE["Outputs"]]) - declared
    assert '{"shards": ${Shards}, "concurrency": ${Concurrency}}' == started

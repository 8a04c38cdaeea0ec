"""What else a deployment publishes: integrations, what methods take, models, validators, gateway responses."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.apply import ActionResult
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.status import Status, status
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.models.responses import RestResponse
from reconciler.sandbox.model.faults import throttled
from support.live import GET_PETS
from support.pets import PROD, Pets, deploying, pets_of
from support.stage import Stage, manifest

DEFINITIONS = ["GetModels", "GetRequestValidators", "GetGatewayResponses"]
STREAM = {"op": "replace", "path": "/responseTransferMode", "value": "STREAM"}
LITERAL = "{200: {}, 404: {selectionPattern: default, allow: [default-pattern]}}"


@pytest.fixture
def pets(stage: Stage) -> Pets:
    """The API, with a stage `prod` that serves the desired responses."""
    pets = pets_of(stage)
    stage.apply(request=deploying())
    stage.plane.calls.clear()
    return pets


def stood(stage: Stage, request: Request | None = None) -> Status:
    """The status."""
    return status(request or deploying(), stage.cloud, Disk(), stage.clock)


def drifted(stage: Stage) -> Drift:
    """Drift, stages included."""
    return drift(deploying(), stage.cloud, Disk(), stage.clock)


def planned(stage: Stage, request: Request | None = None) -> Planned:
    """A plan."""
    return plan(request or deploying(), stage.cloud, Disk(), stage.clock)


def titles(found: Status) -> list[str]:
    """What a deployment would publish besides listed responses."""
    return [item.title for stage in found.stages for item in stage.others]


def rules(found: Planned | Drift | Status) -> list[str]:
    """The rules of the diagnostics."""
    told = found.diagnostics if isinstance(found, Planned) else found.all_diagnostics
    return [one.rule for one in told]


def stream(pets: Pets) -> None:
    """A colleague lets a method stream."""
    pets.call("UpdateIntegration", patchOperations=[STREAM])


def define(pets: Pets, operation: str, **fields: Any) -> Any:  # noqa: ANN401 - JSON
    """A colleague's call about the API."""
    return pets.stage.plane.call(operation, restApiId=pets.id, **fields)


def use_model(pets: Pets) -> None:
    """A colleague gives a method a model."""
    define(pets, "CreateModel", name="Pet", schema='{"type": "object"}', contentType="application/json")
    pets.call("UpdateMethod", patchOperations=[{"op": "add", "path": "/requestModels/a~1b", "value": "Pet"}])


def use_validator(pets: Pets) -> None:
    """A colleague gives a method a validator."""
    created = define(pets, "CreateRequestValidator", name="body", validateRequestBody=True)
    operation = {"op": "replace", "path": "/requestValidatorId", "value": created["id"]}
    pets.call("UpdateMethod", patchOperations=[operation])


def answer_unauthorized(pets: Pets) -> None:
    """A colleague customises a gateway response."""
    define(pets, "PutGatewayResponse", responseType="UNAUTHORIZED", statusCode="404")


PENDING = [
    (stream, ["POST /pets integration: responseTransferMode"]),
    (use_model, ["POST /pets method: requestModels", "model Pet"]),
    (use_validator, ["POST /pets method: requestValidator", "request validator body"]),
    (answer_unauthorized, ["gateway response UNAUTHORIZED"]),
]


@pytest.mark.parametrize(("edit", "named"), PENDING)
def test_what_is_pending_is_named_and_refused(
    stage: Stage, pets: Pets, edit: Callable[[Pets], None], named: list[str]
) -> None:
    """`status` shows it, and no deployment publishes it by accident."""
    edit(pets)
    found, refused = stood(stage), planned(stage)

    assert (ExitCode.OK, named) == (found.exit_code, titles(found))
    assert (["publishesOthers"], ExitCode.REFUSED) == (
        [refusal.rule for refusal in refused.verdict.refusals],
        refused.exit_code(),
    )


@pytest.mark.parametrize(("edit", "named"), PENDING)
def test_what_was_published_is_not_pending(
    stage: Stage, pets: Pets, edit: Callable[[Pets], None], named: list[str]
) -> None:
    """On purpose, with --publish-all; the stage is seen to serve it."""
    edit(pets)
    applied = stage.apply(request=deploying(publish_all=True))

    assert (ExitCode.OK, [(ActionResult.APPLIED, True)], len(named)) == (
        applied.exit_code,
        [(one.result, one.is_verified) for one in applied.published],
        len(applied.planned.stages[0].items),
    )
    assert ([], []) == (titles(stood(stage)), rules(stood(stage)))


def test_drift_names_what_is_pending(stage: Stage, pets: Pets) -> None:
    """It is no drift but a warning, as far as is known without further reads."""
    stream(pets)
    answer_unauthorized(pets)
    found = drifted(stage)

    assert (ExitCode.OK, ["undeployed"]) == (found.exit_code, rules(found))
    assert found.all_diagnostics[0].message.endswith("would also publish: POST /pets integration: responseTransferMode")


def test_drift_and_plan_read_no_definitions(stage: Stage, pets: Pets) -> None:
    """Neither needs the permission."""
    drifted(stage)
    planned(stage, Request((".",)))

    assert [] == [name for name in stage.plane.calls.names() if name in DEFINITIONS]
    assert ["200", "404"] == pets.served()


@pytest.mark.parametrize("look", [stood, planned])
def test_definitions_are_read_once_for_all_stages(
    stage: Stage, pets: Pets, look: Callable[[Stage, Request], object]
) -> None:
    """Three calls for an API."""
    pets.deploy("beta")
    stage.plane.calls.clear()
    look(stage, deploying(stages=["prod", "beta"]))

    assert sorted(DEFINITIONS) == sorted(name for name in stage.plane.calls.names() if name in DEFINITIONS)


@pytest.mark.parametrize("operation", DEFINITIONS)
@pytest.mark.usefixtures("pets")
def test_definitions_that_cannot_be_read_are_an_error(stage: Stage, operation: str) -> None:
    """What was not compared is never called nothing."""
    stage.plane.faults.always(throttled(), operation)

    assert (ExitCode.FAILED, ["throttled"]) == (stood(stage).exit_code, rules(stood(stage)))
    assert (True, []) == (planned(stage).has_errors, [one.name for one in planned(stage).stages])


def three(stage: Stage) -> None:
    """The manifest adds a response, so that there is something to deploy."""
    stage.write(manifest("{200: {}, 404: {selectionPattern: '404'}}", spec=PROD).replace("404'", "40.'"))


def test_an_edit_while_it_is_asked_is_refused(stage: Stage, pets: Pets) -> None:
    """A gateway response that comes between the question and the answer makes another plan."""

    def approve(_: Planned) -> bool:
        answer_unauthorized(pets)
        return True

    three(stage)
    serves = pets.serves()
    applied = stage.apply(approve, request=deploying())

    assert (ExitCode.REFUSED, serves) == (applied.exit_code, pets.serves())


def test_an_edit_between_approval_and_deployment_is_not_published(stage: Stage, pets: Pets) -> None:
    """The API is read again after the writes, definitions included."""
    three(stage)
    serves = pets.serves()
    stage.before_writes = lambda: answer_unauthorized(pets)
    applied = stage.apply(lambda _: True, request=deploying())

    assert (ExitCode.STOPPED, [ActionResult.NOT_RUN], serves) == (
        applied.exit_code,
        [one.result for one in applied.published],
        pets.serves(),
    )


def literal(stage: Stage, pets: Pets) -> None:
    """Somebody gives a second response the pattern `default`, and deploys; the manifest does the same."""
    pets.put("404", "default", GET_PETS)
    pets.deploy()
    stage.write(manifest(LITERAL, spec=PROD))


def test_two_responses_of_one_key_cannot_be_compared(stage: Stage, pets: Pets) -> None:
    """`status`, `drift` and a deployment say so, and claim no difference."""
    literal(stage, pets)
    found, there, again = stood(stage), drifted(stage), planned(stage)

    assert [("200", "unknown"), ("404", "unknown")] == [(row.key.code, row.deployed) for row in found.rows]
    assert (ExitCode.OK, ExitCode.OK, True) == (found.exit_code, there.exit_code, again.is_empty)
    assert [["not-compared"]] * 3 == [
        [rule for rule in rules(one) if rule == "not-compared"] for one in (found, there, again)
    ]


def test_a_deployment_of_such_a_method_is_verified(stage: Stage, pets: Pets) -> None:
    """What the run writes is published; what cannot be seen afterwards is no failure."""
    literal(stage, pets)
    stage.write(manifest(LITERAL.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), spec=PROD))
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [(ActionResult.APPLIED, True)]) == (
        applied.exit_code,
        [(one.result, one.is_verified) for one in applied.published],
    )


def test_such_a_method_converges_once_the_pattern_is_another(stage: Stage, pets: Pets) -> None:
    """As the rule advises."""
    literal(stage, pets)
    stage.write(manifest("{200: {}, 404: {selectionPattern: '[d]efault'}}", spec=PROD))
    stage.apply(request=deploying())
    found = stood(stage)

    assert (ExitCode.OK, {"as wanted"}, []) == (found.exit_code, {row.deployed for row in found.rows}, rules(found))


def test_a_pattern_default_alone_converges(stage: Stage, pets: Pets) -> None:
    """Without a default response, the export is unambiguous."""
    pets.call("DeleteIntegrationResponse", GET_PETS, statusCode="200")
    pets.put("404", "default", GET_PETS)
    pets.deploy()
    stage.write(manifest("{404: {selectionPattern: default, allow: [default-pattern]}}", spec=PROD))

    assert (ExitCode.OK, []) == (stood(stage).exit_code, rules(stood(stage)))
    assert RestResponse("default") == stage.plan().reads[0].live.methods[GET_PETS].responses["404"]

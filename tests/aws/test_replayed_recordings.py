"""The model, alone and behind the server, held call by call against recorded answers of AWS, where they are at hand.

The recordings hold answers, not requests: each scenario here rebuilds the requests from the scenario's and its calls'
names and from the answers. Where that leaves a choice, a comment says what was guessed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from support.doors import Ask, Outcome, recorded

RECORDINGS = Path(__file__).parents[3] / "shared" / "aws-recordings" / "integration-responses.json"
HEADER = "method.response.header.my-header"
CREATED = {"application/json": '"created"'}

pytestmark = pytest.mark.skipif(not RECORDINGS.is_file(), reason="there are no recordings next to the project")

Scenario: TypeAlias = Callable[[Ask], Iterator[tuple[str, Outcome]]]


def prepared(ask: Ask, *, integration: bool = True, **method_response: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """A new API with a GET on its root; where that is. With arguments, status 200 is declared with them."""
    api = ask("CreateRestApi", name="recorded").content
    where = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    ask("PutMethod", **where, authorizationType="NONE")
    if integration:
        templates = {"application/json": '{"statusCode": 200}'}
        ask("PutIntegration", **where, type="MOCK", requestTemplates=templates)
    if method_response:
        ask("PutMethodResponse", **where, statusCode="200", **method_response)
    return where


def operation(word: str, path: str, value: str | None = None) -> dict[str, str]:
    """A patch operation."""
    return {"op": word, "path": path} | ({} if value is None else {"value": value})


def put_integration_response_validation(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A method and a resource that do not exist, for integration and response."""
    where = prepared(ask)
    wrong_method, wrong_resource = {**where, "httpMethod": "POST"}, {**where, "resourceId": "badresource"}
    yield "put-integration-wrong-method", ask("PutIntegration", **wrong_method, type="MOCK")
    yield "put-integration-wrong-resource", ask("PutIntegration", **wrong_resource, type="MOCK")
    yield (
        "put-integration-response-wrong-method",
        ask("PutIntegrationResponse", **wrong_method, statusCode="200", selectionPattern=""),
    )
    yield (
        "put-integration-response-wrong-resource",
        ask("PutIntegrationResponse", **wrong_resource, statusCode="200", selectionPattern=""),
    )


def lifecycle_integration_response(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Put, get, update, overwrite, delete."""
    method = prepared(ask)
    where = {**method, "statusCode": "200"}
    created = ask("PutIntegrationResponse", **where, selectionPattern="", responseTemplates=CREATED)
    yield "put-integration-response", created
    yield "get-integration-response", ask("GetIntegrationResponse", **where)
    update = [operation("replace", "/selectionPattern", "updated-pattern")]
    yield "update-integration-response", ask("UpdateIntegrationResponse", **where, patchOperations=update)
    overwrite = {"application/json": "overwrite"}
    yield (
        "overwrite-integration-response",
        ask("PutIntegrationResponse", **where, selectionPattern="overwrite-pattern", responseTemplates=overwrite),
    )
    yield "get-method", ask("GetMethod", **method)
    yield "delete-integration-response", ask("DeleteIntegrationResponse", **where)


def put_and_get(ask: Ask, name: str, changed: Mapping[str, str]) -> Iterator[tuple[str, Outcome]]:
    """Put and get an integration response whose address is wrong in one part."""
    where = {**prepared(ask), "statusCode": "200", **changed}
    yield f"put-integration-response-{name}", ask("PutIntegrationResponse", **where)
    yield f"get-integration-response-{name}", ask("GetIntegrationResponse", **where)


def integration_response_wrong_api(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """An API that does not exist."""
    yield from put_and_get(ask, "wrong-api", {"restApiId": "wrong"})


def integration_response_wrong_resource(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A resource that does not exist."""
    yield from put_and_get(ask, "wrong-resource", {"resourceId": "wrong"})


def integration_response_wrong_method(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A verb that is none."""
    yield from put_and_get(ask, "wrong-method", {"httpMethod": "wrong"})


def integration_response_invalid_statuscode(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A status code that is none; the answers echo it."""
    yield from put_and_get(ask, "invalid-statusCode", {"statusCode": "wrong"})


def integration_response_invalid_responsetemplates(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A number for a template; a number for a content type. The first's exact value is guessed."""
    where = {**prepared(ask), "statusCode": "200"}
    for number, templates in enumerate(({"application/json": 123}, {"123": "text"}), 1):
        yield (
            f"put-integration-response-invalid-responseTemplates-{number}",
            ask("PutIntegrationResponse", **where, responseTemplates=templates),
        )


def integration_response_invalid_integration(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A method without integration."""
    where = prepared(ask, integration=False)
    yield "get-integration-response-without-integration", ask("GetIntegrationResponse", **where, statusCode="200")


def integration_response_wrong_status_code(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A status that has no response."""
    where = prepared(ask)
    ask("PutIntegrationResponse", **where, statusCode="200")
    yield "get-integration-response-wrong-status-code", ask("GetIntegrationResponse", **where, statusCode="201")


def lifecycle_method_response(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Put with empty maps, get, add to them, update, delete; the recorded name of the get is not right."""
    method = prepared(ask)
    where = {**method, "statusCode": "200"}
    yield "put-method-response", ask("PutMethodResponse", **where, responseParameters={}, responseModels={})
    yield "get-integration-response", ask("GetMethodResponse", **where)
    paths = ((f"/responseParameters/{HEADER}", "true"), ("/responseModels/application~1json", "Empty"))
    # That the update replaces by the same values is guessed: it changes nothing.
    for name, word in (("add-method-responses", "add"), ("update-method-responses", "replace")):
        operations = [operation(word, path, value) for path, value in paths]
        yield name, ask("UpdateMethodResponse", **where, patchOperations=operations)
    yield "get-method", ask("GetMethod", **method)
    yield "delete-method-response", ask("DeleteMethodResponse", **where)


def update_method_response(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Remove every entry, so that the maps are gone; add them again. What was put first is guessed."""
    models = {"application/json": "Empty"}
    where = prepared(ask, responseParameters={HEADER: True}, responseModels=models) | {"statusCode": "200"}
    paths = ((f"/responseParameters/{HEADER}", "true"), ("/responseModels/application~1json", "Empty"))
    for word in ("remove", "add"):
        operations = [operation(word, path, None if word == "remove" else value) for path, value in paths]
        yield f"{word}-update-method-response", ask("UpdateMethodResponse", **where, patchOperations=operations)


def update_method_response_wrong_operations(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Lists with wrong words at the positions that the messages tell; the good words between them are guessed."""
    where = prepared(ask, responseParameters={HEADER: True}) | {"statusCode": "200"}
    lists: Sequence[Sequence[str]] = (
        ["wrong_op"],
        ["wrong_op", "add"],
        ["wrong_op", "wrong_op"],
        ["wrong_op"] * 4,
        ["wrong_op", "add", "wrong_op"],
    )
    for number, words in enumerate(lists, 1):
        operations = [operation(word, f"/responseParameters/{HEADER}", "true") for word in words]
        yield (
            f"update-method-response-wrong-operation-{number}",
            ask("UpdateMethodResponse", **where, patchOperations=operations),
        )


def update_method_response_negative_tests(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """A status that is not declared, one that is none, wrong words, a wrong resource and verb."""
    where = prepared(ask, responseParameters={HEADER: True}) | {"statusCode": "200"}
    path = f"/responseParameters/{HEADER}"
    cases: Sequence[tuple[str, str, Mapping[str, str]]] = (
        ("wrong-statuscode", "add", {"statusCode": "201"}),
        ("invalid-statuscode", "add", {"statusCode": "wrong"}),
        ("invalid-statuscode-and-wrong-op", "wrong_op", {"statusCode": "wrong"}),
        ("wrong-resource", "add", {"resourceId": "wrong"}),
        ("wrong-method", "add", {"httpMethod": "wrong"}),
    )
    for name, word, changed in cases:
        asked = {**where, **changed, "patchOperations": [operation(word, path, "true")]}
        yield f"update-method-response-{name}", ask("UpdateMethodResponse", **asked)


def patched_one_by_one(
    ask: Ask, where: Mapping[str, Any], named: Mapping[str, dict[str, str]]
) -> Iterator[tuple[str, Outcome]]:
    """One UpdateMethodResponse with one operation for each name."""
    for name, one in named.items():
        yield f"update-method-response-operation-{name}", ask("UpdateMethodResponse", **where, patchOperations=[one])


def update_method_lack_response_parameters_and_models(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Entries of maps that the method response does not have, and a map that no method response has."""
    where = prepared(ask) | {"statusCode": "200"}
    ask("PutMethodResponse", **where)
    named = {
        "without-response-parameters": operation("replace", f"/responseParameters/{HEADER}", "true"),
        "without-response-models": operation("replace", "/responseModels/application~1json", "Empty"),
        "with-wrong-path": operation("add", f"/wrong/{HEADER}", "true"),
    }
    yield from patched_one_by_one(ask, where, named)


def update_method_wrong_param_names(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Names that the maps do not have. The order of replace and remove is guessed: both get the same answer."""
    models = {"application/json": "Empty"}
    where = prepared(ask, responseParameters={HEADER: True}, responseModels=models) | {"statusCode": "200"}
    parameter, model = "/responseParameters/method.response.header.wrong", "/responseModels/application~1wrong"
    named = {
        "with-wrong-param-name-1": operation("replace", parameter, "true"),
        "with-wrong-param-name-2": operation("remove", parameter),
        "with-wrong-param-name-3": operation("replace", model, "Empty"),
        "with-wrong-param-name-4": operation("remove", model),
    }
    yield from patched_one_by_one(ask, where, named)


def delete_integration_response_errors(ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Delete what is not there, by each part of the address."""
    where = {**prepared(ask), "statusCode": "200"}
    created = ask("PutIntegrationResponse", **where, selectionPattern="", responseTemplates=CREATED)
    yield "put-integration-response", created
    cases = {
        "non-existent-resource": {"resourceId": "badresource"},
        "non-existent-api-id": {"restApiId": "badapi"},
        "non-existent-method": {"httpMethod": "POST"},
        "non-existent-status-code": {"statusCode": "201"},
        "bad-method": {"httpMethod": "METHOD"},
    }
    for name, changed in cases.items():
        yield name, ask("DeleteIntegrationResponse", **{**where, **changed})


SCENARIOS: tuple[Scenario, ...] = (
    put_integration_response_validation,
    lifecycle_integration_response,
    integration_response_wrong_api,
    integration_response_wrong_resource,
    integration_response_wrong_method,
    integration_response_invalid_statuscode,
    integration_response_invalid_responsetemplates,
    integration_response_invalid_integration,
    integration_response_wrong_status_code,
    lifecycle_method_response,
    update_method_response,
    update_method_response_wrong_operations,
    update_method_response_negative_tests,
    update_method_lack_response_parameters_and_models,
    update_method_wrong_param_names,
    delete_integration_response_errors,
)


@cache
def recordings() -> dict[str, Any]:
    """Every recording by its name."""
    content: dict[str, Any] = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return content


def recording_of(scenario: Scenario) -> Mapping[str, Any]:
    """What was recorded under the scenario's name."""
    content: Mapping[str, Any] = next(
        recording["recorded-content"]
        for name, recording in recordings().items()
        if name.rpartition("::")[2] == f"test_{scenario.__name__}"
    )
    return content


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
def test_answers_are_those_of_aws(door: tuple[str, Ask], scenario: Scenario) -> None:
    """Every call of the scenario is answered with AWS's content, or its status, code and text."""
    name, ask = door
    expected = {call: recorded(answer, with_status=name == "server") for call, answer in recording_of(scenario).items()}

    assert expected == dict(scenario(ask))


def test_every_recording_is_used() -> None:
    """No recorded scenario is left out."""
    assert set(recordings()) == {
        name for name in recordings() if any(name.endswith(f"::test_{scenario.__name__}") for scenario in SCENARIOS)
    }

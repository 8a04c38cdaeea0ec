"""The seeded APIs, held against the samples that they are for."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reconciler.models.responses import WebSocketResponse
from reconciler.normal import rest_request, rest_response, websocket_request, websocket_response, websocket_responses
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID, seed_apis
from reconciler.sandbox.seed_chat import CHAT_ID, HISTORY_ID, PING_ID, SEND_ID
from support import plain_yaml
from support.project import SAMPLES


@pytest.fixture
def seeded() -> ControlPlane:
    """A freshly seeded plane."""
    plane = InMemoryCloud().plane()
    seed_apis(plane)
    return plane


def text_of(template: Any, folder: Path) -> str:  # noqa: ANN401 - YAML
    """A template's text, wherever it stands."""
    if isinstance(template, str):
        return template
    file = folder / str(template["file"])
    return file.read_text(encoding="utf-8").removesuffix("\n")


def sample(path: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Every response of a sample by path, method and status, templates read from their files."""
    file = SAMPLES / path
    resources = plain_yaml.document(file.read_text(encoding="utf-8"))["spec"]["resources"]
    found = {}
    for resource, methods in resources.items():
        for verb, method in methods.items():
            for status, fields in method["responses"].items():
                templates = {
                    name: text_of(template, file.parent)
                    for name, template in fields.get("responseTemplates", {}).items()
                }
                found[resource, verb, str(status)] = {**fields, "responseTemplates": templates}
    return found


def methods_of(plane: ControlPlane, api_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every method with its resource's id."""
    items = plane.call("GetResources", restApiId=api_id, embed=["methods"])["items"]
    return {
        (item["path"], verb): {"resourceId": item["id"], **method}
        for item in items
        for verb, method in item.get("resourceMethods", {}).items()
    }


@pytest.mark.parametrize(("path", "api_id"), [("petstore/petstore.yaml", PETSTORE_ID), ("minimal.yaml", MINIMAL_ID)])
def test_sample_can_be_applied(seeded: ControlPlane, path: str, api_id: str) -> None:
    """Every response of the sample is accepted by a method of the API that is empty otherwise."""
    methods = methods_of(seeded, api_id)
    for (_, verb), method in methods.items():
        for status in method["methodIntegration"].get("integrationResponses", {}):
            seeded.call(
                "DeleteIntegrationResponse",
                restApiId=api_id,
                resourceId=method["resourceId"],
                httpMethod=verb,
                statusCode=status,
            )
    for (resource, verb, status), fields in sample(path).items():
        where = {"restApiId": api_id, "resourceId": methods[resource, verb]["resourceId"], "httpMethod": verb}
        request = rest_request(rest_response(fields))
        seeded.call("PutIntegrationResponse", **where, statusCode=status, **request)

    stored = [one["methodIntegration"].get("integrationResponses", {}) for one in methods_of(seeded, api_id).values()]
    assert len(sample(path)) == sum(map(len, stored))


def test_first_plan_shows_a_mix(seeded: ControlPlane) -> None:
    """Held against its sample, the petstore has something to create, update and delete; most of it fits."""
    wanted = {key: rest_response(fields) for key, fields in sample("petstore/petstore.yaml").items()}
    listed = {(path, verb) for path, verb, _ in wanted}
    live = {
        (*key, status): rest_response(fields)
        for key, method in methods_of(seeded, PETSTORE_ID).items()
        for status, fields in method["methodIntegration"]["integrationResponses"].items()
        if key in listed
    }
    mix = Counter(
        "create"
        if key not in live
        else "delete"
        if key not in wanted
        else "unchanged"
        if live[key] == wanted[key]
        else "update"
        for key in wanted | live
    )

    assert {"create": 2, "update": 5, "delete": 1, "unchanged": 20} == mix


def test_petstore_has_a_method_that_the_sample_does_not_list(seeded: ControlPlane) -> None:
    """Somebody else's method is there to be left alone."""
    listed = {(path, verb) for path, verb, _ in sample("petstore/petstore.yaml")}

    assert {("/health", "GET")} == set(methods_of(seeded, PETSTORE_ID)) - listed


def test_petstore_is_deployed(seeded: ControlPlane) -> None:
    """Stage prod serves the API as it was seeded."""
    stages = seeded.call("GetStages", restApiId=PETSTORE_ID)["item"]

    assert ["prod"] == [stage["stageName"] for stage in stages]


def test_seeding_leaves_no_trace_in_the_log(seeded: ControlPlane) -> None:
    """A fresh sandbox has seen no call."""
    assert [] == seeded.calls


CHAT_ROUTES = {"sendMessage": SEND_ID, "history": HISTORY_ID, "ping": PING_ID}


def chat_sample() -> dict[tuple[str, str], WebSocketResponse]:
    """Every response of the chat sample by integration id and key, templates read from their files."""
    file = SAMPLES / "chat" / "chat.yaml"
    routes = plain_yaml.document(file.read_text(encoding="utf-8"))["spec"]["routes"]
    found = {}
    for route, content in routes.items():
        for key, fields in content["responses"].items():
            templates = {str(name): text_of(one, file.parent) for name, one in fields["responseTemplates"].items()}
            found[CHAT_ROUTES[route], key] = websocket_response({**fields, "responseTemplates": templates})
    return found


def chat_responses(plane: ControlPlane) -> dict[tuple[str, str], tuple[str, WebSocketResponse]]:
    """Every live response of the integrations that the chat sample lists, with its id."""
    return {
        (integration_id, key): found
        for integration_id in CHAT_ROUTES.values()
        for key, found in websocket_responses(
            plane.call("GetIntegrationResponses", ApiId=CHAT_ID, IntegrationId=integration_id)["Items"]
        ).items()
    }


def test_chat_sample_can_be_applied(seeded: ControlPlane) -> None:
    """Every response of the chat sample is accepted by an integration that is empty otherwise."""
    for (integration_id, _), (response_id, _) in chat_responses(seeded).items():
        where = {"ApiId": CHAT_ID, "IntegrationId": integration_id}
        seeded.call("DeleteIntegrationResponse", **where, IntegrationResponseId=response_id)
    for (integration_id, key), wanted in chat_sample().items():
        where = {"ApiId": CHAT_ID, "IntegrationId": integration_id, "IntegrationResponseKey": key}
        seeded.call("CreateIntegrationResponse", **where, **websocket_request(wanted))

    assert chat_sample() == {key: response for key, (_, response) in chat_responses(seeded).items()}


def test_first_plan_of_the_chat_shows_a_mix(seeded: ControlPlane) -> None:
    """Held against its sample, the chat has something to create, update, replace and delete; the rest fits."""
    wanted = chat_sample()
    live = {key: response for key, (_, response) in chat_responses(seeded).items()}
    mix = Counter(
        "create"
        if key not in live
        else "delete"
        if key not in wanted
        else "unchanged"
        if live[key] == wanted[key]
        else "replace"
        if live[key].response_templates.keys() - wanted[key].response_templates.keys()
        else "update"
        for key in wanted | live
    )

    assert {"create": 1, "update": 2, "replace": 1, "delete": 1, "unchanged": 4} == mix


def test_chat_is_deployed(seeded: ControlPlane) -> None:
    """Stage prod serves the chat as it was seeded."""
    served = {key for key, responses in seeded.served(CHAT_ID, "prod").items() if responses}

    assert served >= set(CHAT_ROUTES.values())

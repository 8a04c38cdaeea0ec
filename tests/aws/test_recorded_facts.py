"""The model, alone and behind the server, held against what is known of the real API Gateway."""

from collections.abc import Mapping
from typing import Any

import pytest

from support.aws_facts import HEADER, REFUSALS, REPLIES, Refusal, Reply
from support.doors import Ask, Outcome

PLACES = {"ROOT": "rootResourceId", "GREEDY": "greedyResourceId"}
ADDRESSES = {
    "CreateRestApi": (),
    "CreateResource": ("restApiId",),
    "CreateDeployment": ("restApiId",),
    "UpdateStage": ("restApiId", "stageName"),
}
METHOD = ("restApiId", "resourceId", "httpMethod")


def api_with_a_method(ask: Ask) -> dict[str, str]:
    """A new API whose GET / is a mock and declares status 200 with one header; where that is."""
    api = ask("CreateRestApi", name="facts").content
    where = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    ask("PutMethod", **where, authorizationType="NONE")
    ask("PutIntegration", **where, type="MOCK")
    ask("PutMethodResponse", **where, statusCode="200", responseParameters={HEADER: True})
    return {**where, "rootResourceId": api["rootResourceId"]}


@pytest.fixture(scope="module")
def prepared(door: tuple[str, Ask]) -> dict[str, str]:
    """An API that refusals leave as it is: two responses, a stage, a greedy path, a POST without integration."""
    _, ask = door
    where = api_with_a_method(ask)
    method = {name: where[name] for name in METHOD}
    ask("PutIntegrationResponse", **method, statusCode="200", selectionPattern="")
    ask("PutIntegrationResponse", **method, statusCode="500", selectionPattern="5..")
    ask("CreateDeployment", restApiId=where["restApiId"], stageName="prod")
    root = where["rootResourceId"]
    greedy = ask("CreateResource", restApiId=where["restApiId"], parentId=root, pathPart="{proxy+}").content
    ask("PutMethod", **{**method, "httpMethod": "POST"}, authorizationType="NONE")
    return {**where, "greedyResourceId": greedy["id"], "stageName": "prod"}


def request(where: Mapping[str, str], operation: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent: the parts of the address that the operation has, and the fact's own members."""
    address = {name: where[name] for name in ADDRESSES.get(operation, METHOD)}
    return address | {
        name: where[PLACES[value]] if isinstance(value, str) and value in PLACES else value
        for name, value in sent.items()
    }


@pytest.mark.parametrize("fact", REFUSALS, ids=lambda fact: f"{fact.operation}: {fact.situation}")
def test_refusals_are_those_of_aws(door: tuple[str, Ask], prepared: dict[str, str], fact: Refusal) -> None:
    """A call that AWS refuses is refused with its status, code and text."""
    _, ask = door

    assert Outcome(fact.status, (fact.code, fact.message), None) == ask(
        fact.operation, **request(prepared, fact.operation, fact.sent)
    )


@pytest.mark.parametrize("fact", REPLIES, ids=lambda fact: f"{fact.operation}: {fact.situation}")
def test_replies_are_those_of_aws(door: tuple[str, Ask], fact: Reply) -> None:
    """A call that AWS takes is answered with its status and members, and without those that AWS leaves out."""
    name, ask = door
    where = api_with_a_method(ask)
    for operation, sent in fact.first:
        assert ask(operation, **request(where, operation, sent)).error is None
    given = ask(fact.operation, **request(where, fact.operation, fact.sent))

    assert (None, fact.status if name == "server" else None) == (given.error, given.status)
    assert fact.members == {member: given.content.get(member) for member in fact.members}
    assert frozenset() == fact.gone & set(given.content)

"""The seeded APIs, held against the samples that they are for."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.normal import rest_request, rest_response
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID, sow

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def seeded() -> ControlPlane:
    """A freshly seeded plane."""
    plane = InMemoryCloud().plane()
    sow(plane)
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
    resources = yaml.safe_load(file.read_text(encoding="utf-8"))["spec"]["resources"]
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

"""Resources of Terraform that hold exported responses."""

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.takeover.responses import taken_responses
from reconciler.engine.takeover.state import read_state
from reconciler.engine.takeover.terraform import TerraformTakeover, terraform_takeover
from support.takeovers import REST, WEBSOCKET, exported, resource, response, state


def takeover(file: InputFile | None) -> TerraformTakeover:
    """What a state holds of the two APIs."""
    return terraform_takeover(taken_responses(exported()), None if file is None else read_state(file))


def test_resources_are_found_by_what_they_hold() -> None:
    """Of both kinds of API; the others are reported as unmanaged."""
    key = {"api_id": "chat000001", "integration_id": "int0", "integration_response_key": "$default"}
    result = takeover(state(response(f"{REST}.gone"), resource(f"{WEBSOCKET}.all", WEBSOCKET, **key)))

    assert ([(f"{REST}.gone", ["pets: GET /pets 404"]), (f"{WEBSOCKET}.all", ["chat: send $default"])]) == [
        (each.address, [found.address for found in each.responses]) for each in result.resources
    ]
    assert ["pets: GET /pets 200", "pets: PUT /pets/{petId} 200"] == [each.address for each in result.unmanaged]


def test_instances_of_one_resource_belong_together() -> None:
    """Those of other APIs are named: a `removed` block would release them, too."""
    name = f"{REST}.each"
    result = takeover(state(*(response(f'{name}["{status}"]', status) for status in ("200", "404", "500"))))

    (found,) = result.resources
    assert (name, 2, (f'{name}["500"]',)) == (found.address, len(found.responses), found.others)


def test_an_api_that_is_imported_is_named() -> None:
    """Each import replaces its responses."""
    apis = (
        resource("aws_api_gateway_rest_api.a", "aws_api_gateway_rest_api", id="rest000001", body="{}"),
        resource("aws_api_gateway_rest_api.b", "aws_api_gateway_rest_api", id="other00001", body="{}"),
        resource("aws_api_gateway_rest_api.c", "aws_api_gateway_rest_api", id="rest000001", body=""),
    )

    assert ("aws_api_gateway_rest_api.a",) == takeover(state(*apis)).imported


def test_nothing_is_known_without_a_state() -> None:
    """All responses are listed."""
    result = takeover(None)

    assert (False, 4, ()) == (result.has_state, len(result.unmanaged), result.resources)

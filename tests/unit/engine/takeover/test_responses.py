"""The responses of an export."""

from reconciler.engine.takeover.responses import taken_responses
from support.takeovers import PUT, exported


def test_each_has_the_id_by_which_terraform_imports_it() -> None:
    """Of REST with verb and status, of WebSocket with the id of the response."""
    assert {
        "pets: GET /pets 200": "rest000001/res0/GET/200",
        "pets: GET /pets 404": "rest000001/res0/GET/404",
        "pets: PUT /pets/{petId} 200": "rest000001/res1/PUT/200",
        "chat: send $default": "chat000001/int0/r0",
    } == {response.address: response.import_id for response in taken_responses(exported())}


def test_what_was_left_out_stays_with_the_other_tool() -> None:
    """No manifest declares it."""
    assert "pets: PUT /pets/{petId} 200" not in {each.address for each in taken_responses(exported(PUT))}

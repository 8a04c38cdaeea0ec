"""Reading Terraform's state."""

import json

import pytest

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.takeover.state import read_state
from reconciler.errors import ReconcilerError
from support.takeovers import REST, resource, response, state


def test_modules_are_searched() -> None:
    """Addresses lose the keys of instances, whatever the keys are."""
    inner = {"resources": [response(f'module.a["x].y\\""].module.b[3].{REST}.c["k"]')]}
    found = read_state(state(response(f"{REST}.top"), modules=({"child_modules": [inner]},)))

    assert {f"{REST}.top", f"module.a.module.b.{REST}.c"} == {each.address for each in found}


def test_a_plan_has_the_state_before_it() -> None:
    """`prior_state`, not what it plans."""
    document = {"prior_state": json.loads(state(response(f"{REST}.a")).content), "planned_values": {}}

    assert [f"{REST}.a"] == [each.address for each in read_state(InputFile("plan", json.dumps(document).encode()))]


def test_data_sources_are_no_resources() -> None:
    """Nothing is made by them."""
    assert () == read_state(state({**response(f"data.{REST}.a"), "mode": "data"}))


def test_odd_members_are_passed_over() -> None:
    """Values that are no texts are none."""
    odd = {**resource(f"{REST}.a", REST), "values": {"rest_api_id": 7}}
    (found, plain) = read_state(state(odd, {**odd, "values": None}, modules=(7,)))  # type: ignore[arg-type]

    assert ("", {}) == (found.text("rest_api_id"), plain.values)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"values": {"root_module": []}}',
        b'{"prior_state": null}',
    ],
)
def test_what_is_no_state(content: bytes) -> None:
    """An error that says how to write one."""
    with pytest.raises(ReconcilerError) as failure:
        read_state(InputFile("x.json", content))

    assert ("x.json", "terraform show -json" in failure.value.remedy) == (failure.value.message[:6], True)


@pytest.mark.parametrize("address", ["a", "a.b\nresource {}", 'a["', "a.b.c", "module.a.b", 7])
def test_an_address_that_is_none(address: str) -> None:
    """It would be written into a configuration."""
    with pytest.raises(ReconcilerError, match="has a resource with the address"):
        read_state(state(resource(address, REST)))

"""`$context` is what is given, with maps for overrides; it goes from the request template to the response template."""

from types import MappingProxyType

import pytest

from reconciler.mapping.java.access import assign_index, assign_property, call_method
from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.values import HiddenMap, JavaList, JavaMap, JsonArray, Value, text
from reconciler.mapping.rendering import Overrides, TemplateInputs
from reconciler.mapping.variables.context import make_context, read_overrides


def follow(value: Value, *names: str) -> Value:
    """Return what is at the end of names."""
    for name in names:
        assert isinstance(value, JavaMap)
        value = value[name]
    return value


def member(value: Value, *names: str) -> JavaMap:
    """Return the map at the end of names."""
    found = follow(value, *names)
    assert isinstance(found, JavaMap)
    return found


def test_given_keys_are_read() -> None:
    """Texts, booleans, numbers and maps of the call are there."""
    given = {"requestId": "r-1", "isCanaryRequest": False, "authorizer": {"claims": {"sub": "me"}, "groups": ["a"]}}
    context = make_context(TemplateInputs(context=given), Budget())

    assert "r-1" == context["requestId"]
    assert context["isCanaryRequest"] is False
    assert "me" == follow(context, "authorizer", "claims", "sub")
    assert isinstance(follow(context, "authorizer", "groups"), JsonArray)
    assert context.get("other") is None


def test_override_maps_have_their_parts() -> None:
    """There are three maps for the request and one for the response (recorded answers)."""
    context = make_context(TemplateInputs(), Budget())

    assert ["path", "header", "querystring"] == list(member(context, "requestOverride"))
    assert ["header"] == list(member(context, "responseOverride"))


def test_identity_and_override_maps_print_as_nothing() -> None:
    """Their keys can be listed all the same (recorded answers)."""
    budget = Budget()
    context = make_context(TemplateInputs(context={"identity": {"sourceIp": "192.0.2.1"}}), budget)

    assert ["", "", ""] == [text(context[name], budget) for name in ("identity", "requestOverride", "responseOverride")]
    assert "[sourceIp]" == text(call_method(context["identity"], "keySet", [], budget), budget)


def test_overrides_are_set_by_dot_index_and_put() -> None:
    """All three ways of setting an override end in the same maps (recorded answers)."""
    budget = Budget()
    context = make_context(TemplateInputs(), budget)
    assign_property(context["responseOverride"], "status", 404, budget)
    headers = member(context, "responseOverride", "header")
    assign_property(headers, "X-A", "a", budget)
    assign_index(headers, "X-B", "b", budget)
    call_method(headers, "put", ["X-C", "c"], budget)

    assert Overrides(404, {"X-A": "a", "X-B": "b", "X-C": "c"}) == read_overrides(context, budget)
    assert [] == budget.unknown


def test_without_overrides_there_are_none() -> None:
    """A template that sets nothing overrides nothing."""
    budget = Budget()

    assert Overrides() == read_overrides(make_context(TemplateInputs(), budget), budget)
    assert [] == budget.unknown


def test_an_override_that_is_set_twice_is_unknown() -> None:
    """The guide says that AWS answers with a 5XX then; no recording shows it."""
    budget = Budget()
    context = make_context(TemplateInputs(), budget)
    for status in (404, 409):
        assign_property(context["responseOverride"], "status", status, budget)

    assert 409 == read_overrides(context, budget).status
    assert [True] == ["status is set twice" in why for why in budget.unknown]


@pytest.mark.parametrize("name", ["responseOverride", "header"])
def test_an_override_map_that_is_replaced_is_unknown(name: str) -> None:
    """No source says what happens when the map itself is set."""
    budget = Budget()
    context = make_context(TemplateInputs(), budget)
    if name == "header":
        assign_property(context["responseOverride"], "header", JavaMap(a="b"), budget)
        assert Overrides(None, {"a": "b"}) == read_overrides(context, budget)
    else:
        context["responseOverride"] = JavaMap(status=404)
        assert Overrides(404) == read_overrides(context, budget)

    assert [f"what API Gateway does when all of {name} in $context is replaced"] == budget.unknown


def test_an_override_map_that_is_no_map_overrides_nothing() -> None:
    """What is set there instead is unknown."""
    budget = Budget()
    context = make_context(TemplateInputs(), budget)
    context["responseOverride"] = "x"

    assert Overrides() == read_overrides(context, budget)
    assert 1 == len(budget.unknown)


def test_the_state_of_the_request_template_is_found_again() -> None:
    """Overrides and keys of its own carry over (recorded answers)."""
    state = {
        "requestOverride": {"path": {"body": "x"}},
        "responseOverride": {"status": 444, "header": {"foo": "bar"}, "custom": "kept"},
        "own": {"a": [1, {"b": 2}]},
    }
    budget = Budget()
    context = make_context(TemplateInputs(context={"own": "old", "requestId": "r"}, state=state), budget)

    assert "x" == follow(context, "requestOverride", "path", "body")
    assert "kept" == follow(context, "responseOverride", "custom")
    assert {"a": [1, {"b": 2}]} == context["own"]
    assert "r" == context["requestId"]
    assert Overrides(444, {"foo": "bar"}) == read_overrides(context, budget)
    assert [] == budget.unknown


def test_the_state_is_copied() -> None:
    """What a template changes does not change the state that it was given."""
    first = make_context(TemplateInputs(state={"own": {"a": 1}}), Budget())
    second = make_context(TemplateInputs(state={str(key): value for key, value in first.items()}), Budget())
    member(second, "own")["a"] = 2
    member(second, "requestOverride", "path")["p"] = "q"

    assert {"a": 1} == first["own"]
    assert {} == follow(first, "requestOverride", "path")


def test_copies_keep_javas_kinds_and_what_maps_share() -> None:
    """Lists stay lists, arrays arrays; a map that holds itself holds its copy."""
    loop = JavaMap()
    loop["self"] = loop
    state = {"list": JavaList([1]), "array": JsonArray([1]), "tuple": (1,), "loop": loop, "hidden": HiddenMap(a=1)}
    context = make_context(TemplateInputs(state=MappingProxyType(state)), Budget())

    kinds = {name: type(context[name]) for name in state}
    assert {"list": JavaList, "array": JsonArray, "tuple": JsonArray, "loop": JavaMap, "hidden": HiddenMap} == kinds
    copied = member(context, "loop")
    assert copied is copied["self"]
    assert copied is not loop


def test_values_of_other_kinds_are_texts() -> None:
    """A date of YAML, for example, is its text."""
    context = make_context(TemplateInputs(context={"x": {"when": 1 + 2j}}), Budget())

    assert "(1+2j)" == follow(context, "x", "when")
